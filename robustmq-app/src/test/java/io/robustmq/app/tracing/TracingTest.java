/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.tracing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.app.access.NodeInProcess;
import io.robustmq.app.tracing.FakeCollector.Received;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.net.NetServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a collector is told of messages that go through a node. */
@Timeout(120)
class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final String SAMPLED = "00-" + TRACE + "-" + PARENT + "-01";
    private static final String NOT_SAMPLED = "00-1af7651916cd43dd8448eb211c80319c-" + PARENT + "-00";

    @TempDir
    static Path directory;

    private static FakeCollector collector;
    private static NodeInProcess node;

    @BeforeAll
    static void start() throws Exception {
        collector = new FakeCollector();
        Path token = Files.writeString(directory.resolve("token"), "s3cr3t-of-the-collector\n");
        node = NodeInProcess.start(
                directory.resolve("data"),
                Map.of(
                        "robustmq.tracing.enabled", "true",
                        "robustmq.tracing.endpoint", collector.endpoint(),
                        "robustmq.tracing.token-file", token.toString(),
                        "robustmq.tracing.start", "true",
                        "robustmq.tracing.sampling", "1",
                        "robustmq.tracing.interval", "20ms"));
    }

    @AfterAll
    static void stop() {
        node.close();
        collector.close();
    }

    private static int port(String listener) {
        return node.context().getBean(NetServer.class).listeners().stream()
                .filter(each -> each.spec().name().equals(listener))
                .findFirst()
                .orElseThrow()
                .address()
                .getPort();
    }

    private static MqttRawClient client(String id) {
        return MqttRawClient.connected(port("mqtt-tcp"), MqttVersion.V5, id);
    }

    private static void publish(MqttRawClient client, String topic, MqttProperties properties) {
        ByteBuf raw = Unpooled.buffer();
        int length = properties.writeForwardable(raw);
        client.publish(
                topic, "payload", packet -> packet.flags(1, false, false, 7).properties(raw, 0, length));
        client.expectPubAck(7);
    }

    private static MqttProperties traced(String traceparent) {
        return MqttProperties.builder()
                .user("traceparent", traceparent)
                .user("tracestate", "vendor=1")
                .build();
    }

    private static ConsumerRecord<String, String> read(String topic) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", "127.0.0.1:" + port("kafka-tcp"),
                        "client.id", "reader",
                        "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (true) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofSeconds(1))) {
                    return record;
                }
            }
        }
    }

    private static List<String> userProperties(Publish message) {
        List<String> properties = new ArrayList<>();
        message.properties().forEachUserProperty((name, value) -> properties.add(name + "=" + value));
        return properties;
    }

    private static String header(ConsumerRecord<String, String> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }

    @Test
    void whatMqttPublishesAndKafkaReadsIsOneTrace() {
        try (MqttRawClient listener = client("listener");
                MqttRawClient device = client("device")) {
            listener.subscribe(1, "traced/#", 1).expectSubAck(1, 1);
            publish(device, "traced/mqtt", traced(SAMPLED));
            Publish heard = listener.expect(Publish.class);
            assertThat(userProperties(heard)).containsExactly("traceparent=" + SAMPLED, "tracestate=vendor=1");
        }
        ConsumerRecord<String, String> record = read("traced.mqtt");
        assertThat(header(record, "traceparent")).isEqualTo(SAMPLED);
        assertThat(header(record, "tracestate")).isEqualTo("vendor=1");

        Received publish = collector.await("publish", span -> span.name().equals("publish traced/mqtt"));
        assertThat(publish.trace()).isEqualTo(TRACE);
        assertThat(publish.parent()).isEqualTo(PARENT);
        assertThat(publish.attributes())
                .containsEntry("messaging.system", "mqtt")
                .containsEntry("messaging.destination.name", "traced/mqtt")
                .containsEntry("messaging.client.id", "device")
                .containsEntry("messaging.operation.name", "publish")
                .containsEntry("messaging.message.body.size", "7");
        Received append = collector.await(
                "append", span -> span.name().equals("append") && span.parent().equals(publish.id()));
        assertThat(append.trace()).isEqualTo(TRACE);
        assertThat(append.attributes()).containsKeys("messaging.destination.partition.id", "robustmq.offset");
        Received deliver = collector.await(
                "deliver",
                span -> span.name().equals("deliver") && span.parent().equals(publish.id()));
        assertThat(deliver.attributes()).containsEntry("robustmq.subscribers", "1");
        Received fetch = collector.await("fetch", span -> span.name().equals("fetch traced.mqtt"));
        assertThat(fetch.trace()).isEqualTo(TRACE);
        assertThat(fetch.parent()).isEqualTo(PARENT);
        assertThat(fetch.attributes())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.client.id", "reader");
        assertThat(collector.tokens()).containsOnly("Bearer s3cr3t-of-the-collector");
        assertThat(node.console()).doesNotContain("s3cr3t-of-the-collector");
    }

    @Test
    void aTraceBeginsWhereThereIsNoneAndItsHeadersSaySo() {
        try (MqttRawClient listener = client("listener2");
                MqttRawClient device = client("device2")) {
            listener.subscribe(1, "begun/#", 1).expectSubAck(1, 1);
            publish(device, "begun/here", MqttProperties.NONE);
            Publish heard = listener.expect(Publish.class);
            Received publish = collector.await("publish", span -> span.name().equals("publish begun/here"));
            assertThat(publish.parent()).isEmpty();
            // Sampled, and with a random id.
            String begun = "00-" + publish.trace() + "-" + publish.id() + "-03";
            assertThat(userProperties(heard)).containsExactly("traceparent=" + begun);
            assertThat(header(read("begun.here"), "traceparent")).isEqualTo(begun);
            Received fetch = collector.await("fetch", span -> span.name().equals("fetch begun.here"));
            assertThat(fetch.parent()).isEqualTo(publish.id());
        }
    }

    @Test
    void whatItsBeginningDoesNotSampleIsNotFollowed() {
        try (MqttRawClient device = client("device3")) {
            publish(device, "unsampled/x", traced(NOT_SAMPLED));
            publish(device, "malformed/x", traced("00-nonsense"));
            publish(device, "sampled/x", traced(SAMPLED));
        }
        assertThat(header(read("unsampled.x"), "traceparent")).isEqualTo(NOT_SAMPLED);
        assertThat(header(read("malformed.x"), "traceparent")).isEqualTo("00-nonsense");
        read("sampled.x");
        collector.await("fetch", span -> span.name().equals("fetch sampled.x"));
        assertThat(collector.spans())
                .noneMatch(
                        span -> span.name().contains("unsampled") || span.name().contains("malformed"));
    }

    @Test
    void whatKafkaProducesIsFollowedAsItCame() throws Exception {
        node.local("POST", "/actuator/topics", "{\"name\":\"orders\",\"engine\":\"file\"}");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", "127.0.0.1:" + port("kafka-tcp"), "client.id", "shop"),
                new StringSerializer(),
                new StringSerializer())) {
            ProducerRecord<String, String> record = new ProducerRecord<>("orders", 0, "key", "order");
            record.headers().add("traceparent", SAMPLED.getBytes(UTF_8));
            producer.send(record);
            producer.send(new ProducerRecord<>("orders", 0, "key", "no trace begins here"))
                    .get();
        }
        Received publish = collector.await("publish", span -> span.name().equals("publish orders"));
        assertThat(publish.parent()).isEqualTo(PARENT);
        assertThat(publish.attributes()).containsEntry("messaging.client.id", "shop");
        Received append = collector.await(
                "append", span -> span.name().equals("append") && span.parent().equals(publish.id()));
        assertThat(append.attributes()).containsEntry("robustmq.offset", "0");
        assertThat(header(read("orders"), "traceparent")).isEqualTo(SAMPLED);
        Received fetch = collector.await("fetch", span -> span.name().equals("fetch orders"));
        assertThat(fetch.attributes()).containsEntry("robustmq.offset", "0");
        assertThat(collector.spans())
                .filteredOn(span -> span.name().equals("publish orders"))
                .hasSize(1);
    }
}
