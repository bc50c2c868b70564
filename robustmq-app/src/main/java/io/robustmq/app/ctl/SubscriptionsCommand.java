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

/** {@code ctl subscriptions}. Confined to the main thread. */
@Command(name = "subscriptions", description = "What clients have subscribed to.", mixinStandardHelpOptions = true)
final class SubscriptionsCommand extends CommandGroup {
    @Command(name = "list", description = "Lists subscriptions by client id.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--client", paramLabel = "CLIENT", description = "only of this one") @Nullable
                    String clientId,
            @Option(names = "--tenant", description = "whose (default: the default tenant)") @Nullable String tenant,
            @Option(names = "--node", paramLabel = "ID", description = "only those of a node (default: of all)")
                    @Nullable
                    Integer node,
            @Mixin Paging paging) {
        JsonNode page = paging.get(
                ctl, "/subscriptions", AdminClient.query("clientId", clientId, "tenant", tenant, "node", node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NODE", "CLIENT", "FILTER", "QOS", "ID", "DURABLE", "SINCE");
        for (JsonNode each : page.path("subscriptions")) {
            table.row(
                    each.path("node").asString(""),
                    each.path("clientId").asString(""),
                    each.path("filter").asString(""),
                    each.path("qos").asString(""),
                    each.path("subscriptionId").asString("-"),
                    each.path("durable").asBoolean() ? "yes" : "no",
                    each.path("since").asString("-"));
        }
        table.print(ctl.out());
    }
}
