/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.held.HeldEngine;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Publishes to a topic whose engine completes later, or does not want to; numbers are statements of MQTT 5.0. */
class DurableTopicTest {
    private final HeldEngine file = new HeldEngine("file", new MemoryEngine(PooledByteBufAllocator.DEFAULT));
    private final InProcessBroker broker;

    /** @param data where the broker's own topics are, so that nothing but the test's is held */
    DurableTopicTest(@TempDir Path data) {
        broker = InProcessBroker.options().loops(3).data(data).engine(file).start();
        broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, "kept", 4, List.of("kept.>"), "file", Map.of()));
    }

    @AfterEach
    void nothingIsHeldAtRest() {
        Steps.await("the budget is free again", () -> broker.budget().usedBytes() == 0);
        broker.close();
    }

    private MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private void releaseWhenHeld(int appends) {
        Steps.await("the publishes are with the engine", () -> file.held() == appends);
        file.release();
    }

    /** 4.6.0-2: in the order of the publishes, although shards complete in any order. */
    @ParameterizedTest
    @EnumSource
    void acknowledgementsAreInOrder(MqttVersion version) {
        Random random = new Random(1);
        file.releasedAfter(() -> random.nextInt(30));
        try (MqttRawClient client = client(version)) {
            for (int i = 1; i <= 200; i++) {
                client.publish("kept/" + i, "x", 1, i);
            }
            for (int i = 1; i <= 200; i++) {
                client.expectPubAck(i);
            }
        }
        assertThat(broker.records("kept")).hasSize(200);
    }

    @ParameterizedTest
    @EnumSource
    void anAcknowledgementWaitsForTheDisk(MqttVersion version) {
        try (MqttRawClient client = client(version);
                MqttRawClient subscriber = client(version)) {
            Steps.subscribe(subscriber, "kept/#", 1);
            client.publish("kept/a", "one", 1, 1);
            Steps.await("the publish is with the engine", () -> file.held() == 1);
            Steps.ping(client);
            Steps.ping(subscriber);
            assertThat(broker.records("kept")).isEmpty();
            file.release();
            client.expectPubAck(1);
            Steps.receive(subscriber, "kept/a", "one", 1);
        }
    }

    @Test
    void qos0IsHeardBeforeItIsKept() {
        try (MqttRawClient client = client(MqttVersion.V5);
                MqttRawClient subscriber = client(MqttVersion.V5)) {
            Steps.subscribe(subscriber, "kept/#", 1);
            client.publish("kept/a", "live", 0, 0);
            subscriber.expectPublish("kept/a", "live");
            assertThat(broker.records("kept")).isEmpty();
            releaseWhenHeld(1);
            Steps.await("it is kept", () -> broker.records("kept").size() == 1);
            Steps.ping(subscriber);
        }
    }

    /** 3.4.2.1: a full disk is a quota; MQTT 5 is told, and its connection lives. */
    @ParameterizedTest
    @CsvSource({"STORAGE_FULL, 0x97", "STORAGE_FAILED, 0x80", "FENCED, 0x80", "CLOSED, 0x80"})
    void aDiskThatDoesNotWantToIsToldToMqtt5(RmqError error, int reason) {
        try (MqttRawClient client = client(MqttVersion.V5)) {
            file.failAppends(error);
            client.publish("kept/a", "one", 1, 1);
            releaseWhenHeld(1);
            client.expectAcknowledgement(PacketType.PUBACK, 1, reason);
            client.publish("kept/a", "two", 2, 2);
            releaseWhenHeld(1);
            client.expectAcknowledgement(PacketType.PUBREC, 2, reason);
            file.failAppends(null);
            client.publish("kept/a", "three", packet -> packet.flags(2, true, false, 2));
            releaseWhenHeld(1);
            client.expectAcknowledgement(PacketType.PUBREC, 2, 0);
            client.pubRel(2).expectAcknowledgement(PacketType.PUBCOMP, 2, 0);
        }
        assertThat(broker.records("kept")).hasSize(1);
    }

    /** MQTT 3 has no word for it: a lost connection makes the client try again, an acknowledgement would be a lie. */
    @ParameterizedTest
    @CsvSource({"V3_1, STORAGE_FULL", "V3_1_1, STORAGE_FAILED"})
    void anOldClientIsDisconnectedInsteadOfAcknowledged(MqttVersion version, RmqError error) {
        try (MqttRawClient client = client(version)) {
            file.failAppends(error);
            client.publish("kept/a", "one", 1, 1);
            releaseWhenHeld(1);
            client.expectClose();
        }
        file.failAppends(null);
        try (MqttRawClient client = client(version)) {
            client.publish("kept/a", "one", packet -> packet.flags(1, true, false, 1));
            releaseWhenHeld(1);
            client.expectPubAck(1);
        }
        assertThat(broker.records("kept")).hasSize(1);
    }

    /**
     * 4.3.3-10: a client loses its connection while its publish is on the way to the disk, comes back, and sends it again. PUBREC
     * before the first is there would let the client forget what a crash can still lose.
     */
    @ParameterizedTest
    @EnumSource
    void aRepeatedPublishWaitsForTheFirst(MqttVersion version) {
        String id = Steps.unique("again");
        try (MqttRawClient first = MqttRawClient.open(broker.tcpPort(), version)) {
            Steps.resume(first, version, id);
            first.publish("kept/a", "one", 2, 5);
            Steps.await("the publish is with the engine", () -> file.held() == 1);
        }
        try (MqttRawClient second = MqttRawClient.open(broker.tcpPort(), version);
                MqttRawClient other = client(version)) {
            // The session is handed over when it is known what became of the first.
            second.connect(Steps.connect(
                    version, id, false, version == MqttVersion.V5 ? Steps.expiry(600) : MqttProperties.NONE));
            Steps.ping(other);
            assertThat(file.held()).isEqualTo(1);
            file.release();
            second.expectAccepted();
            second.publish("kept/a", "one", packet -> packet.flags(2, true, false, 5));
            second.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            second.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, 0);
        }
        assertThat(broker.records("kept")).hasSize(1);
    }

    /** And when the first failed, the repetition is new. */
    @Test
    void aRepeatedPublishFailsWithTheFirst() {
        String id = Steps.unique("again");
        try (MqttRawClient first = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            Steps.resume(first, MqttVersion.V5, id);
            first.publish("kept/a", "one", 2, 5);
            Steps.await("the publish is with the engine", () -> file.held() == 1);
        }
        file.failAppends(RmqError.STORAGE_FAILED);
        file.release();
        try (MqttRawClient second = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            Steps.resume(second, MqttVersion.V5, id);
            file.failAppends(null);
            second.publish("kept/a", "one", packet -> packet.flags(2, true, false, 5));
            releaseWhenHeld(1);
            second.expectAcknowledgement(PacketType.PUBREC, 5, 0);
            second.pubRel(5).expectAcknowledgement(PacketType.PUBCOMP, 5, 0);
        }
        assertThat(broker.records("kept")).hasSize(1);
    }
}
