/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ctl alarms}. Confined to the main thread. */
@Command(name = "alarms", description = "What is wrong with the nodes.", mixinStandardHelpOptions = true)
final class AlarmsCommand extends CommandGroup {
    @Command(
            name = "list",
            description = "Lists alarms that are on, or those that are over.",
            mixinStandardHelpOptions = true)
    void list(
            @Mixin Paging paging,
            @Option(names = "--node", paramLabel = "ID", description = "only those of a node (default: of all)")
                    @Nullable
                    Integer node,
            @Option(names = "--severity", paramLabel = "critical|warning", description = "only those") @Nullable
                    String severity,
            @Option(names = "--cleared", description = "those that are over instead, the last one first")
                    boolean cleared) {
        JsonNode page = paging.get(
                ctl,
                "/alarms",
                AdminClient.query("severity", severity, "cleared", cleared ? true : null, "node", node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = cleared
                ? new Table("ALARM", "SEVERITY", "NODE", "SINCE", "CLEARED", "MESSAGE")
                : new Table("ALARM", "SEVERITY", "NODE", "SINCE", "MESSAGE");
        for (JsonNode alarm : page.path("alarms")) {
            String id = alarm.path("id").asString("");
            String kind = alarm.path("severity").asString("");
            String which = alarm.path("node").asString("");
            String since = alarm.path("since").asString("");
            String message = alarm.path("message").asString("");
            if (cleared) {
                table.row(id, kind, which, since, alarm.path("cleared").asString("-"), message);
            } else {
                table.row(id, kind, which, since, message);
            }
        }
        table.print(ctl.out());
    }
}
