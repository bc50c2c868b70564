/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl connections}. Confined to the main thread. */
@Command(name = "connections", description = "Open connections of all nodes.", mixinStandardHelpOptions = true)
final class ConnectionsCommand extends CommandGroup {
    @Command(name = "list", description = "Lists connections by id.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--protocol", description = "only those of a protocol, mqtt") @Nullable String protocol,
            @Option(names = "--listener", description = "only those of a listener, mqtt-tcp") @Nullable String listener,
            @Option(names = "--remote", description = "only those from an address") @Nullable String remote,
            @Option(names = "--client", description = "only that of a client id") @Nullable String client,
            @Option(names = "--user", description = "only those of a user name") @Nullable String user,
            @Option(names = "--node", paramLabel = "ID", description = "only those of a node (default: of all)")
                    @Nullable
                    Integer node,
            @Mixin Paging paging) {
        JsonNode page = paging.get(
                ctl,
                "/connections",
                AdminClient.query(
                        "protocol",
                        protocol,
                        "listener",
                        listener,
                        "remote",
                        remote,
                        "client",
                        client,
                        "user",
                        user,
                        "node",
                        node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        print(page);
    }

    private void print(JsonNode page) {
        Table table = new Table(
                "NODE", "ID", "CLIENT", "USER", "LISTENER", "REMOTE", "LOCAL", "OPENED", "BYTES-IN", "BYTES-OUT");
        for (JsonNode connection : page.path("connections")) {
            table.row(
                    connection.path("node").asString(""),
                    connection.path("id").asString(""),
                    connection.path("client").asString("-"),
                    connection.path("user").asString("-"),
                    connection.path("listener").asString(""),
                    connection.path("remote").asString(""),
                    connection.path("local").asString(""),
                    connection.path("opened").asString(""),
                    connection.path("bytesIn").asString(""),
                    connection.path("bytesOut").asString(""));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "kick",
            description = "Closes a connection; its client may come back.",
            mixinStandardHelpOptions = true)
    void kick(
            @Parameters(paramLabel = "ID", description = "as the list shows it") long id,
            @Option(names = "--reason", description = "what the log and, where possible, the client is told") @Nullable
                    String reason,
            @Option(names = "--node", paramLabel = "ID", description = "where it is, if several nodes have that id")
                    @Nullable
                    Integer node) {
        ctl.client().delete("/connections/" + id, AdminClient.query("reason", reason, "node", node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("kicked", id));
        } else {
            ctl.out().println("Kicked connection " + id + ".");
        }
    }
}
