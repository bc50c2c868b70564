/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.app.config.ConfigCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl config}. Confined to the main thread. */
@Command(
        name = "config",
        description = "The configuration in effect, and keys that change while nodes run.",
        mixinStandardHelpOptions = true)
final class ConfigCommand extends CommandGroup {
    private static final String PATH = "/config";

    @Command(
            name = "show",
            description = "Shows keys of a node, their values and sources.",
            mixinStandardHelpOptions = true)
    void show(
            @Option(names = "--dynamic", description = "only keys that may change while nodes run") boolean dynamic,
            @Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("onlyDynamic", dynamic ? "true" : null));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("KEY", "VALUE", "SOURCE");
        for (JsonNode each : page.path("config")) {
            table.row(
                    each.path("key").asString(""),
                    each.path("value").asString("unset"),
                    each.path("source").asString(""));
        }
        table.print(ctl.out());
    }

    @Command(name = "set", description = "Sets a key for the whole cluster, now.", mixinStandardHelpOptions = true)
    void set(@Parameters(paramLabel = "KEY") String key, @Parameters(paramLabel = "VALUE") String value) {
        JsonNode row = ctl.client().post(PATH + "/" + AdminClient.encode(key), Map.of(), Map.of("value", value));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(row);
        } else {
            ctl.out().println("Set " + key + " to " + value + " for the whole cluster.");
        }
    }

    @Command(
            name = "unset",
            description = "Gives a key back to each node's own configuration.",
            mixinStandardHelpOptions = true)
    void unset(@Parameters(paramLabel = "KEY") String key) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(key), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("unset", key));
        } else {
            ctl.out().println("Unset " + key + ".");
        }
    }

    @Command(
            name = "check",
            description = "Reads a file as a node would that starts with it, and says what is wrong.",
            mixinStandardHelpOptions = true)
    int check(@Parameters(paramLabel = "FILE") Path file) {
        if (!Files.isReadable(file)) {
            throw new CtlException(ExitCode.USAGE, file + " cannot be read");
        }
        List<String> problems = ConfigCheck.problems(file);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("file", file.toString(), "problems", problems));
        } else if (problems.isEmpty()) {
            ctl.out().println(file + " is right.");
        } else {
            problems.forEach(problem -> ctl.err().println(file + ": " + problem));
        }
        return problems.isEmpty() ? 0 : ExitCode.REFUSED;
    }
}
