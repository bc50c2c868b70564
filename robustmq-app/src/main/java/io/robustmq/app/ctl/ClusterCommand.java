/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** {@code ctl cluster}. Confined to the main thread. */
@Command(name = "cluster", description = "Nodes and raft groups.", mixinStandardHelpOptions = true)
final class ClusterCommand extends CommandGroup {
    @Command(
            name = "status",
            description = "Shows nodes, roles, raft groups and what is volatile.",
            mixinStandardHelpOptions = true)
    void status() {
        JsonNode cluster = ctl.client().get("/cluster", Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(cluster);
            return;
        }
        ctl.out().println("Cluster   " + cluster.path("clusterName").asString(""));
        ctl.out().println("Version   " + cluster.path("version").asString(""));
        ctl.out().println("Volatile  " + Texts.joined(cluster.path("volatileEngines"), "nothing"));
        ctl.out().println();
        Table nodes = new Table("NODE", "STATE", "ROLES", "RPC", "LISTENERS");
        for (JsonNode node : cluster.path("nodes")) {
            nodes.row(
                    node.path("id").asString(""),
                    node.path("alive").asBoolean(false) ? "alive" : "gone",
                    Texts.joined(node.path("roles"), ""),
                    node.path("rpcAddress").asString(""),
                    Texts.pairs(node.path("listeners")));
        }
        nodes.print(ctl.out());
        ctl.out().println();
        Table groups = new Table("GROUP", "LEADER", "TERM", "COMMITTED", "APPLIED", "PEERS");
        for (JsonNode group : cluster.path("groups")) {
            groups.row(
                    group.path("name").asString(""),
                    group.path("leader").asString(""),
                    group.path("term").asString(""),
                    group.path("committedIndex").asString(""),
                    group.path("appliedIndex").asString(""),
                    Texts.joined(group.path("peers"), ""));
        }
        groups.print(ctl.out());
    }
}
