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
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl sessions}. Confined to the main thread. */
@Command(name = "sessions", description = "Sessions that outlive their connection.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class SessionsCommand extends CommandGroup {
    private static final String PATH = "/sessions";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists sessions by client id.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--node", paramLabel = "ID", description = "only those of a node (default: of all)")
                    @Nullable
                    Integer node,
            @Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant, "node", node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table =
                new Table("NODE", "CLIENT", "CONNECTED", "SUBSCRIPTIONS", "IN-FLIGHT", "BEHIND", "DROPPED", "EXPIRY");
        for (JsonNode session : page.path("sessions")) {
            table.row(
                    Texts.field(session, "node"),
                    Texts.field(session, "clientId"),
                    Texts.field(session, "connected"),
                    Texts.field(session, "subscriptions"),
                    Texts.field(session, "inFlight"),
                    Texts.field(session, "recordsBehind"),
                    Long.toString(dropped(session)),
                    session.path("expirySeconds").asString("never"));
        }
        table.print(ctl.out());
    }

    private static long dropped(JsonNode session) {
        JsonNode dropped = session.path("dropped");
        return dropped.path("count").asLong(0)
                + dropped.path("bytes").asLong(0)
                + dropped.path("age").asLong(0)
                + dropped.path("retention").asLong(0);
    }

    @Command(
            name = "show",
            description = "Shows a session with its subscriptions and what is in flight.",
            mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "CLIENT") String clientId) {
        JsonNode session = ctl.client().get(PATH, AdminClient.query("clientId", clientId, "tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(session);
            return;
        }
        Table fields = new Table("CLIENT", Texts.field(session, "clientId"));
        for (String field : new String[] {
            "node", "connected", "created", "connectedAt", "disconnectedAt", "willAt", "recordsBehind", "epoch"
        }) {
            fields.row(field, Texts.field(session, field));
        }
        fields.row("expirySeconds", session.path("expirySeconds").asString("never"));
        JsonNode dropped = session.path("dropped");
        for (String reason : new String[] {"count", "bytes", "age", "retention"}) {
            fields.row("dropped by " + reason, Texts.field(dropped, reason));
        }
        fields.print(ctl.out());
        ctl.out().println();
        Table subscriptions = new Table("FILTER", "QOS", "NO-LOCAL", "RETAIN-AS-PUBLISHED", "ID", "SINCE");
        for (JsonNode each : session.path("subscriptions")) {
            subscriptions.row(
                    Texts.field(each, "filter"),
                    Texts.field(each, "qos"),
                    Texts.field(each, "noLocal"),
                    Texts.field(each, "retainAsPublished"),
                    Texts.field(each, "subscriptionId"),
                    Texts.field(each, "since"));
        }
        subscriptions.print(ctl.out());
        ctl.out().println();
        Table inFlight = new Table("PACKET", "WAITS-FOR", "SHARD", "OFFSET");
        for (JsonNode each : session.path("inFlight")) {
            inFlight.row(
                    Texts.field(each, "packetId"),
                    Texts.field(each, "waitsFor"),
                    Texts.field(each, "shard"),
                    Texts.field(each, "offset"));
        }
        inFlight.print(ctl.out());
    }

    @Command(
            name = "delete",
            description = "Sends the client away, if it is connected, and forgets its session.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "CLIENT") String clientId) {
        ctl.client().delete(PATH, AdminClient.query("clientId", clientId, "tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", clientId));
        } else {
            ctl.out().println("Deleted the session of " + clientId + ".");
        }
    }
}
