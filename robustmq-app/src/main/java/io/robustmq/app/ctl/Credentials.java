/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.app.tls.ClientTls;
import java.io.Console;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ctl} logs in with: what the command line says, else the environment, else the profile. Immutable.
 *
 * @param server null when nothing says
 * @param authorization the header of each request, null for none
 */
record Credentials(@Nullable String server, @Nullable String authorization) {
    static final String TOKEN_VARIABLE = "ROBUSTMQ_TOKEN";
    static final String PROFILE_VARIABLE = "ROBUSTMQ_PROFILE";
    static final String FILE_VARIABLE = "ROBUSTMQ_CTL_FILE";
    private static final String DEFAULT_PROFILE = "default";

    @Override
    public String toString() {
        return "Credentials[" + server + "]";
    }

    /** What was said on the command line; null for what was not. */
    record Options(
            @Nullable String server,
            @Nullable String user,
            @Nullable String passwordFile,
            @Nullable String token,
            @Nullable String profile) {
        @Override
        public String toString() {
            return "Options[" + server + ", " + user + ", " + profile + "]";
        }
    }

    static Credentials of(Options options, Map<String, String> environment) {
        Profile profile = profile(options, environment);
        String server = options.server() != null ? options.server() : profile.get("server");
        String token = options.token();
        if (token == null && options.user() == null) {
            token = environment.get(TOKEN_VARIABLE);
        }
        if (options.user() != null) {
            String file = options.passwordFile() != null ? options.passwordFile() : null;
            return basic(server, options.user(), file);
        }
        if (token != null && !token.isBlank()) {
            return bearer(server, token);
        }
        String tokenFile = profile.get("token-file");
        token = tokenFile != null ? read(tokenFile) : profile.get("token");
        if (token != null) {
            return bearer(server, token);
        }
        String user = profile.get("user");
        return user == null ? new Credentials(server, null) : basic(server, user, profile.get("password-file"));
    }

    /** What the profile says about TLS. */
    static ClientTls tls(Options options, Map<String, String> environment) {
        Profile profile = profile(options, environment);
        return new ClientTls(profile.path("ca-file"), profile.path("cert"), profile.path("key"), false);
    }

    private static Credentials bearer(@Nullable String server, String token) {
        return new Credentials(server, "Bearer " + token.strip());
    }

    private static Credentials basic(@Nullable String server, String user, @Nullable String passwordFile) {
        String password = passwordFile == null ? ask("Password of " + user + ": ") : read(passwordFile);
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return new Credentials(server, "Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** The first line of a file; fails as a wrong command line. */
    static String read(String file) {
        try {
            String line = Files.readString(Path.of(file)).lines().findFirst().orElse("");
            if (line.isBlank()) {
                throw new CtlException(ExitCode.USAGE, file + " is empty");
            }
            return line.strip();
        } catch (IOException e) {
            throw new CtlException(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
        }
    }

    /** Asks the person; fails as a wrong command line when there is none. */
    static String ask(String prompt) {
        Console console = System.console();
        char[] typed = console == null ? null : console.readPassword("%s", prompt);
        if (typed == null || typed.length == 0) {
            throw new CtlException(
                    ExitCode.USAGE, "there is nobody to ask for the password: name a file that holds it");
        }
        return new String(typed);
    }

    private static Profile profile(Options options, Map<String, String> environment) {
        String named = options.profile() != null ? options.profile() : environment.get(PROFILE_VARIABLE);
        String name = named == null || named.isBlank() ? DEFAULT_PROFILE : named;
        String other = environment.get(FILE_VARIABLE);
        Path file = other != null && !other.isBlank()
                ? Path.of(other)
                : Path.of(System.getProperty("user.home", "."), ".robustmq", "ctl.properties");
        Properties all = new Properties();
        if (Files.isRegularFile(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                all.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new CtlException(ExitCode.USAGE, file + " cannot be read: " + e.getMessage());
            }
        }
        boolean known = all.stringPropertyNames().stream().anyMatch(key -> key.startsWith(name + "."));
        if (!known && !name.equals(DEFAULT_PROFILE)) {
            throw new CtlException(ExitCode.USAGE, "there is no profile " + name + " in " + file);
        }
        return new Profile(name, all);
    }

    private record Profile(String name, Properties all) {
        @Nullable
        Path path(String key) {
            String value = get(key);
            return value == null ? null : Path.of(value);
        }

        @Nullable
        String get(String key) {
            String value = all.getProperty(name + "." + key);
            return value == null || value.isBlank() ? null : value.strip();
        }
    }
}
