/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl autosubscribe}. Confined to the main thread. */
@Command(
        name = "autosubscribe",
        description = "Subscriptions that MQTT clients get when they connect.",
        mixinStandardHelpOptions = true)
final class AutoSubscribeCommand extends CommandGroup {
    private static final String PATH = "/autosubscribe";

    @Command(name = "list", description = "Lists rules.", mixinStandardHelpOptions = true)
    void list() {
        JsonNode page = ctl.client().get(PATH, Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME", "FILTER", "QOS", "NO-LOCAL", "RETAIN-AS-PUBLISHED", "RETAIN-HANDLING");
        for (JsonNode rule : page.path("rules")) {
            table.row(
                    rule.path("name").asString("-"),
                    rule.path("filter").asString("-"),
                    rule.path("qos").asString("-"),
                    rule.path("noLocal").asString("-"),
                    rule.path("retainAsPublished").asString("-"),
                    rule.path("retainHandling").asString("-"));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "add",
            description = "Adds a rule for the whole cluster: it takes effect when a client connects.",
            mixinStandardHelpOptions = true)
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--filter", required = true, description = "with %%c, %%u, %%h, %%p") String filter,
            @Option(names = "--qos", description = "0, 1 or 2 (default ${DEFAULT-VALUE})", defaultValue = "0") int qos,
            @Option(names = "--no-local", description = "not what the client publishes itself") boolean noLocal,
            @Option(names = "--retain-as-published", description = "RETAIN as it was published")
                    boolean retainAsPublished,
            @Option(
                            names = "--retain-handling",
                            description = "0 or 1: retained messages first, 2: none (default ${DEFAULT-VALUE})",
                            defaultValue = "0")
                    int retainHandling) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("filter", filter);
        body.put("qos", qos);
        body.put("noLocal", noLocal);
        body.put("retainAsPublished", retainAsPublished);
        body.put("retainHandling", retainHandling);
        JsonNode added = ctl.client().post(PATH, Map.of(), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(added);
        } else {
            ctl.out().println("Added rule " + name + ".");
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a rule; subscriptions that it has made stay.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(name), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted rule " + name + ".");
        }
    }
}
