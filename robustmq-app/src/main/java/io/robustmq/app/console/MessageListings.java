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
import io.robustmq.app.console.Field.Type;
import io.robustmq.app.console.Listing.Detail;
import io.robustmq.app.console.Listing.Empty;
import io.robustmq.app.console.Listing.Part;
import java.util.List;
import org.springframework.http.HttpMethod;

/** The pages about messages and where they are. Stateless. */
final class MessageListings {
    private static final List<Field> BY_NAME = List.of(Field.filter("filter", "Name contains", "orders"));

    private MessageListings() {}

    static List<Listing> all() {
        return List.of(topics(), shards(), groups(), shared(), retained(), delayed());
    }

    private static Listing topics() {
        Action create = Action.add(
                "create",
                "Create a topic",
                "The topic was created.",
                AdminRole.OPERATOR,
                HttpMethod.POST,
                "/topics",
                Field.needed("name", "Name", "orders"),
                Field.of("partitions", "Partitions", Type.NUMBER, "1"),
                Field.of("bindings", "Subjects", Type.LIST, "orders/# - empty for its own name"),
                Field.choice("engine", "Engine", "", "memory", "rocksdb", "file"),
                Field.of("config", "Settings", Type.PAIRS, "retention.ms=86400000"));
        return new Listing(
                "topics",
                "Topics",
                "Named logs that keep messages. A subject without a topic is delivered and not kept.",
                "/topics",
                "topics",
                AdminRole.VIEWER,
                BY_NAME,
                List.of(
                        name("Topic", "name", "topics", "name"),
                        number("Partitions", "partitions"),
                        text("Engine", "engine"),
                        text("Durability", "durability"),
                        code("Subjects", "bindings"),
                        time("Created", "created")),
                List.of(create),
                List.of(),
                new Empty(
                        "No topic yet. Create one, or let a client of Kafka do it; then publish to it:",
                        "mosquitto_pub -p 1883 -t orders -m hello"),
                topic());
    }

    private static Detail topic() {
        return new Detail(
                "/topics/{name}",
                List.of("name"),
                false,
                "",
                List.of(
                        number("Partitions", "partitions"),
                        code("Subjects", "bindings"),
                        text("Engine", "engine"),
                        text("Durability", "durability"),
                        Column.of("Lost with a restart", "volatile", Kind.FLAG),
                        code("Id", "id"),
                        time("Created", "created")),
                List.of(
                        new Part(
                                "Shards",
                                "shards",
                                List.of(
                                        number("Partition", "partition"),
                                        Column.of("State", "state", Kind.STATE),
                                        number("Owner", "owner"),
                                        number("First offset", "startOffset"),
                                        number("End offset", "endOffset"),
                                        Column.of("Size", "bytes", Kind.SIZE),
                                        number("Segments", "segments"),
                                        text("Disk", "disk"),
                                        text("Problem", "problem")),
                                "No shards."),
                        new Part(
                                "Settings",
                                "config",
                                List.of(code("Setting", "key"), code("Value", "value")),
                                "Every setting has its default.")),
                List.of(publish(), alter(), deleteRecords(), deleteTopic()),
                true);
    }

    private static Action publish() {
        return Action.add(
                "publish",
                "Publish a message",
                "The message was published.",
                AdminRole.OPERATOR,
                HttpMethod.POST,
                "/topics/{name}/records",
                Field.path("name"),
                Field.optional("subject", "Subject", "empty for the topic's own"),
                Field.optional("key", "Key", "customer-7"),
                Field.of("value", "Payload", Type.LONG_TEXT, "hello").must());
    }

    private static Action alter() {
        return Action.add(
                "alter",
                "Change settings",
                "The settings were changed.",
                AdminRole.OPERATOR,
                HttpMethod.PATCH,
                "/topics/{name}",
                Field.path("name"),
                Field.of("partitions", "Partitions", Type.NUMBER, "more than now"),
                Field.of("config", "Settings", Type.PAIRS, "retention.ms=86400000 - nothing after = for the default"));
    }

    private static Action deleteRecords() {
        return new Action(
                "delete-records",
                "Delete records",
                "The records were deleted.",
                AdminRole.OPERATOR,
                HttpMethod.POST,
                "/topics/{name}/delete-records",
                List.of(
                        Field.path("name"),
                        Field.of("partition", "Partition", Type.NUMBER, "0").must(),
                        Field.of("before", "Below offset", Type.NUMBER, "-1 for all")
                                .must()),
                "The records of the partition below the offset are gone for every reader.");
    }

    private static Action deleteTopic() {
        return Action.delete(
                "delete",
                "Delete the topic",
                "The topic was deleted.",
                AdminRole.OPERATOR,
                "/topics/{name}",
                "The topic goes with all its records, and nothing brings them back.",
                Field.path("name"));
    }

    private static Listing shards() {
        return new Listing(
                "shards",
                "Shards",
                "The parts of every topic, internal ones too, and the disks that hold them.",
                "/shards",
                "shards",
                AdminRole.VIEWER,
                List.of(Field.filter("filter", "Name contains", "orders"), Field.filter("topic", "Topic is", "orders")),
                List.of(
                        code("Shard", "shard"),
                        Column.of("State", "state", Kind.STATE),
                        number("Owner", "owner"),
                        text("Engine", "engine"),
                        number("First offset", "startOffset"),
                        number("End offset", "endOffset"),
                        Column.of("Size", "bytes", Kind.SIZE),
                        text("Disk", "disk"),
                        text("Disk state", "diskState"),
                        text("Problem", "problem")),
                List.of(),
                List.of(),
                new Empty("No shard matches. Every topic has at least one:", "ctl topics create orders"),
                null);
    }

    private static Listing groups() {
        return new Listing(
                "groups",
                "Groups",
                "Groups of Kafka's consumers and how far behind they are.",
                "/groups",
                "groups",
                AdminRole.VIEWER,
                BY_NAME,
                List.of(
                        name("Group", "group", "groups", "name"),
                        text("Type", "type"),
                        Column.of("State", "state", Kind.STATE)),
                List.of(),
                List.of(),
                new Empty("No group of consumers yet. One begins with:", "kcat -b localhost:9092 -G readers orders"),
                group());
    }

    private static Detail group() {
        return new Detail(
                "/groups/{name}",
                List.of("name"),
                false,
                "",
                List.of(
                        number("Lag in all", "lag"),
                        Column.of("State", "state", Kind.STATE),
                        text("Type", "type"),
                        text("Assignor", "assignor")),
                List.of(
                        new Part(
                                "Positions",
                                "positions",
                                List.of(
                                        name("Topic", "topic", "topics", "name"),
                                        number("Partition", "partition"),
                                        number("Committed", "committed"),
                                        number("End offset", "highWatermark"),
                                        number("Lag", "lag"),
                                        code("Member", "member")),
                                "Nothing was committed yet."),
                        new Part(
                                "Members",
                                "members",
                                List.of(
                                        code("Member", "member"),
                                        code("Client", "client"),
                                        text("Host", "host"),
                                        code("Assigned", "assigned")),
                                "Nobody is in the group now.")),
                List.of(
                        new Action(
                                "reset",
                                "Move offsets",
                                "The offsets were moved.",
                                AdminRole.OPERATOR,
                                HttpMethod.POST,
                                "/groups/{name}/reset",
                                List.of(
                                        Field.path("name"),
                                        Field.needed("to", "To", "earliest, latest, an offset, 2026-01-31T12:00:00Z"),
                                        Field.optional("topic", "Topic", "empty for all"),
                                        Field.of("partition", "Partition", Type.NUMBER, "empty for all")),
                                "Its consumers read again, or pass over, what lies between."),
                        Action.delete(
                                "delete",
                                "Delete the group",
                                "The group was deleted.",
                                AdminRole.OPERATOR,
                                "/groups/{name}",
                                "Its positions are forgotten; consumers begin as their configuration says.",
                                Field.path("name"))),
                false);
    }

    private static Listing shared() {
        return new Listing(
                "shared",
                "Shared groups",
                "Subscriptions of MQTT whose members share the messages, on this node.",
                "/shared",
                "groups",
                AdminRole.VIEWER,
                BY_NAME,
                List.of(
                        name("Group", "name", "shared", "name"),
                        code("Filter", "filter"),
                        text("Strategy", "strategy"),
                        number("Members", "members"),
                        number("Online", "online"),
                        number("Waiting", "waiting"),
                        number("Under way", "underWay"),
                        number("Delivered", "delivered"),
                        number("Dropped", "dropped")),
                List.of(),
                List.of(),
                new Empty(
                        "No shared subscription on this node. One begins with:",
                        "mosquitto_sub -p 1883 -t '$share/workers/orders/#'"),
                new Detail(
                        "/shared/{name}",
                        List.of("name"),
                        false,
                        "groups",
                        List.of(
                                code("Filter", "filter"),
                                text("Strategy", "strategy"),
                                number("Waiting", "waiting"),
                                number("Under way", "underWay"),
                                number("Delivered", "delivered"),
                                number("Redelivered", "redelivered"),
                                number("Dropped", "dropped"),
                                Column.of("Kept for members that are away", "kept", Kind.FLAG)),
                        List.of(new Part(
                                "Members",
                                "members",
                                List.of(
                                        code("Client", "client"),
                                        Column.of("Online", "online", Kind.FLAG),
                                        number("Credit", "credit"),
                                        number("Under way", "underWay")),
                                "Nobody is in the group now.")),
                        List.of(),
                        false));
    }

    private static Listing retained() {
        Action delete = Action.delete(
                "delete",
                "Delete the message",
                "The retained message was deleted.",
                AdminRole.OPERATOR,
                "/retained",
                "New subscribers do not get it any more.",
                Field.query("subject"));
        return new Listing(
                "retained",
                "Retained messages",
                "The last message of a subject, for those who subscribe later.",
                "/retained",
                "retained",
                AdminRole.VIEWER,
                List.of(Field.filter("filter", "Filter of MQTT", "sensors/#")),
                List.of(
                        name("Subject", "subject", "retained", "subject"),
                        Column.of("Size", "bytes", Kind.SIZE),
                        number("QoS", "qos"),
                        text("Protocol", "protocol"),
                        time("Published", "published"),
                        time("Expires", "expires")),
                List.of(),
                List.of(),
                new Empty(
                        "No retained message matches. One is kept with:",
                        "mosquitto_pub -p 1883 -r -t sensors/hall -m 21.5"),
                new Detail(
                        "/retained",
                        List.of("subject"),
                        true,
                        "",
                        List.of(
                                number("QoS", "qos"),
                                text("Protocol", "protocol"),
                                time("Published", "published"),
                                time("Expires", "expires"),
                                Column.of("Size", "bytes", Kind.SIZE),
                                code("Payload", "payload"),
                                text("Encoding", "payloadEncoding")),
                        List.of(),
                        List.of(delete),
                        false));
    }

    private static Listing delayed() {
        return new Listing(
                "delayed",
                "Delayed messages",
                "Messages that wait for their time.",
                "/delayed",
                "delayed",
                AdminRole.VIEWER,
                List.of(
                        Field.filter("filter", "Filter of MQTT", "alarms/#"),
                        Field.filter("client", "Client is", "clock-1")),
                List.of(
                        name("Message", "id", "delayed", "id"),
                        code("Subject", "subject"),
                        time("Due", "due"),
                        time("Accepted", "accepted"),
                        code("Client", "client"),
                        Column.of("Size", "payloadBytes", Kind.SIZE)),
                List.of(),
                List.of(),
                new Empty(
                        "No message waits. One waits for a minute with:",
                        "mosquitto_pub -p 1883 -t '$delayed/60/alarms/kitchen' -m ring"),
                new Detail(
                        "/delayed/{id}",
                        List.of("id"),
                        false,
                        "",
                        List.of(
                                code("Subject", "subject"),
                                time("Due", "due"),
                                time("Accepted", "accepted"),
                                time("Expires", "expires"),
                                code("Client", "client"),
                                code("User", "user"),
                                number("QoS", "qos"),
                                Column.of("Retain", "retain", Kind.FLAG),
                                Column.of("Size", "payloadBytes", Kind.SIZE),
                                code("Payload", "payload"),
                                text("Encoding", "payloadEncoding")),
                        List.of(),
                        List.of(Action.delete(
                                "delete",
                                "Cancel the message",
                                "The message was cancelled.",
                                AdminRole.OPERATOR,
                                "/delayed/{id}",
                                "It is never published.",
                                Field.path("id"))),
                        false));
    }
}
