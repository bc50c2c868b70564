/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl admins}. Confined to the main thread. */
@Command(
        name = "admins",
        description = "Accounts of this API: not those of devices and programs that send messages.",
        mixinStandardHelpOptions = true)
final class AdminsCommand extends CommandGroup {
    private static final String PATH = "/admins";

    @Command(name = "list", description = "Lists accounts by name.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME", "ROLE", "CREATED");
        for (JsonNode each : page.path("admins")) {
            table.row(
                    each.path("name").asString(""),
                    each.path("role").asString(""),
                    each.path("created").asString(""));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "add",
            description = "Adds an account. Without a password file, a password is generated and printed once.",
            mixinStandardHelpOptions = true)
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--role",
                            paramLabel = "viewer|operator|admin",
                            required = true,
                            description = "what it may do")
                    String role,
            @Option(names = "--new-password-file", paramLabel = "FILE", description = "file with its password")
                    @Nullable
                    String file) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("role", role);
        if (file != null) {
            body.put("password", Credentials.read(file));
        }
        JsonNode added = ctl.client().post(PATH, Map.of(), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(added);
            return;
        }
        ctl.out().println("Added account " + name + ".");
        if (added.has("password")) {
            ctl.out()
                    .println("Its password, which is told once: "
                            + added.path("password").asString(""));
        }
    }

    @Command(name = "password", description = "Gives an account another password.", mixinStandardHelpOptions = true)
    void password(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--new-password-file",
                            paramLabel = "FILE",
                            description = "file with the password; left out, it is asked for")
                    @Nullable
                    String file) {
        String password = file == null ? Credentials.ask("New password of " + name + ": ") : Credentials.read(file);
        change(name, Map.of("password", password));
        done(name, "Changed the password of " + name + ".");
    }

    @Command(name = "role", description = "Gives an account another role.", mixinStandardHelpOptions = true)
    void role(
            @Parameters(paramLabel = "NAME") String name,
            @Parameters(paramLabel = "viewer|operator|admin") String role) {
        change(name, Map.of("role", role));
        done(name, "Account " + name + " has the role " + role + ".");
    }

    @Command(name = "delete", description = "Deletes an account.", mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(name), Map.of());
        done(name, "Deleted account " + name + ".");
    }

    private void change(String name, Map<String, String> what) {
        ctl.client().patch(PATH + "/" + AdminClient.encode(name), Map.of(), what);
    }

    private void done(String name, String sentence) {
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("name", name));
        } else {
            ctl.out().println(sentence);
        }
    }
}
