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
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code $delayed/...} as clients see it. */
class DelayedPublishTest {
    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();

    private InProcessBroker start() {
        return InProcessBroker.options().loops(2).data(data).meta(meta).start();
    }

    private static MqttRawClient client(InProcessBroker broker) {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"));
    }

    /** Quality of service, retain and all properties are those of the publish; the topic is what follows the time. */
    @Test
    void comesWhenItIsDueWithEverythingItHadAcrossARestart() {
        ByteBuf block = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("03000474657874" + "2600016b000161"));
        try (InProcessBroker broker = start();
                MqttRawClient publisher = client(broker);
                MqttRawClient subscriber = client(broker)) {
            Steps.subscribe(subscriber, "#", 2);
            for (int qos = 0; qos <= 2; qos++) {
                int sent = qos;
                publisher.publish(
                        "$delayed/2/late/" + qos,
                        "q" + qos,
                        packet -> packet.flags(sent, false, true, sent == 0 ? 0 : 3)
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
            Steps.await("all to be kept", () -> broker.broker().delayed().count() == 3);
            Steps.ping(subscriber);
            assertThat(broker.records("mqtt")).isEmpty();
        }
        try (InProcessBroker broker = start();
                MqttRawClient subscriber = client(broker)) {
            Steps.await(
                    "all to be published",
                    () -> broker.broker().ports().retained().count() == 3);
            Steps.await("all to be removed", () -> broker.broker().delayed().count() == 0);
            subscriber.subscribe(1, "late/+", 2).expectSubAck(1, 2);
            for (int i = 0; i < 3; i++) {
                Publish publish = subscriber.expect(Publish.class);
                assertThat(publish.topic()).isEqualTo("late/" + publish.qos());
                assertThat(publish.text()).isEqualTo("q" + publish.qos());
                assertThat(publish.properties().contentType()).isEqualTo("text");
                assertThat(publish.properties().messageExpirySeconds()).isBetween(900L, 999L);
            }
        }
    }

    @Test
    void aNumberAboveTheLargestDelayIsATime() {
        try (InProcessBroker broker = start();
                MqttRawClient publisher = client(broker);
                MqttRawClient subscriber = client(broker)) {
            Steps.subscribe(subscriber, "at", 1);
            long soon = System.currentTimeMillis() / 1000 + 1;
            publisher.publish("$delayed/" + soon + "/at", "1", 1, 5).expectPubAck(5);
            subscriber.expectPublish("at", "1");
            assertThat(System.currentTimeMillis()).isGreaterThanOrEqualTo(soon * 1000);
            // What is past comes at once.
            publisher.publish("$delayed/" + (soon - 1000) + "/at", "2", 1, 6).expectPubAck(6);
            subscriber.expectPublish("at", "2");
            publisher.publish("$delayed/4294967/at", "3", 1, 7).expectPubAck(7);
            assertThat(broker.broker().delayed().count()).isEqualTo(1);
        }
    }

    @Test
    void aTopicThatSaysNoTimeOrNoTopicIsRefused() {
        List<String> bad = List.of(
                "$delayed",
                "$delayed/",
                "$delayed/5",
                "$delayed/5/",
                "$delayed//a",
                "$delayed/x/a",
                "$delayed/-1/a",
                "$delayed/1.5/a",
                "$delayed/1/$delayed/1/a",
                "$delayed/9999999999999999999/a",
                "$delayed/99999999999/a");
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient five = client(broker);
                MqttRawClient three =
                        MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, Steps.unique("c"))) {
            for (String topic : bad) {
                five.publish(topic, "x", 1, 5);
                five.expectAcknowledgement(PacketType.PUBACK, 5, 0x90);
                five.publish(topic, "x", 2, 6);
                five.expectAcknowledgement(PacketType.PUBREC, 6, 0x90);
                // MQTT 3 has no way to say so: EMQX drops it, too.
                three.publish(topic, "x", 1, 5).expectPubAck(5);
            }
            assertThat(broker.broker().delayed().count()).isZero();
            assertThat(broker.records("mqtt")).isEmpty();
        }
    }

    @Test
    void nobodySubscribesToIt() {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient five = client(broker);
                MqttRawClient three =
                        MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, Steps.unique("c"))) {
            for (String filter : new String[] {"$delayed", "$delayed/#", "$delayed/5/a", "$delayed/+/a"}) {
                five.subscribe(2, filter, 1).expectSubAck(2, 0x8F);
                three.subscribe(2, filter, 1).expectSubAck(2, 0x80);
            }
            five.subscribe(2, "$delayedness", 1).expectSubAck(2, 1);
        }
    }

    @Test
    void willsWaitToo() {
        try (InProcessBroker broker = start();
                MqttRawClient subscriber = client(broker)) {
            Steps.subscribe(subscriber, "w", 1);
            MqttRawClient dying = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
            dying.connect(
                    Steps.unique("c"),
                    true,
                    Steps.will("$delayed/1/w", "bye", 1, false, MqttProperties.NONE),
                    MqttProperties.NONE);
            dying.expectAccepted();
            dying.close();
            subscriber.expectSilence(Duration.ofMillis(300));
            subscriber.expectPublish("w", "bye");
        }
    }

    @Test
    void beyondTheLimitItIsRefused() {
        try (InProcessBroker broker = InProcessBroker.options()
                        .data(data)
                        .meta(meta)
                        .delayedCountMax(1)
                        .start();
                MqttRawClient publisher = client(broker)) {
            publisher.publish("$delayed/100/a", "1", 1, 5).expectPubAck(5);
            publisher.publish("$delayed/100/a", "1", 1, 6);
            publisher.expectAcknowledgement(PacketType.PUBACK, 6, 0x97);
        }
    }
}
