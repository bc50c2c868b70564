/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl users}. Confined to the main thread. */
@Command(
        name = "users",
        description = "Devices and programs that log in to send and receive messages.",
        mixinStandardHelpOptions = true,
        subcommands = {UsersCommand.Add.class, UsersCommand.Passwd.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class UsersCommand extends CommandGroup {
    private static final String PATH = "/users";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose users (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists users by name.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME", "SUPERUSER", "HASH", "SCRAM", "CHANGED");
        for (JsonNode user : page.path("users")) {
            table.row(
                    user.path("name").asString("-"),
                    user.path("superuser").asBoolean(false) ? "yes" : "no",
                    user.path("hash").asString("-"),
                    user.path("scram").asBoolean(false) ? "yes" : "no",
                    user.path("changed").asString("-"));
        }
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows a user.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "NAME") String name) {
        JsonNode user = ctl.client().get(PATH + "/" + AdminClient.encode(name), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(user);
            return;
        }
        Table fields = new Table("USER", Texts.field(user, "name"));
        for (String field : new String[] {"superuser", "hash", "scram", "changed"}) {
            fields.row(field, Texts.field(user, field));
        }
        fields.print(ctl.out());
    }

    @Command(
            name = "delete",
            description = "Deletes a user; its connections are closed.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(name), AdminClient.query("tenant", tenant));
        done(name, "Deleted user " + name + ".");
    }

    @Command(
            name = "import",
            description = "Adds the users of Mosquitto's password file, with their hashes.",
            mixinStandardHelpOptions = true)
    void importFile(@Parameters(paramLabel = "FILE") String file) {
        new Import(ctl).send(MosquittoFiles.users(Import.lines(file)), PATH, tenant, "users");
    }

    private void done(String name, String sentence) {
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("name", name));
        } else {
            ctl.out().println(sentence);
        }
    }

    /** Where a password comes from: never from the command line, which everybody on the machine can read. */
    static final class NewPassword {
        @Option(names = "--new-password-file", paramLabel = "FILE", description = "its first line is the password")
        private @Nullable String file;

        @Option(names = "--new-password-stdin", description = "the first line of the input is the password")
        private boolean stdin;
    }

    private static String password(@Nullable NewPassword from, String name) {
        if (from == null) {
            return Credentials.ask("Password of " + name + ": ");
        }
        String file = from.file;
        if (file != null) {
            return Credentials.read(file);
        }
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (line == null || line.isEmpty()) {
                throw new CtlException(ExitCode.USAGE, "the input is empty: its first line is the password");
            }
            return line;
        } catch (IOException e) {
            throw new CtlException(ExitCode.USAGE, "the input cannot be read: " + e.getMessage());
        }
    }

    /** {@code ctl users add}. Confined to the main thread. */
    @Command(
            name = "add",
            description = "Adds a user. Without an option that says its password, the password is asked for.",
            mixinStandardHelpOptions = true)
    static final class Add implements Runnable {
        @ParentCommand
        private UsersCommand users;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Option(names = "--superuser", description = "may do everything, whatever rules say")
        private boolean superuser;

        @ArgGroup
        private @Nullable NewPassword from;

        @Override
        public void run() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            body.put("password", password(from, name));
            body.put("superuser", superuser);
            users.ctl.client().post(PATH, AdminClient.query("tenant", users.tenant), body);
            users.done(
                    name,
                    superuser
                            ? "Added superuser " + name + "."
                            : "Added user " + name + ". What it may do, ctl acls add says.");
        }
    }

    /** {@code ctl users passwd}. Confined to the main thread. */
    @Command(
            name = "passwd",
            description = "Gives a user another password; its connections are closed.",
            mixinStandardHelpOptions = true)
    static final class Passwd implements Runnable {
        @ParentCommand
        private UsersCommand users;

        @Parameters(paramLabel = "NAME")
        private String name;

        @ArgGroup
        private @Nullable NewPassword from;

        @Override
        public void run() {
            users.ctl
                    .client()
                    .patch(
                            PATH + "/" + AdminClient.encode(name),
                            AdminClient.query("tenant", users.tenant),
                            Map.of("password", password(from, name)));
            users.done(name, "Changed the password of " + name + ".");
        }
    }
}
