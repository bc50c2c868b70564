/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.protocol.TopicPort;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Durable sessions over restarts of the broker, and what their backlog looks like. */
class SessionRestartTest {
    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();

    private InProcessBroker.Options options() {
        return InProcessBroker.options().loops(2).data(data).meta(meta);
    }

    private static void createTopic(InProcessBroker broker, String name, String binding) {
        broker.create(new TopicPort.TopicRequest(Tenants.DEFAULT, name, 3, List.of(binding), null, Map.of()));
    }

    private static MqttRawClient resume(InProcessBroker broker, String id, boolean present) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        assertThat(client.connect(id, false, null, Steps.expiry(1000))
                        .expectAccepted()
                        .sessionPresent())
                .isEqualTo(present);
        return client;
    }

    private static MqttRawClient publisher(InProcessBroker broker) {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("p"));
    }

    @Test
    void whatWasPublishedMeanwhileIsThereAfterARestart() {
        int unacknowledged;
        try (InProcessBroker broker = options().start()) {
            createTopic(broker, "kept", "kept/#");
            try (MqttRawClient client = resume(broker, "s", false);
                    MqttRawClient publisher = publisher(broker)) {
                Steps.subscribe(client, "kept/+/a", 2);
                Steps.publish(publisher, "kept/0/a", "first", 1);
                Steps.receive(client, "kept/0/a", "first", 1);
                Steps.publish(publisher, "kept/0/a", "in flight", 1);
                unacknowledged = client.expectPublish("kept/0/a", "in flight").packetId();
                client.raw().reset();
                Steps.publish(publisher, "kept/1/a", "while it sleeps", 1);
                Steps.publish(publisher, "kept/1/b", "of no concern", 1);
                Steps.publish(publisher, "kept/1/a", "nobody waits for it", 0);
            }
        }
        try (InProcessBroker broker = options().start()) {
            try (MqttRawClient publisher = publisher(broker)) {
                Steps.publish(publisher, "kept/1/a", "after the restart", 2);
            }
            try (MqttRawClient client = resume(broker, "s", true);
                    MqttRawClient publisher = publisher(broker)) {
                Publish again = client.expectPublish("kept/0/a", "in flight");
                assertThat(again.dup()).isTrue();
                assertThat(again.packetId()).isEqualTo(unacknowledged);
                client.pubAck(again.packetId());
                Steps.receive(client, "kept/1/a", "while it sleeps", 1);
                Steps.receive(client, "kept/1/a", "after the restart", 2);
                Steps.publish(publisher, "kept/2/a", "live", 1);
                Steps.receive(client, "kept/2/a", "live", 1);
                Steps.ping(client);
                Steps.leave(client);
            }
            try (MqttRawClient client = resume(broker, "s", true)) {
                Steps.ping(client);
            }
        }
    }

    /** A backlog looks as the messages did when they were published. */
    @Test
    void everythingOfAMessageSurvives() {
        ByteBuf block = Unpooled.wrappedBuffer(
                ByteBufUtil.decodeHexDump("0101" + "03000474657874" + "08000172" + "0900020102" + "2600016b000161"));
        try (InProcessBroker broker = options().start()) {
            createTopic(broker, "kept", "kept/#");
            try (MqttRawClient client = resume(broker, "s", false);
                    MqttRawClient publisher = publisher(broker)) {
                MqttProperties id = MqttProperties.builder()
                        .number(PropertyId.SUBSCRIPTION_IDENTIFIER, 7)
                        .build();
                client.subscribe(1, id, new SubscriptionRequest("kept/#", 2)).expectSubAck(1, 2);
                Steps.subscribe(client, "kept/x", 1);
                Steps.leave(client);
                publisher.publish(
                        "kept/x",
                        "p",
                        packet -> packet.flags(1, false, false, 3)
                                .properties(block, 0, block.readableBytes())
                                .messageExpirySeconds(1000));
                publisher.expectPubAck(3);
                Steps.publish(publisher, "kept/x", "short", false, packet -> packet.messageExpirySeconds(1));
                long since = System.nanoTime();
                Steps.await("a second to pass", () -> System.nanoTime() - since > 1_050_000_000L);
            }
            try (MqttRawClient client = resume(broker, "s", true)) {
                Publish got = client.expectPublish("kept/x", "p");
                assertThat(got.qos()).isEqualTo(1);
                assertThat(got.retain()).isFalse();
                assertThat(got.properties().contentType()).isEqualTo("text");
                assertThat(got.properties().responseTopic()).isEqualTo("r");
                assertThat(got.properties().payloadFormat()).isEqualTo(1);
                assertThat(got.properties().correlationData()).containsExactly(1, 2);
                assertThat(got.properties().messageExpirySeconds()).isBetween(1L, 999L);
                Steps.ping(client);
            }
        }
    }

    /** 3.8.3-3: also of what lies in the log. */
    @Test
    void ownMessagesDoNotComeBack() {
        try (InProcessBroker broker = options().start()) {
            createTopic(broker, "kept", "kept/#");
            try (MqttRawClient client = resume(broker, "s", false)) {
                client.subscribe(1, MqttProperties.NONE, new SubscriptionRequest("kept/#", 1, true, false, 0))
                        .expectSubAck(1, 1);
                Steps.publish(client, "kept/x", "own", 1);
                client.raw().reset();
            }
            try (MqttRawClient publisher = publisher(broker)) {
                Steps.publish(publisher, "kept/x", "other's", 1);
            }
            try (MqttRawClient client = resume(broker, "s", true)) {
                Steps.receive(client, "kept/x", "other's", 1);
                Steps.ping(client);
            }
        }
    }

    /** A topic that is made later concerns a session that sleeps, from its first record on. */
    @Test
    void topicsThatComeLaterAreReadFromTheirBeginning() {
        try (InProcessBroker broker = options().start()) {
            try (MqttRawClient client = resume(broker, "s", false)) {
                Steps.subscribe(client, "later/#", 1);
                Steps.leave(client);
            }
            createTopic(broker, "later", "later/#");
            try (MqttRawClient publisher = publisher(broker)) {
                Steps.publish(publisher, "later/x", "asleep", 1);
                try (MqttRawClient client = resume(broker, "s", true)) {
                    Steps.receive(client, "later/x", "asleep", 1);
                    createTopic(broker, "last", "later/last");
                    Steps.publish(publisher, "later/last", "awake", 1);
                    Steps.receive(client, "later/last", "awake", 1);
                    Steps.ping(client);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBacklogBeyondTheLimitsLosesItsOldestOrItsNewest(boolean dropsOldest) {
        MqttLimits limits = new MqttLimits(1 << 20, 1024, 32, 1024, 5, 1 << 20, 1 << 20, MqttLimits.NEVER, 0, 10_000)
                .withBacklog(0, dropsOldest);
        try (InProcessBroker broker = options().limits(limits).start()) {
            createTopic(broker, "kept", "kept/#");
            try (MqttRawClient client = resume(broker, "s", false)) {
                Steps.subscribe(client, "kept/#", 1);
                Steps.leave(client);
            }
            try (MqttRawClient publisher = publisher(broker)) {
                for (int i = 0; i < 8; i++) {
                    Steps.publish(publisher, "kept/x", "m" + i, 1);
                }
            }
            try (MqttRawClient client = resume(broker, "s", true)) {
                for (int i = 0; i < 5; i++) {
                    Steps.receive(client, "kept/x", "m" + (dropsOldest ? i + 3 : i), 1);
                }
                Steps.ping(client);
                Steps.leave(client);
            }
            Steps.await("what it has lost is known", () -> lostByCount(broker, "s") == 3);
        }
    }

    private static long lostByCount(InProcessBroker broker, String clientId) {
        return broker.broker()
                .ports()
                .sessions()
                .show(Tenants.DEFAULT, clientId)
                .toCompletableFuture()
                .join()
                .progress()
                .drops()
                .count();
    }
}
