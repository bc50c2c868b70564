/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl metrics}. Confined to the main thread. */
@Command(name = "metrics", description = "What a node counts and measures.", mixinStandardHelpOptions = true)
final class MetricsCommand extends CommandGroup {
    private static final String PATH = "/metrics";

    @Command(name = "list", description = "Lists the names of metrics.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--filter", paramLabel = "TEXT", description = "only those whose name contains it")
                    @Nullable
                    String filter) {
        List<String> names = ctl.client()
                .get(PATH, Map.of())
                .path("names")
                .valueStream()
                .map(each -> each.asString(""))
                .filter(each -> filter == null || each.contains(filter))
                .sorted()
                .toList();
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("names", names));
        } else {
            names.forEach(ctl.out()::println);
        }
    }

    @Command(name = "show", description = "Shows a metric as it is now.", mixinStandardHelpOptions = true)
    void show(
            @Parameters(paramLabel = "NAME", description = "like robustmq.net.connections") String name,
            @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "only what has this tag") @Nullable
                    String tag) {
        JsonNode metric = ctl.client()
                .get(
                        PATH + "/" + AdminClient.encode(name),
                        AdminClient.query("tag", tag == null ? null : tag.replaceFirst("=", ":")));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(metric);
            return;
        }
        Table values = new Table("STATISTIC", "VALUE");
        for (JsonNode each : metric.path("measurements")) {
            values.row(Texts.field(each, "statistic"), Texts.field(each, "value"));
        }
        values.print(ctl.out());
        if (!metric.path("availableTags").isEmpty()) {
            ctl.out().println();
            Table tags = new Table("TAG", "VALUES");
            for (JsonNode each : metric.path("availableTags")) {
                tags.row(Texts.field(each, "tag"), Texts.joined(each.path("values"), "-"));
            }
            tags.print(ctl.out());
        }
    }
}
