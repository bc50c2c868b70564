/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl loggers}. Confined to the main thread. */
@Command(
        name = "loggers",
        description =
                "Levels of the loggers of one node; ctl config set logging.level.LOGGER is for the whole cluster, and stays.",
        mixinStandardHelpOptions = true)
final class LoggersCommand extends CommandGroup {
    private static final String PATH = "/loggers";

    @Command(
            name = "list",
            description = "Lists loggers that have a level of their own.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--filter", paramLabel = "TEXT", description = "only those whose name contains it")
                    @Nullable
                    String filter) {
        JsonNode answer = ctl.client().get(PATH, Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
            return;
        }
        Table table = new Table("LOGGER", "LEVEL");
        answer.path("loggers")
                .propertyStream()
                .filter(each -> filter == null || each.getKey().contains(filter))
                .filter(each -> each.getValue().hasNonNull("configuredLevel"))
                .forEach(each -> table.row(each.getKey(), Texts.field(each.getValue(), "configuredLevel")));
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows the level of a logger.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "LOGGER") String name) {
        JsonNode logger = ctl.client().get(PATH + "/" + AdminClient.encode(name), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(logger);
        } else {
            ctl.out().println(name + " is at " + Texts.field(logger, "effectiveLevel") + ".");
        }
    }

    @Command(
            name = "set",
            description = "Sets the level of a logger of this node until it ends.",
            mixinStandardHelpOptions = true)
    void set(
            @Parameters(paramLabel = "LOGGER") String name,
            @Parameters(paramLabel = "trace|debug|info|warn|error|off") String level) {
        ctl.client().post(PATH + "/" + AdminClient.encode(name), Map.of(), Map.of("configuredLevel", level));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("logger", name, "level", level));
        } else {
            ctl.out().println("Set " + name + " to " + level + ".");
        }
    }
}
