/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl shared}. Confined to the main thread. */
@Command(name = "shared", description = "Groups whose members share messages.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class SharedCommand extends CommandGroup {
    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists the groups of a node.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode answer = paging.get(ctl, "/shared", AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
            return;
        }
        Table table = new Table(
                "GROUP",
                "FILTER",
                "STRATEGY",
                "MEMBERS",
                "ONLINE",
                "WAITING",
                "UNDER-WAY",
                "DELIVERED",
                "REDELIVERED",
                "DROPPED",
                "KEPT",
                "BEHIND");
        for (JsonNode group : answer.path("groups")) {
            table.row(
                    group.path("name").asString(""),
                    group.path("filter").asString(""),
                    group.path("strategy").asString(""),
                    group.path("members").asString(""),
                    group.path("online").asString(""),
                    group.path("waiting").asString(""),
                    group.path("underWay").asString(""),
                    group.path("delivered").asString(""),
                    group.path("redelivered").asString(""),
                    group.path("dropped").asString(""),
                    group.path("kept").asString(""),
                    group.path("recordsBehind").asString("-"));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "show",
            description = "Shows a group's members, filter by filter, and how far it is in each shard.",
            mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "GROUP") String group) {
        JsonNode answer = ctl.client().get("/shared/" + AdminClient.encode(group), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
            return;
        }
        Table table = new Table("FILTER", "MEMBER", "ONLINE", "CREDIT", "UNDER-WAY");
        for (JsonNode each : answer.path("groups")) {
            for (JsonNode member : each.path("members")) {
                table.row(
                        each.path("filter").asString(""),
                        member.path("client").asString(""),
                        member.path("online").asString(""),
                        member.path("credit").asString(""),
                        member.path("underWay").asString(""));
            }
        }
        table.print(ctl.out());
        Table positions = new Table("FILTER", "SHARD", "OFFSET");
        boolean any = false;
        for (JsonNode each : answer.path("groups")) {
            for (JsonNode position : each.path("positions")) {
                any = true;
                positions.row(
                        each.path("filter").asString(""),
                        position.path("shard").asString(""),
                        position.path("offset").asString(""));
            }
        }
        if (any) {
            positions.print(ctl.out());
        }
    }
}
