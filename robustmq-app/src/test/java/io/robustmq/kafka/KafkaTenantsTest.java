/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.OpenedAccess;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The same topics and groups in two tenants, which see nothing of each other. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaTenantsTest {
    private static final List<String> TENANTS = List.of("blue", "red");

    private static final InMemoryMeta META = new InMemoryMeta();
    private static OpenedAccess access;
    private static InProcessBroker broker;
    private static JavaClients clients;

    @BeforeAll
    static void start() {
        access = new OpenedAccess(META);
        broker = InProcessBroker.options()
                .meta(META)
                .access(access.control())
                .groups(GroupMembers.QUICK)
                .start();
        clients = JavaClients.of(broker);
        for (String tenant : TENANTS) {
            broker.broker().ports().tenants().add(tenant).toCompletableFuture().join();
            access.user(tenant, "ann", tenant, true);
        }
        access.user("default", "root", "default", true);
    }

    @AfterAll
    static void stop() {
        broker.close();
        access.close();
    }

    private static Map<String, Object> login(String mechanism, String user, String password) {
        String module = mechanism.equals("PLAIN")
                ? "org.apache.kafka.common.security.plain.PlainLoginModule"
                : "org.apache.kafka.common.security.scram.ScramLoginModule";
        Map<String, Object> config = new HashMap<>();
        config.put("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort());
        config.put("security.protocol", "SASL_PLAINTEXT");
        config.put("sasl.mechanism", mechanism);
        config.put("sasl.jaas.config", module + " required username=\"" + user + "\" password=\"" + password + "\";");
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        return config;
    }

    private static Map<String, Object> of(String tenant) {
        return login("PLAIN", tenant + ":ann", tenant);
    }

    private static void produce(String tenant, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer =
                clients.producer(login("SCRAM-SHA-256", tenant + ":ann", tenant))) {
            producer.send(new ProducerRecord<>(topic, value)).get(20, TimeUnit.SECONDS);
        }
    }

    private static List<String> consume(String tenant, String topic, String group) {
        Map<String, Object> config = of(tenant);
        config.put("group.id", group);
        try (KafkaConsumer<String, String> consumer = clients.consumer(config)) {
            consumer.subscribe(List.of(topic));
            List<String> values = new ArrayList<>();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (values.isEmpty() && System.nanoTime() < deadline) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
                    values.add(each.value());
                }
            }
            consumer.commitSync();
            return values;
        }
    }

    @Test
    void topicsGroupsAndOffsetsAreThoseOfTheTenant() throws Exception {
        for (String tenant : TENANTS) {
            try (Admin admin = Admin.create(of(tenant))) {
                admin.createTopics(List.of(
                                new NewTopic("orders", 1, (short) 1), new NewTopic("only-" + tenant, 1, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS);
            }
            produce(tenant, "orders", "of " + tenant);
        }
        for (String tenant : TENANTS) {
            assertThat(consume(tenant, "orders", "readers")).containsExactly("of " + tenant);
        }
        try (Admin admin = Admin.create(of("red"))) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS))
                    .contains("orders", "only-red", "mqtt")
                    .doesNotContain("only-blue");
            assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS))
                    .anyMatch(group -> group.groupId().equals("readers"));
            admin.deleteConsumerGroups(List.of("readers")).all().get(20, TimeUnit.SECONDS);
            assertThatThrownBy(() -> admin.describeTopics(List.of("only-blue"))
                            .allTopicNames()
                            .get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("does not host this topic");
        }
        try (Admin admin = Admin.create(of("blue"))) {
            assertThat(admin.listConsumerGroupOffsets("readers")
                            .partitionsToOffsetAndMetadata()
                            .get(20, TimeUnit.SECONDS))
                    .hasSize(1);
        }
        try (Admin admin = Admin.create(login("PLAIN", "root", "default"))) {
            assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).containsExactly("mqtt");
            assertThat(admin.listGroups().all().get(20, TimeUnit.SECONDS)).isEmpty();
        }
        assertThat(broker.groups().list("blue").toCompletableFuture().join())
                .anyMatch(group -> group.group().equals("readers"));
        assertThat(broker.groups().list("default").toCompletableFuture().join()).isEmpty();
        assertThatThrownBy(() ->
                        broker.groups().list("green").toCompletableFuture().join())
                .hasMessageContaining("no tenant 'green'");
    }

    private static MqttRawClient mqtt(String tenant) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)
                .connect(new Connect(
                        MqttVersion.V5,
                        "c",
                        true,
                        0,
                        null,
                        tenant + ":ann",
                        tenant.getBytes(StandardCharsets.UTF_8),
                        MqttProperties.NONE));
        client.expectAccepted();
        return client;
    }

    @Test
    void whatCrossesProtocolsStaysInTheTenant() throws Exception {
        try (Admin admin = Admin.create(of("blue"))) {
            admin.createTopics(List.of(new NewTopic("plant.1", 1, (short) 1)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
        }
        try (MqttRawClient blue = mqtt("blue");
                MqttRawClient red = mqtt("red")) {
            blue.subscribe(1, "plant/#", 0).expectSubAck(1, 0);
            red.subscribe(1, "plant/#", 0).expectSubAck(1, 0);
            produce("blue", "plant.1", "21.5");
            blue.expectPublish("plant/1", "21.5");
            red.publish("plant/1", "red's");
            red.expectPublish("plant/1", "red's");
            blue.publish("room/7", "a view").pingReq();
            blue.expectPingResp();
        }
        assertThat(consume("blue", "room.7", "viewers")).containsExactly("a view");
        assertThat(consume("red", "plant.1", "viewers")).containsExactly("red's");
        assertThat(consume("blue", "plant.1", "viewers")).containsExactly("21.5");
    }
}
