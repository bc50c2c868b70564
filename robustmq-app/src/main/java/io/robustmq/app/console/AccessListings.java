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
import io.robustmq.app.console.Field.Type;
import io.robustmq.app.console.Listing.Empty;
import java.util.List;
import org.springframework.http.HttpMethod;

/** The pages about who may do what. Stateless. */
final class AccessListings {
    private AccessListings() {}

    static List<Listing> all() {
        return List.of(users(), acls(), blacklist(), quotas(), admins(), tokens());
    }

    private static Field password(String hint) {
        return Field.of("password", "Password", Type.PASSWORD, hint);
    }

    private static Listing users() {
        return new Listing(
                "users",
                "Users",
                "Who may log in with MQTT and Kafka. Without any, everybody may.",
                "/users",
                "users",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Name contains", "sensor")),
                List.of(
                        code("User", "name"),
                        Column.of("Superuser", "superuser", Kind.FLAG),
                        text("Hash", "hash"),
                        Column.of("SCRAM", "scram", Kind.FLAG),
                        time("Created", "created")),
                List.of(Action.add(
                        "add",
                        "Add a user",
                        "The user was added.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/users",
                        Field.needed("name", "Name", "sensor-1"),
                        password("").must(),
                        Field.of("superuser", "Superuser: no rule applies", Type.FLAG, ""))),
                List.of(
                        new Action(
                                "password",
                                "Password",
                                "The password was changed.",
                                AdminRole.ADMIN,
                                HttpMethod.PATCH,
                                "/users/{name}",
                                List.of(Field.path("name"), password("").must()),
                                ""),
                        Action.delete(
                                "delete",
                                "Delete",
                                "The user was deleted.",
                                AdminRole.ADMIN,
                                "/users/{name}",
                                "It cannot log in any more.",
                                Field.path("name"))),
                new Empty(
                        "No user yet: every client may connect without a password. Add one here, or with:",
                        "ctl users add sensor-1"),
                null);
    }

    private static Listing acls() {
        return new Listing(
                "acls",
                "Rules",
                "Who may do what with which subjects and topics. A rule that denies wins.",
                "/acls",
                "acls",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Contains", "sensors/")),
                List.of(
                        code("Rule", "name"),
                        Column.of("Effect", "effect", Kind.STATE),
                        text("Who", "who"),
                        code("Is", "value"),
                        text("Action", "action"),
                        text("On", "resource"),
                        text("Match", "match"),
                        code("Filter", "filter"),
                        text("QoS", "qos"),
                        Column.of("Retain", "retain", Kind.FLAG)),
                List.of(Action.add(
                        "add",
                        "Add a rule",
                        "The rule was added.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/acls",
                        Field.needed("name", "Name", "sensors-publish"),
                        Field.choice("effect", "Effect", "allow", "deny"),
                        Field.choice("who", "Who", "all", "anonymous", "user", "client-id", "address"),
                        Field.optional("value", "Is", "sensor-1, or 192.0.2.0/24"),
                        Field.choice(
                                "action",
                                "May",
                                "all",
                                "publish",
                                "subscribe",
                                "create",
                                "delete",
                                "alter",
                                "describe"),
                        Field.needed("filter", "Filter", "sensors/%u/#"),
                        Field.of("qos", "QoS", Type.LIST, "0,1,2 - empty for any"))),
                List.of(Action.delete(
                        "delete",
                        "Delete",
                        "The rule was deleted.",
                        AdminRole.ADMIN,
                        "/acls/{name}",
                        "What it allowed or denied is decided by the others.",
                        Field.path("name"))),
                new Empty("No rule yet. Allow something here, or with:", "ctl acls add --help"),
                null);
    }

    private static Listing blacklist() {
        return new Listing(
                "blacklist",
                "Blacklist",
                "Those who stay outside, whatever their password.",
                "/blacklist",
                "blacklist",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Contains", "sensor")),
                List.of(text("Who", "who"), code("Is", "value"), time("Until", "until"), text("Reason", "reason")),
                List.of(Action.add(
                        "add",
                        "Keep somebody out",
                        "The ban is in effect.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/blacklist",
                        Field.choice("who", "Who", "client-id", "user", "address"),
                        Field.needed("value", "Is", "sensor-1"),
                        Field.optional("for", "For", "30m, 2d - empty for ever"),
                        Field.optional("reason", "Reason", "sends nonsense"))),
                List.of(Action.delete(
                        "delete",
                        "Let in",
                        "The ban was lifted.",
                        AdminRole.ADMIN,
                        "/blacklist",
                        "It may connect again.",
                        Field.query("who"),
                        Field.query("value"))),
                new Empty("Nobody is kept out.", ""),
                null);
    }

    private static Field limit(String name, String label) {
        return Field.of(name, label, Type.NUMBER, "empty for no limit");
    }

    private static Listing quotas() {
        return new Listing(
                "quotas",
                "Quotas",
                "Who may use how much. Reading from whoever is over a limit pauses; nothing is dropped.",
                "/quotas",
                "quotas",
                AdminRole.VIEWER,
                List.of(Field.filter("filter", "Contains", "user ada")),
                List.of(
                        text("Of", "who"),
                        code("Name", "name"),
                        number("Connections", "connections"),
                        number("New ones a second", "connectionsPerSecond"),
                        number("Sessions", "sessions"),
                        number("Topics", "topics"),
                        number("Messages a second", "messagesPerSecond"),
                        Column.of("In a second", "bytesPerSecond", Kind.SIZE),
                        Column.of("Out a second", "bytesOutPerSecond", Kind.SIZE)),
                List.of(Action.add(
                        "set",
                        "Set a quota",
                        "The quota is in effect.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/quotas",
                        Field.choice("who", "Of", "tenant", "each-user", "user", "each-client", "client"),
                        Field.optional("name", "Name", "ada - of a user or client"),
                        limit("connections", "Connections"),
                        limit("messagesPerSecond", "Messages a second"),
                        limit("bytesPerSecond", "Bytes in a second"),
                        limit("bytesOutPerSecond", "Bytes out a second"),
                        limit("sessions", "Sessions"),
                        limit("topics", "Topics"))),
                List.of(Action.delete(
                        "delete",
                        "Lift",
                        "The quota was lifted.",
                        AdminRole.ADMIN,
                        "/quotas",
                        "What it limited is not limited any more.",
                        Field.query("who"),
                        new Field("name", "name", Type.HIDDEN, Field.Place.QUERY, false, List.of(), ""))),
                new Empty("Nobody is limited.", ""),
                null);
    }

    private static Listing admins() {
        Field role = Field.choice("role", "Role", "viewer", "operator", "admin");
        return new Listing(
                "admins",
                "Accounts",
                "Who may use the console, ctl and the admin API.",
                "/admins",
                "admins",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Name contains", "ada")),
                List.of(code("Account", "name"), text("Role", "role"), time("Created", "created")),
                List.of(Action.add(
                        "add",
                        "Add an account",
                        "The account was added.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/admins",
                        Field.needed("name", "Name", "ada"),
                        role,
                        password("empty for one that is made up and shown once"))),
                List.of(
                        new Action(
                                "change",
                                "Change",
                                "The account was changed.",
                                AdminRole.ADMIN,
                                HttpMethod.PATCH,
                                "/admins/{name}",
                                List.of(
                                        Field.path("name"),
                                        Field.choice("role", "Role", "", "viewer", "operator", "admin"),
                                        password("empty for the one it has")),
                                ""),
                        Action.delete(
                                "delete",
                                "Delete",
                                "The account was deleted.",
                                AdminRole.ADMIN,
                                "/admins/{name}",
                                "It cannot log in any more, and is logged out.",
                                Field.path("name"))),
                new Empty("No account matches.", ""),
                null);
    }

    private static Listing tokens() {
        return new Listing(
                "tokens",
                "Tokens",
                "What programs log in to the admin API with.",
                "/tokens",
                "tokens",
                AdminRole.ADMIN,
                List.of(Field.filter("filter", "Contains", "Prometheus")),
                List.of(
                        code("Token", "id"),
                        text("Description", "description"),
                        text("Role", "role"),
                        text("Created by", "createdBy"),
                        time("Created", "created"),
                        time("Expires", "expires"),
                        Column.of("Expired", "expired", Kind.FLAG)),
                List.of(Action.add(
                        "create",
                        "Create a token",
                        "The token was created.",
                        AdminRole.ADMIN,
                        HttpMethod.POST,
                        "/tokens",
                        Field.optional("description", "Description", "Prometheus"),
                        Field.choice("role", "Role", "viewer", "operator", "admin"),
                        Field.optional("expiresIn", "Expires in", "365d - empty for never"))),
                List.of(Action.delete(
                        "revoke",
                        "Revoke",
                        "The token was revoked.",
                        AdminRole.ADMIN,
                        "/tokens/{id}",
                        "Programs that use it are refused from now on.",
                        Field.path("id"))),
                new Empty("No token yet. Prometheus off this machine needs one with the role viewer.", ""),
                null);
    }
}
