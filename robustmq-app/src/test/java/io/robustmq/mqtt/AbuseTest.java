/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.MqttLimits;
import io.robustmq.testkit.RawClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that ask for too much: they get what the limits allow. Whether others notice is for {@link NeighboursTest}. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AbuseTest {
    private static final int LONGEST = 65_535;
    private static final int RETAINED = 10_000;

    private static MqttRawClient client(InProcessBroker broker, MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    // --- subscriptions

    @Test
    void aSessionHasSoManySubscriptionsAndNoMore() {
        MqttLimits limits = MqttLimits.DEFAULTS.withSubscriptionsMax(100, 1_000);
        try (InProcessBroker broker = InProcessBroker.options().limits(limits).start();
                MqttRawClient five = client(broker, MqttVersion.V5);
                MqttRawClient three = client(broker, MqttVersion.V3_1_1)) {
            for (MqttRawClient each : List.of(five, three)) {
                for (int i = 0; i < 100; i++) {
                    each.subscribe(1, "bomb/" + i, 1).expectSubAck(1, 1);
                }
                each.subscribe(2, "bomb/100", 1).expectSubAck(2, each == five ? ReasonCode.QUOTA_EXCEEDED : 0x80);
                // What is there can be replaced, and what goes makes room.
                each.subscribe(3, "bomb/7", 0).expectSubAck(3, 0);
                each.unsubscribe(4, "bomb/0");
                each.expect(io.robustmq.mqtt.codec.UnsubAck.class);
                each.subscribe(
                                5,
                                MqttProperties.NONE,
                                new SubscriptionRequest("bomb/a", 2),
                                new SubscriptionRequest("bomb/b", 2))
                        .expectSubAck(5, 2, each == five ? ReasonCode.QUOTA_EXCEEDED : 0x80);
            }
            assertThat(broker.counters().subscriptionsRefused.sum()).isEqualTo(4);
            assertThat(broker.services().subscribed().used()).isEqualTo(200);
        }
    }

    @Test
    void theNodeHasSoManySubscriptionsAndLongOnesCountForSeveral() {
        MqttLimits limits = MqttLimits.DEFAULTS.withSubscriptionsMax(1_000, 300);
        try (InProcessBroker broker = InProcessBroker.options().limits(limits).start();
                MqttRawClient one = client(broker, MqttVersion.V5)) {
            try (MqttRawClient other = client(broker, MqttVersion.V5)) {
                other.subscribe(1, "x".repeat(LONGEST), 1).expectSubAck(1, 1);
                assertThat(broker.services().subscribed().used()).isEqualTo(256);
                for (int i = 0; i < 44; i++) {
                    one.subscribe(1, "bomb/" + i, 1).expectSubAck(1, 1);
                }
                one.subscribe(1, "bomb/44", 1).expectSubAck(1, ReasonCode.QUOTA_EXCEEDED);
                other.subscribe(1, "y".repeat(LONGEST), 1).expectSubAck(1, ReasonCode.QUOTA_EXCEEDED);
            }
            Steps.await(
                    "its session is gone", () -> broker.services().subscribed().used() == 44);
            one.subscribe(1, "bomb/44", 1).expectSubAck(1, 1);
        }
    }

    // --- long topics

    @Test
    void theLongestTopicIsDelivered() {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient subscriber = client(broker, MqttVersion.V5);
                MqttRawClient publisher = client(broker, MqttVersion.V3_1_1)) {
            Steps.subscribe(subscriber, "#", 1);
            for (int i = 0; i < 100; i++) {
                String topic = (i + "/" + "t".repeat(LONGEST)).substring(0, LONGEST);
                Steps.publish(publisher, topic, "m" + i);
                Steps.receive(subscriber, topic, "m" + i, 1);
            }
            Steps.await("memory is back", () -> broker.budget().usedBytes() == 0);
        }
    }

    /** What waits for a session, and what is retained, is counted with its topic: empty messages are not for nothing. */
    @Test
    void longTopicsCountWhereMessagesAreKept() {
        int each = 3 * LONGEST + 96 + 1;
        MqttLimits defaults = MqttLimits.DEFAULTS;
        MqttLimits limits = new MqttLimits(
                1 << 20,
                defaults.receiveMaximum(),
                defaults.topicAliasMaximum(),
                defaults.inflightMax(),
                defaults.queuedMessagesMax(),
                10L * each,
                defaults.outboundBytesMax(),
                MqttLimits.NEVER,
                0,
                10_000);
        try (InProcessBroker broker = InProcessBroker.options()
                .limits(limits)
                .retainedBytesMax(5L * each)
                .start()) {
            try (MqttRawClient slow = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                    MqttRawClient publisher = client(broker, MqttVersion.V5)) {
                // What this session has not acknowledged ends with its connection, and so waits in memory.
                slow.connect("slow", true, null, Steps.number(PropertyId.RECEIVE_MAXIMUM, 1))
                        .expectAccepted();
                Steps.subscribe(slow, "#", 1);
                for (int i = 0; i < 12; i++) {
                    String topic = (i + "t".repeat(LONGEST)).substring(0, LONGEST);
                    publisher.publish(topic, "x", packet -> packet.flags(1, false, true, 1));
                    publisher.expectAcknowledgement(PacketType.PUBACK, 1, i < 5 ? 0 : ReasonCode.QUOTA_EXCEEDED);
                }
                for (int i = 0; i < 12; i++) {
                    Steps.publish(publisher, (i + "q".repeat(LONGEST)).substring(0, LONGEST), "x");
                }
                // One is under way.
                Steps.await("drops", () -> broker.counters().droppedQueueFull.sum() == 6);
                assertThat(broker.queued().usedBytes()).isEqualTo(10L * each);
                assertThat(broker.broker().retained().count()).isEqualTo(5);
            }
        }
    }

    @Test
    void aliasesOfOneConnectionHoldSoManyBytes() {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient client = client(broker, MqttVersion.V5)) {
            for (int alias = 1; alias <= 4; alias++) {
                int named = alias;
                client.publish(alias + "a".repeat(LONGEST - 1), "x", packet -> packet.topicAlias(named));
            }
            Steps.ping(client);
            // Naming one anew gives the old name back.
            client.publish("short", "x", packet -> packet.topicAlias(1));
            client.publish("5" + "a".repeat(LONGEST - 20), "x", packet -> packet.topicAlias(5));
            Steps.ping(client);
            client.publish("6" + "a".repeat(LONGEST - 1), "x", packet -> packet.topicAlias(6));
            client.expectDisconnect(ReasonCode.QUOTA_EXCEEDED);
        }
    }

    // --- large packets

    @ParameterizedTest
    @EnumSource
    void aHundredMegabytesAreRefusedWhenTheyAreAnnounced(MqttVersion version) {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient client = client(broker, version)) {
            // PUBLISH, and a remaining length of 104,857,600.
            client.raw().send((byte) 0x30, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x32);
            client.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
            assertThat(broker.budget().usedBytes()).isZero();
        }
    }

    /** Large packets that never end take what the node has and no more; who has room goes on. */
    @Test
    void unfinishedPacketsStayWithinTheBudget() {
        int limit = 8 << 20;
        byte[] unfinished = new byte[900_000];
        unfinished[0] = 0x30;
        // A remaining length of 1,000,000; the topic is a NUL too little.
        unfinished[1] = (byte) 0xC0;
        unfinished[2] = (byte) 0x84;
        unfinished[3] = 0x3D;
        unfinished[5] = 1;
        unfinished[6] = 't';
        List<MqttRawClient> greedy = new ArrayList<>();
        try (InProcessBroker broker =
                        InProcessBroker.options().loops(1).budgetBytes(limit).start();
                MqttRawClient healthy = client(broker, MqttVersion.V5)) {
            Steps.subscribe(healthy, "h", 1);
            for (int i = 0; i < 30; i++) {
                greedy.add(client(broker, MqttVersion.V5));
            }
            for (MqttRawClient each : greedy) {
                try {
                    each.raw().send(unfinished);
                } catch (UncheckedIOException closed) {
                    assertThat(broker.server().connections().size()).isLessThan(31);
                }
                assertThat(broker.budget().usedBytes()).isLessThanOrEqualTo(limit);
                Steps.ping(healthy);
            }
            Steps.await("most are closed", () -> broker.server().connections().size() <= 12);
            assertThat(broker.server().connections().size())
                    .as("some have room")
                    .isGreaterThan(3);
            greedy.forEach(MqttRawClient::close);
            Steps.await("memory is back", () -> broker.budget().usedBytes() == 0);
            healthy.publish("h", "well").expectPublish("h", "well");
        }
    }

    // --- one byte at a time

    @Test
    void oneByteAtATimeIsUnderstood() throws IOException {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient subscriber = client(broker, MqttVersion.V3_1_1)) {
            Steps.subscribe(subscriber, "slowly/#", 1);
            for (boolean fragmented : new boolean[] {false, true}) {
                WebSocketSocket socket = new WebSocketSocket(broker.webSocketPort(), "mqtt", 1, fragmented);
                try (MqttRawClient bytes =
                        new MqttRawClient(new RawClient(socket, Duration.ofSeconds(10)), MqttVersion.V5)) {
                    bytes.connect(Steps.unique("b"), true).expectAccepted();
                    Steps.publish(bytes, "slowly/web", "x".repeat(300));
                    Steps.receive(subscriber, "slowly/web", "x".repeat(300), 1);
                }
            }
            try (RawClient raw = RawClient.connect("127.0.0.1", broker.tcpPort())) {
                raw.sendSlowly(bytes("101000044d5154540402000000046f6e6531")).expectHex("20020000");
                raw.sendSlowly(bytes("3212000a736c6f776c792f74637000017061796c"))
                        .expectHex("40020001");
            }
            Steps.receive(subscriber, "slowly/tcp", "payl", 1);
        }
    }

    private static byte[] bytes(String hex) {
        return java.util.HexFormat.of().parseHex(hex);
    }

    // --- who takes nothing

    /** A subscriber that acknowledges nothing holds its window and its queue, and nobody else's messages. */
    @Test
    void whoNeverAcknowledgesIsLeftBehind() {
        MqttLimits limits = new MqttLimits(1 << 20, 1024, 32, 16, 100, 1 << 20, 1 << 20, MqttLimits.NEVER, 0, 10_000);
        try (InProcessBroker broker = InProcessBroker.options().limits(limits).start();
                MqttRawClient never = client(broker, MqttVersion.V5);
                MqttRawClient other = client(broker, MqttVersion.V5);
                MqttRawClient publisher = client(broker, MqttVersion.V3_1_1)) {
            Steps.subscribe(never, "t", 2);
            Steps.subscribe(other, "t", 1);
            for (int i = 0; i < 500; i++) {
                Steps.publish(publisher, "t", "m" + i, 1 + i % 2);
                Steps.receive(other, "t", "m" + i, 1);
            }
            Steps.await("drops", () -> broker.counters().droppedQueueFull.sum() == 500 - 16 - 100);
            for (int i = 0; i < 16; i++) {
                never.expectPublish("t", "m" + i);
            }
            Steps.ping(never);
            assertThat(broker.queued().messages()).isEqualTo(100);
        }
    }

    // --- retained messages

    static void retain(InProcessBroker broker, int count) {
        try (MqttRawClient publisher = client(broker, MqttVersion.V3_1_1)) {
            for (int i = 0; i < count; ) {
                for (int end = i + 500; i < end; i++) {
                    publisher.publish("retained/" + i, "of " + i, packet -> packet.flags(0, false, true, 0));
                }
                Steps.ping(publisher);
            }
            Steps.await("all are kept", () -> broker.broker().retained().count() == count);
        }
    }

    /** Many more than a socket takes: each comes once, none is dropped, and pings are answered in between. */
    @Test
    void aReplayIsAsFastAsItsClientAndLetsOthersIn() {
        int count = RETAINED;
        try (InProcessBroker broker = InProcessBroker.options().loops(1).start();
                MqttRawClient other = client(broker, MqttVersion.V5)) {
            retain(broker, count);
            for (int qos = 0; qos <= 1; qos++) {
                try (MqttRawClient slow = client(broker, MqttVersion.V5)) {
                    Steps.subscribe(slow, "retained/#", qos);
                    long delivered = broker.counters().delivered.sum();
                    int pings = 0;
                    boolean[] seen = new boolean[count];
                    for (int i = 0; i < count; i++) {
                        MqttRawClient.Publish publish = slow.expect(MqttRawClient.Publish.class);
                        int number = Integer.parseInt(publish.topic().substring("retained/".length()));
                        assertThat(seen[number]).isFalse();
                        seen[number] = true;
                        if (i % 500 == 0) {
                            Steps.ping(other);
                            pings += broker.counters().delivered.sum() - delivered < count ? 1 : 0;
                        }
                    }
                    assertThat(broker.counters().droppedSlow.sum()).isZero();
                    assertThat(pings)
                            .as("answered before the replay was at its end")
                            .isPositive();
                }
            }
        }
    }

    @Test
    void whatIsNotWantedAnyMoreIsNotReplayed() {
        try (InProcessBroker broker = InProcessBroker.options().loops(1).start();
                MqttRawClient client = client(broker, MqttVersion.V5)) {
            retain(broker, 2_000);
            // In one packet of the network, so that nothing is replayed between them.
            client.send(out -> {
                MqttVersion five = MqttVersion.V5;
                List<SubscriptionRequest> all = List.of(new SubscriptionRequest("retained/#", 0));
                MqttClientEncoder.subscribe(out, five, 1, all, MqttProperties.NONE);
                MqttClientEncoder.unsubscribe(out, five, 2, List.of("retained/#"), MqttProperties.NONE);
                List<SubscriptionRequest> one = List.of(new SubscriptionRequest("retained/1", 0));
                MqttClientEncoder.subscribe(out, five, 3, one, MqttProperties.NONE);
                MqttClientEncoder.pingReq(out);
            });
            int before = 0;
            int after = 0;
            boolean unsubscribed = false;
            for (Object packet = client.expect(Object.class);
                    !(packet instanceof MqttRawClient.PingResp);
                    packet = client.expect(Object.class)) {
                unsubscribed |= packet instanceof io.robustmq.mqtt.codec.UnsubAck;
                if (packet instanceof MqttRawClient.Publish) {
                    before += unsubscribed ? 0 : 1;
                    after += unsubscribed ? 1 : 0;
                }
            }
            assertThat(before).isLessThan(1_000);
            if (after == 0) {
                client.expectPublish("retained/1", "of 1");
            }
            Steps.ping(client);
        }
    }
}
