/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.access.testing.PostgreSql;
import io.robustmq.app.access.NodeInProcess.Answer;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node whose users are in a real PostgreSQL, as MQTT's clients and administrators meet it. */
class DatabaseUsersTest {
    @TempDir
    static Path directory;

    private static PostgreSql database;
    private static NodeInProcess node;

    @BeforeAll
    static void start() throws IOException {
        database = new PostgreSql();
        database.run("create table mqtt_user (username text primary key, password_hash text, is_superuser boolean)");
        database.run("create table mqtt_acl (username text, permission text, action text, topic text)");
        database.run("insert into mqtt_user values ('ann', 'sesame-of-ann', false), ('root', 'sesame-of-root', true)");
        database.run("insert into mqtt_acl values ('ann', 'allow', 'all', 'plant/#'),"
                + " ('ann', 'deny', 'all', 'plant/secret/#'), ('ann', 'allow', 'subscribe', 'of/%u')");
        Path password = Files.writeString(directory.resolve("db.password"), PostgreSql.PASSWORD + "\n");
        String prefix = "robustmq.access.sources.jdbc.";
        node = NodeInProcess.start(
                directory.resolve("data"),
                Map.of(
                        prefix + "url",
                        PostgreSql.url(database.port()),
                        prefix + "user",
                        "postgres",
                        prefix + "password-file",
                        password.toString(),
                        prefix + "query",
                        "select password_hash, is_superuser from mqtt_user where username = %u",
                        prefix + "acl-query",
                        "select permission, action, topic from mqtt_acl where username = %u",
                        prefix + "hash",
                        "plain",
                        // Not used by anybody: would be shown if secrets were.
                        "robustmq.access.sources.ldap.url",
                        "ldap://127.0.0.1:1",
                        "robustmq.access.sources.ldap.user-dn",
                        "uid=%u,dc=example",
                        "robustmq.access.sources.ldap.bind-password",
                        "hidden-in-configuration"));
    }

    @AfterAll
    static void stop() {
        if (node != null) {
            node.close();
        }
        if (database != null) {
            database.close();
        }
    }

    private static MqttRawClient open(String user, String password) {
        int port = Integer.parseInt(node.context()
                .getBean(NodeContext.class)
                .get(ListenerAddresses.class)
                .addresses()
                .get("mqtt-tcp")
                .replaceAll(".*:", ""));
        return MqttRawClient.open(port, MqttVersion.V5)
                .connect(new Connect(
                        MqttVersion.V5,
                        "c-" + user,
                        true,
                        60,
                        null,
                        user,
                        password.getBytes(StandardCharsets.UTF_8),
                        MqttProperties.NONE));
    }

    @Test
    void theRulesOfTheDatabaseAreTheClients() {
        try (MqttRawClient ann = open("ann", "sesame-of-ann")) {
            ann.expectAccepted();
            ann.subscribe(1, "plant/1", 1).expectSubAck(1, 1);
            ann.subscribe(2, "plant/#", 1).expectSubAck(2, ReasonCode.NOT_AUTHORIZED);
            ann.subscribe(3, "of/ann", 1).expectSubAck(3, 1);
            ann.subscribe(4, "of/bob", 1).expectSubAck(4, ReasonCode.NOT_AUTHORIZED);
            for (String topic : new String[] {"plant/secret/code", "plant.secret", "other"}) {
                ann.publish(topic, "x", 1, 7).expectAcknowledgement(PacketType.PUBACK, 7, ReasonCode.NOT_AUTHORIZED);
            }
            ann.publish("plant/1", "20");
            ann.expectPublish("plant/1", "20");
        }
        try (MqttRawClient root = open("root", "sesame-of-root")) {
            root.expectAccepted();
            root.subscribe(1, "#", 1).expectSubAck(1, 1);
        }
    }

    @Test
    void whoIsNotInTheDatabaseOrHasAnotherPasswordStaysOutside() {
        try (MqttRawClient wrong = open("ann", "sesame-of-root")) {
            wrong.expectRefused(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        }
        // The next source is down, so that nobody knows.
        try (MqttRawClient unknown = open("zoe", "sesame-of-ann")) {
            unknown.expectRefused(ReasonCode.SERVER_BUSY);
        }
    }

    @Test
    void noAnswerAndNoLogHasASecret() {
        Answer config = node.local("GET", "/actuator/config?filter=access.sources&limit=1000", null);
        assertThat(config.status()).isEqualTo(200);
        assertThat(config.body())
                .contains("robustmq.access.sources.jdbc.password-file", "bind-password\",\"value\":\"******")
                .contains("where username = %u");
        String all = config.body()
                + node.local("GET", "/actuator/env", null).body()
                + node.local("GET", "/actuator/configprops", null).body()
                + node.console();
        assertThat(all).doesNotContain("hidden-in-configuration", PostgreSql.PASSWORD, "sesame-of");
    }
}
