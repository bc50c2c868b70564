/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retained messages over the durable engine, across restarts of the broker. */
class RetainedRestartTest {
    private static final int TOPICS = 500;

    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();

    private InProcessBroker start() {
        return InProcessBroker.options().loops(2).data(data).meta(meta).start();
    }

    private static MqttRawClient client(InProcessBroker broker) {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"));
    }

    @Test
    void everythingOfTheMessageIsThereAfterARestart() {
        ByteBuf block = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("03000474657874" + "2600016b000161"));
        try (InProcessBroker broker = start();
                MqttRawClient publisher = client(broker)) {
            for (int qos = 0; qos <= 2; qos++) {
                int packetId = qos == 0 ? 0 : 3;
                int sent = qos;
                publisher.publish("kept/" + qos, "old", packet -> packet.flags(0, false, true, 0));
                publisher.publish(
                        "kept/" + qos,
                        "q" + qos,
                        packet -> packet.flags(sent, false, true, packetId)
                                .properties(block, 0, block.readableBytes())
                                .messageExpirySeconds(1000));
                if (qos == 1) {
                    publisher.expectPubAck(3);
                } else if (qos == 2) {
                    publisher.expectAcknowledgement(PacketType.PUBREC, 3, 0);
                    publisher.pubRel(3);
                    publisher.expectAcknowledgement(PacketType.PUBCOMP, 3, 0);
                }
            }
            Steps.retain(publisher, "gone", "x");
            Steps.retain(publisher, "gone", "");
            Steps.publish(publisher, "kept/short", "x", true, packet -> packet.messageExpirySeconds(1));
            Steps.ping(publisher);
        }
        long stopped = System.nanoTime();
        Steps.await("a second to pass", () -> System.nanoTime() - stopped > 1_050_000_000L);
        try (InProcessBroker broker = start();
                MqttRawClient subscriber = client(broker)) {
            assertThat(broker.records("mqtt")).as("memory is empty").isEmpty();
            subscriber.subscribe(1, "#", 2).expectSubAck(1, 2);
            Map<String, Publish> got = new HashMap<>();
            for (int i = 0; i < 3; i++) {
                Publish publish = subscriber.expect(Publish.class);
                got.put(publish.topic() + "=" + publish.text() + "@" + publish.qos(), publish);
            }
            assertThat(got).containsOnlyKeys("kept/0=q0@0", "kept/1=q1@1", "kept/2=q2@2");
            assertThat(got.values()).allSatisfy(publish -> {
                assertThat(publish.retain()).isTrue();
                assertThat(publish.properties().contentType()).isEqualTo("text");
                assertThat(publish.properties().messageExpirySeconds()).isBetween(1L, 999L);
            });
            Steps.ping(subscriber);
            Steps.await(
                    "what expired goes",
                    () -> broker.broker().ports().retained().count() == 3);
        }
    }

    /** Section 3.4.2.1: beyond the limit it is refused as a whole, with Quota exceeded. */
    @Test
    void beyondTheLimitItIsRefused() {
        try (InProcessBroker broker = InProcessBroker.options()
                        .data(data)
                        .meta(meta)
                        .retainedCountMax(1)
                        .start();
                MqttRawClient publisher = client(broker);
                MqttRawClient subscriber = client(broker)) {
            Steps.subscribe(subscriber, "#", 0);
            Steps.retain(publisher, "a", "1");
            publisher.publish("b", "1", packet -> packet.flags(1, false, true, 5));
            publisher.expectAcknowledgement(PacketType.PUBACK, 5, 0x97);
            publisher.publish("b", "1", packet -> packet.flags(2, false, true, 6));
            publisher.expectAcknowledgement(PacketType.PUBREC, 6, 0x97);
            Steps.retain(publisher, "a", "2");
            Steps.receive(subscriber, "a", "1", 0);
            Steps.receive(subscriber, "a", "2", 0);
            Steps.ping(subscriber);
            assertThat(broker.records("mqtt")).hasSize(2);
        }
    }

    /** The payloads alone: what else a message takes is less than a tenth of them. */
    @Test
    void beyondTheBytesItIsRefused() {
        try (InProcessBroker broker = InProcessBroker.options()
                        .data(data)
                        .meta(meta)
                        .retainedBytesMax(22_000)
                        .start();
                MqttRawClient publisher = client(broker)) {
            String large = "x".repeat(10_000);
            Steps.retain(publisher, "a", large);
            Steps.retain(publisher, "b", large);
            publisher.publish("c", large, packet -> packet.flags(1, false, true, 5));
            publisher.expectAcknowledgement(PacketType.PUBACK, 5, 0x97);
            Steps.retain(publisher, "a", "small");
            Steps.await(
                    "it is replaced", () -> broker.broker().ports().retained().count() == 2);
            Steps.retain(publisher, "c", large);
            Steps.await(
                    "there is room again",
                    () -> broker.broker().ports().retained().count() == 3);
        }
    }

    @Test
    void theLastOfManyIsThereAfterEachOfManyRestarts() {
        for (int round = 0; round < 4; round++) {
            try (InProcessBroker broker = start();
                    MqttRawClient client = client(broker)) {
                client.subscribe(1, "many/#", 0).expectSubAck(1, 0);
                int expected = round == 0 ? 0 : TOPICS;
                for (int i = 0; i < expected; i++) {
                    assertThat(client.expect(Publish.class).text()).isEqualTo("v" + (round - 1));
                }
                Steps.ping(client);
                client.unsubscribe(2, "many/#").expectUnsubAck(2, 0);
                for (int i = 0; i < TOPICS; i++) {
                    client.publish("many/" + i % 7 + "/" + i, "x", packet -> packet.flags(0, false, true, 0));
                    client.publish("many/" + i % 7 + "/" + i, "v", packet -> packet.flags(0, false, true, 0));
                }
                for (int i = 0; i < TOPICS; i++) {
                    int last = i;
                    String value = "v" + round;
                    client.publish(
                            "many/" + last % 7 + "/" + last,
                            value,
                            packet -> packet.flags(1, false, true, 1 + last % 20));
                    if (i % 20 == 19) {
                        for (int id = 1; id <= 20; id++) {
                            client.expectPubAck(id);
                        }
                    }
                }
                assertThat(broker.broker().ports().retained().count()).isEqualTo(TOPICS);
            }
        }
    }
}
