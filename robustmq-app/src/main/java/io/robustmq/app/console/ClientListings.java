/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import static io.robustmq.app.console.Column.code;
import static io.robustmq.app.console.Column.name;
import static io.robustmq.app.console.Column.number;
import static io.robustmq.app.console.Column.text;
import static io.robustmq.app.console.Column.time;

import io.robustmq.app.access.AdminRole;
import io.robustmq.app.console.Column.Kind;
import io.robustmq.app.console.Listing.Detail;
import io.robustmq.app.console.Listing.Empty;
import io.robustmq.app.console.Listing.Part;
import java.util.List;

/** The pages about clients. Stateless. */
final class ClientListings {
    private ClientListings() {}

    static List<Listing> all() {
        return List.of(connections(), sessions(), subscriptions());
    }

    private static Listing connections() {
        Action close = Action.delete(
                "close",
                "Close",
                "The connection was closed.",
                AdminRole.OPERATOR,
                "/connections/{id}",
                "The client may connect again at once; the blacklist keeps it out.",
                Field.path("id"));
        return new Listing(
                "connections",
                "Connections",
                "Clients of every protocol that are connected now.",
                "/connections",
                "connections",
                AdminRole.VIEWER,
                List.of(
                        Field.filter("client", "Client is", "sensor-1"),
                        Field.filter("user", "User is", "ada"),
                        Field.filter("remote", "Address is", "192.0.2.1"),
                        Field.filter("protocol", "Protocol is", "mqtt")),
                List.of(
                        number("Id", "id"),
                        code("Client", "client"),
                        code("User", "user"),
                        text("Protocol", "protocol"),
                        text("Transport", "transport"),
                        code("From", "remote"),
                        time("Since", "opened"),
                        Column.of("In", "bytesIn", Kind.SIZE),
                        Column.of("Out", "bytesOut", Kind.SIZE)),
                List.of(),
                List.of(close),
                new Empty("Nobody is connected, or nobody matches. Connect with:", "mosquitto_sub -p 1883 -t '#' -v"),
                null);
    }

    private static Listing sessions() {
        Action delete = Action.delete(
                "delete",
                "Delete the session",
                "The session was deleted.",
                AdminRole.OPERATOR,
                "/sessions",
                "Its subscriptions and what waits for it are gone; a connected client is closed.",
                Field.query("clientId"));
        return new Listing(
                "sessions",
                "Sessions",
                "Sessions of MQTT that outlive their connection, and what waits for them.",
                "/sessions",
                "sessions",
                AdminRole.VIEWER,
                List.of(Field.filter("filter", "Client id contains", "sensor")),
                List.of(
                        name("Client", "clientId", "sessions", "clientId"),
                        Column.of("Connected", "connected", Kind.FLAG),
                        time("Since", "connectedAt"),
                        time("Left", "disconnectedAt"),
                        Column.of("Kept for", "expirySeconds", Kind.SECONDS),
                        number("Subscriptions", "subscriptions"),
                        number("In flight", "inFlight"),
                        number("Records behind", "recordsBehind"),
                        number("Dropped", "dropped.count")),
                List.of(),
                List.of(),
                new Empty(
                        "No session is kept, or none matches. One is kept with:",
                        "mosquitto_sub -p 1883 -c -i hall -q 1 -t 'sensors/#'"),
                session(delete));
    }

    private static Detail session(Action delete) {
        return new Detail(
                "/sessions",
                List.of("clientId"),
                true,
                "",
                List.of(
                        Column.of("Connected", "connected", Kind.FLAG),
                        time("Created", "created"),
                        time("Connected at", "connectedAt"),
                        time("Disconnected at", "disconnectedAt"),
                        Column.of("Kept for", "expirySeconds", Kind.SECONDS),
                        time("Will is due", "willAt"),
                        number("Records behind", "recordsBehind"),
                        number("Dropped", "dropped.count"),
                        number("Epoch", "epoch")),
                List.of(
                        new Part(
                                "Subscriptions",
                                "subscriptions",
                                List.of(
                                        code("Filter", "filter"),
                                        number("QoS", "qos"),
                                        Column.of("No local", "noLocal", Kind.FLAG),
                                        number("Retain handling", "retainHandling"),
                                        number("Id", "subscriptionId"),
                                        time("Since", "since")),
                                "It has subscribed to nothing."),
                        new Part(
                                "In flight",
                                "inFlight",
                                List.of(
                                        number("Packet", "packetId"),
                                        text("Waits for", "waitsFor"),
                                        code("Shard", "shard"),
                                        number("Offset", "offset")),
                                "Nothing is under way."),
                        new Part(
                                "Positions",
                                "positions",
                                List.of(code("Shard", "shard"), number("Offset", "offset")),
                                "It reads no shard.")),
                List.of(delete),
                false);
    }

    private static Listing subscriptions() {
        return new Listing(
                "subscriptions",
                "Subscriptions",
                "What clients of MQTT have subscribed to.",
                "/subscriptions",
                "subscriptions",
                AdminRole.VIEWER,
                List.of(
                        Field.filter("clientId", "Client is", "hall"),
                        Field.filter("filter", "Filter begins with", "sensors/")),
                List.of(
                        code("Client", "clientId"),
                        code("Filter", "filter"),
                        number("QoS", "qos"),
                        Column.of("Outlives the connection", "durable", Kind.FLAG),
                        time("Since", "since")),
                List.of(),
                List.of(),
                new Empty(
                        "Nobody has subscribed, or nothing matches. Subscribe with:",
                        "mosquitto_sub -p 1883 -t '#' -v"),
                null);
    }
}
