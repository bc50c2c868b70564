/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.robustmq.app.ctl.Credentials.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CredentialsTest {
    @TempDir
    Path directory;

    private Path password;
    private Path profiles;

    @BeforeEach
    void write() throws IOException {
        password = Files.writeString(directory.resolve("password"), "correct horse\n");
        profiles = Files.writeString(directory.resolve("ctl.properties"), """
                default.server=first:1
                default.token=of-the-default
                east.server=https://east:58080
                east.user=ada
                east.password-file=%s
                """.formatted(password));
    }

    private Credentials of(Options options, Map<String, String> environment) {
        java.util.HashMap<String, String> all = new java.util.HashMap<>(environment);
        all.put(Credentials.FILE_VARIABLE, profiles.toString());
        return Credentials.of(options, all);
    }

    private static Options options(
            @Nullable String user, @Nullable String file, @Nullable String token, @Nullable String profile) {
        return new Options(null, user, file, token, profile);
    }

    private static String basic(String pair) {
        return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theCommandLineWinsOverTheEnvironmentAndThatOverTheProfile() {
        Map<String, String> environment = Map.of(Credentials.TOKEN_VARIABLE, "of-the-environment");
        assertThat(of(options("bob", password.toString(), null, null), environment)
                        .authorization())
                .isEqualTo(basic("bob:correct horse"));
        assertThat(of(options(null, null, "said", null), environment).authorization())
                .isEqualTo("Bearer said");
        assertThat(of(options(null, null, null, null), environment).authorization())
                .isEqualTo("Bearer of-the-environment");
        assertThat(of(options(null, null, null, null), Map.of()))
                .isEqualTo(new Credentials("first:1", "Bearer of-the-default"));
        assertThat(of(options(null, null, null, "east"), Map.of()))
                .isEqualTo(new Credentials("https://east:58080", basic("ada:correct horse")));
        assertThat(of(options(null, null, null, null), Map.of(Credentials.PROFILE_VARIABLE, "east"))
                        .server())
                .isEqualTo("https://east:58080");
    }

    @Test
    void whatIsMissingIsAWrongCommandLine() {
        assertThatExceptionOfType(CtlException.class)
                .isThrownBy(() -> of(options(null, null, null, "west"), Map.of()))
                .withMessageContaining("there is no profile west")
                .satisfies(failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE));
        assertThatExceptionOfType(CtlException.class)
                .isThrownBy(() -> of(options("bob", directory.resolve("none").toString(), null, null), Map.of()))
                .withMessageContaining("cannot be read");
    }

    @Test
    void nothingThatIsPrintedHoldsASecret() {
        assertThat(new Options("s", "u", "f", "the-token", "p").toString()).doesNotContain("the-token");
        assertThat(new Credentials("s", "Bearer the-token").toString()).doesNotContain("the-token");
    }
}
