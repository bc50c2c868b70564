/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import static io.robustmq.app.console.Column.code;
import static io.robustmq.app.console.Column.number;
import static io.robustmq.app.console.Column.text;
import static io.robustmq.app.console.Column.time;

import io.robustmq.app.access.AdminRole;
import io.robustmq.app.console.Column.Kind;
import io.robustmq.app.console.Field.Place;
import io.robustmq.app.console.Field.Type;
import io.robustmq.app.console.Listing.Empty;
import java.util.List;
import org.springframework.http.HttpMethod;

/** The pages about the nodes themselves. Stateless. */
final class OperationListings {
    static final String AUDIT = "audit";

    private OperationListings() {}

    static List<Listing> all() {
        return List.of(alarms(), config(), audit());
    }

    private static Listing alarms() {
        return new Listing(
                "alarms",
                "Alarms",
                "What is wrong with this node and what to do about it. An alarm goes by itself when its cause is gone.",
                "/alarms",
                "alarms",
                AdminRole.VIEWER,
                List.of(
                        Field.filter("filter", "Contains", "disk"),
                        new Field(
                                "severity",
                                "Severity",
                                Type.CHOICE,
                                Place.QUERY,
                                false,
                                List.of("", "critical", "warning"),
                                ""),
                        new Field("cleared", "Those that are over", Type.FLAG, Place.QUERY, false, List.of(), "")),
                List.of(
                        Column.of("Severity", "severity", Kind.STATE),
                        code("Alarm", "id"),
                        text("Message", "message"),
                        text("Details", "details"),
                        number("Node", "node"),
                        time("Since", "since"),
                        time("Over", "cleared")),
                List.of(),
                List.of(),
                new Empty("Nothing is wrong, as far as this node can tell.", ""),
                null);
    }

    private static Listing config() {
        return new Listing(
                "config",
                "Configuration",
                "Every key in effect and where its value comes from. Those that may change while nodes run are marked.",
                "/config",
                "config",
                AdminRole.VIEWER,
                List.of(
                        Field.filter("filter", "Key contains", "mqtt"),
                        new Field("onlyDynamic", "Only what may change", Type.FLAG, Place.QUERY, false, List.of(), "")),
                List.of(
                        code("Key", "key"),
                        code("Value", "value"),
                        text("Source", "source"),
                        Column.of("May change", "dynamic", Kind.FLAG),
                        text("Set by", "by"),
                        time("Since", "since")),
                List.of(
                        Action.add(
                                "set",
                                "Set a key for the cluster",
                                "The key was set.",
                                AdminRole.ADMIN,
                                HttpMethod.POST,
                                "/config/{key}",
                                new Field(
                                        "key",
                                        "Key",
                                        Type.TEXT,
                                        Place.PATH,
                                        true,
                                        List.of(),
                                        "logging.level.io.robustmq.mqtt"),
                                Field.needed("value", "Value", "debug")),
                        Action.delete(
                                "unset",
                                "Take a key back",
                                "The key has its former value.",
                                AdminRole.ADMIN,
                                "/config/{key}",
                                "What each node is configured with is in effect again.",
                                new Field(
                                        "key",
                                        "Key",
                                        Type.TEXT,
                                        Place.PATH,
                                        true,
                                        List.of(),
                                        "logging.level.io.robustmq.mqtt"))),
                List.of(),
                new Empty("No key matches.", ""),
                null);
    }

    private static Listing audit() {
        return new Listing(
                AUDIT,
                "Audit log",
                "What was done through this node, the newest first.",
                "/audit",
                "audit",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Account or path contains", "users")),
                List.of(
                        time("When", "time"),
                        code("Who", "who"),
                        text("By", "way"),
                        code("From", "from"),
                        text("Method", "method"),
                        code("What", "path"),
                        text("With", "what"),
                        Column.of("Status", "status", Kind.STATE),
                        number("Node", "node")),
                List.of(),
                List.of(),
                new Empty("Nothing was done yet.", ""),
                null);
    }
}
