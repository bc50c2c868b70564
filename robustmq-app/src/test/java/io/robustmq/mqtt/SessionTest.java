/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.testkit.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that outlive connections, on three loops; numbers are statements of MQTT 5.0. */
class SessionTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().loops(3).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static MqttRawClient open(MqttVersion version) {
        return MqttRawClient.open(broker.tcpPort(), version);
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static MqttRawClient resumed(MqttVersion version, String id, boolean present) {
        MqttRawClient client = open(version);
        // 3.1 has no session present.
        assertThat(Steps.resume(client, version, id)).isEqualTo(present && version != MqttVersion.V3_1);
        return client;
    }

    /** 3.1.2-4, -5, -6, 3.2.2-2, -3, v3:3.1.2-4, v3:3.1.2-6 */
    @Statement({
        "MQTT-3.1.2-4",
        "MQTT-3.1.2-5",
        "MQTT-3.1.2-6",
        "MQTT-3.2.2-2",
        "MQTT-3.2.2-3",
        "MQTT-4.1.0-1",
        "v3:MQTT-3.1.2-4",
        "v3:MQTT-3.1.2-6",
        "v3:MQTT-3.2.2-1",
        "v3:MQTT-3.2.2-2",
        "v3:MQTT-3.2.2-3",
        "v3:MQTT-4.1.0-1",
        "v3:MQTT-4.1.0-2"
    })
    @ParameterizedTest
    @EnumSource
    void sessionPresentAndCleanStart(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient first = resumed(version, id, false)) {
            Steps.subscribe(first, topic, 1);
            Steps.leave(first);
        }
        try (MqttRawClient second = resumed(version, id, true);
                MqttRawClient publisher = client(version)) {
            Steps.publish(publisher, topic, "still subscribed");
            Steps.receive(second, topic, "still subscribed", 1);
            Steps.leave(second);
        }
        try (MqttRawClient clean = open(version)) {
            assertThat(clean.connect(id, true).expectAccepted().sessionPresent())
                    .isFalse();
            Steps.publish(clean, topic, "not any more");
            Steps.ping(clean);
            Steps.leave(clean);
        }
        try (MqttRawClient last = resumed(version, id, false)) {
            Steps.publish(last, topic, "not either");
            Steps.ping(last);
        }
    }

    /** 3.1.2-23, 4.5.0-1, v3:3.1.2-5: QoS 1 and 2 wait, on whatever loop the next connection lands. */
    @Statement({"MQTT-3.1.2-23", "MQTT-4.5.0-1", "v3:MQTT-3.1.2-5", "v3:MQTT-4.5.0-1"})
    @ParameterizedTest
    @EnumSource
    void messagesWaitForTheirSession(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient first = resumed(version, id, false)) {
            Steps.subscribe(first, topic, 2);
            Steps.leave(first);
        }
        long offered = broker.broker().counters().offered.sum();
        try (MqttRawClient publisher = client(version)) {
            for (int round = 0; round < 5; round++) {
                for (int qos = 0; qos <= 2; qos++) {
                    Steps.publish(publisher, topic, round + "/" + qos, qos);
                }
                try (MqttRawClient next = resumed(version, id, true)) {
                    Steps.receive(next, topic, round + "/1", 1);
                    Steps.receive(next, topic, round + "/2", 2);
                    Steps.ping(next);
                    Steps.leave(next);
                }
            }
        }
        // Whoever sleeps is not offered anything: what waits for it lies in the log, and QoS 0 does not wait.
        assertThat(broker.broker().counters().offered.sum() - offered).isLessThanOrEqualTo(5 * 3);
    }

    /** 4.4.0-1, 3.3.1-1, 4.6.0-5, v3:4.6.0-6: what was under way comes again with DUP, its id, and in its order. */
    @Statement({"MQTT-4.4.0-1", "v3:MQTT-4.4.0-1", "v3:MQTT-4.6.0-6"})
    @ParameterizedTest
    @EnumSource
    void redeliveryInOrder(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        int[] ids = new int[6];
        try (MqttRawClient publisher = client(version)) {
            try (MqttRawClient first = resumed(version, id, false)) {
                Steps.subscribe(first, topic, 2);
                for (int i = 0; i < 6; i++) {
                    Steps.publish(publisher, topic, "m" + i, 1 + i % 2);
                    ids[i] = first.expectPublish(topic, "m" + i).packetId();
                }
                // 0 is done; 1 is received but not released; 3 is released; the rest is unacknowledged.
                first.pubAck(ids[0]).pubRec(ids[1]);
                first.expectAcknowledgement(PacketType.PUBREL, ids[1], 0);
                first.pubRec(ids[3]).expectAcknowledgement(PacketType.PUBREL, ids[3], 0);
                first.pubComp(ids[3]);
                Steps.ping(first);
                first.raw().reset();
            }
            Steps.publish(publisher, topic, "new", 1);
            for (int attempt = 0; attempt < 3; attempt++) {
                try (MqttRawClient next = resumed(version, id, true)) {
                    List<String> order = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        Object packet = next.expect(Object.class);
                        if (packet instanceof Publish publish) {
                            assertThat(publish.dup()).isTrue();
                            assertThat(publish.packetId())
                                    .isEqualTo(
                                            ids[Integer.parseInt(publish.text().substring(1))]);
                            order.add(publish.text());
                        } else {
                            assertThat(packet)
                                    .isEqualTo(new MqttRawClient.Acknowledgement(PacketType.PUBREL, ids[1], 0));
                        }
                    }
                    assertThat(order).containsExactly("m2", "m4", "m5");
                    Publish fresh = next.expectPublish(topic, "new");
                    // At first it depends on whether the server had seen the end when it came.
                    assertThat(fresh.dup() || attempt == 0).isTrue();
                    if (attempt == 2) {
                        next.pubComp(ids[1]).pubAck(ids[2]).pubAck(ids[4]).pubAck(fresh.packetId());
                        next.pubRec(ids[5]).expectAcknowledgement(PacketType.PUBREL, ids[5], 0);
                        next.pubComp(ids[5]);
                        Steps.ping(next);
                        Steps.leave(next);
                    }
                }
            }
            try (MqttRawClient last = resumed(version, id, true)) {
                Steps.ping(last);
            }
        }
    }

    /** 3.3.4-9, 4.9.0-1, -2: a smaller window after the reconnect holds for what is sent again, too. */
    @Statement({"MQTT-3.3.4-9", "MQTT-4.9.0-1", "MQTT-4.9.0-2", "rule:send-quota"})
    @Test
    void redeliveryKeepsToTheNewWindow() {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient publisher = client(MqttVersion.V5)) {
            try (MqttRawClient first = resumed(MqttVersion.V5, id, false)) {
                Steps.subscribe(first, topic, 2);
                for (int i = 0; i < 10; i++) {
                    Steps.publish(publisher, topic, "m" + i, i % 2 + 1);
                    first.expectPublish(topic, "m" + i);
                }
            }
            MqttProperties properties = MqttProperties.builder()
                    .number(PropertyId.SESSION_EXPIRY_INTERVAL, 60)
                    .number(PropertyId.RECEIVE_MAXIMUM, 2)
                    .build();
            try (MqttRawClient next = open(MqttVersion.V5)) {
                next.connect(id, false, null, properties).expectAccepted();
                Publish a = next.expectPublish(topic, "m0");
                for (int i = 1; i < 10; i++) {
                    Publish b = next.expectPublish(topic, "m" + i);
                    Steps.ping(next);
                    if (a.qos() == 1) {
                        next.pubAck(a.packetId());
                    } else {
                        next.pubRec(a.packetId());
                        next.expectAcknowledgement(PacketType.PUBREL, a.packetId(), 0);
                        Steps.ping(next);
                        next.pubComp(a.packetId());
                    }
                    a = b;
                }
                next.pubRec(a.packetId()).expectAcknowledgement(PacketType.PUBREL, a.packetId(), 0);
                next.pubComp(a.packetId());
                Steps.publish(publisher, topic, "after", 1);
                Steps.receive(next, topic, "after", 1);
            }
        }
    }

    /** 3.1.2-24, -25: sent again to a client that takes less now, a message is dropped and its place in the window free. */
    @Statement({"MQTT-3.1.2-24", "MQTT-3.1.2-25"})
    @Test
    void redeliveryKeepsToTheNewPacketSize() {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient publisher = client(MqttVersion.V5)) {
            try (MqttRawClient first = resumed(MqttVersion.V5, id, false)) {
                Steps.subscribe(first, topic, 1);
                for (String payload : new String[] {"x".repeat(200), "y".repeat(200), "small"}) {
                    Steps.publish(publisher, topic, payload);
                    first.expectPublish(topic, payload);
                }
            }
            MqttProperties properties = MqttProperties.builder()
                    .number(PropertyId.SESSION_EXPIRY_INTERVAL, 60)
                    .number(PropertyId.RECEIVE_MAXIMUM, 1)
                    .number(PropertyId.MAXIMUM_PACKET_SIZE, 100)
                    .build();
            try (MqttRawClient next = open(MqttVersion.V5)) {
                long dropped = broker.counters().droppedTooLarge.sum();
                next.connect(id, false, null, properties).expectAccepted();
                next.pubAck(next.expectPublish(topic, "small").packetId());
                Steps.publish(publisher, topic, "next");
                Steps.receive(next, topic, "next", 1);
                assertThat(broker.counters().droppedTooLarge.sum() - dropped).isEqualTo(2);
            }
        }
    }

    /** 4.3.3-8, -10, -11, -12: a publish repeated on a new connection is published once, also after its PUBREC was lost. */
    @Statement({"MQTT-4.3.3-8", "MQTT-4.3.3-10", "MQTT-4.3.3-11", "MQTT-4.3.3-12", "v3:MQTT-4.3.3-2"})
    @ParameterizedTest
    @EnumSource
    void inboundQos2SurvivesReconnects(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        for (int attempt = 0; attempt < 3; attempt++) {
            boolean dup = attempt > 0;
            try (MqttRawClient client = resumed(version, id, attempt > 0)) {
                client.publish(topic, "once", packet -> packet.flags(2, dup, false, 77));
                client.expectAcknowledgement(PacketType.PUBREC, 77, 0);
            }
        }
        for (int attempt = 0; attempt < 2; attempt++) {
            try (MqttRawClient client = resumed(version, id, true)) {
                int code = version == MqttVersion.V5 && attempt > 0 ? ReasonCode.PACKET_IDENTIFIER_NOT_FOUND : 0;
                client.pubRel(77).expectAcknowledgement(PacketType.PUBCOMP, 77, code);
            }
        }
        try (MqttRawClient client = resumed(version, id, true)) {
            Steps.publish(client, topic, "twice", 2);
            client.publish(topic, "thrice", 2, 77).expectAcknowledgement(PacketType.PUBREC, 77, 0);
        }
        assertThat(broker.records("mqtt").stream()
                        .filter(record -> record.subject().equals(topic))
                        .count())
                .isEqualTo(3);
    }

    /** 4.1.0-2, 3.1.2-23: a session ends with its expiry, and with the connection when that is 0. */
    @Statement({"MQTT-3.1.2-23", "MQTT-4.1.0-2"})
    @Test
    void expiryEndsTheSession() {
        String none = Steps.unique("s");
        String one = Steps.unique("s");
        String raised = Steps.unique("s");
        String lowered = Steps.unique("s");
        String topic = Steps.unique("end/");
        MqttProperties delay = Steps.number(PropertyId.WILL_DELAY_INTERVAL, 1000);
        MqttRawClient watcher = client(MqttVersion.V5);
        Steps.subscribe(watcher, topic, 0);
        try (MqttRawClient a = open(MqttVersion.V5);
                MqttRawClient b = open(MqttVersion.V5);
                MqttRawClient c = open(MqttVersion.V5);
                MqttRawClient d = open(MqttVersion.V5)) {
            a.connect(none, true).expectAccepted();
            b.connect(one, true, Steps.will(topic, "over", 0, false, delay), Steps.expiry(1))
                    .expectAccepted();
            c.connect(raised, true, null, Steps.expiry(1)).expectAccepted();
            d.connect(lowered, true, null, Steps.expiry(1000)).expectAccepted();
            Steps.leave(a);
            b.disconnect(ReasonCode.DISCONNECT_WITH_WILL, MqttProperties.NONE);
            b.expectClose();
            c.disconnect(0, Steps.expiry(1000));
            c.expectClose();
            d.disconnect(0, Steps.expiry(0));
            d.expectClose();
        }
        // The will does not wait longer than its session (3.1.2-8).
        watcher.expectPublish(topic, "over");
        watcher.close();
        for (String gone : new String[] {none, one, lowered}) {
            try (MqttRawClient client = resumed(MqttVersion.V5, gone, false)) {
                Steps.ping(client);
            }
        }
        resumed(MqttVersion.V5, raised, true).close();
    }

    /** Section 3.14.2: an expiry that was 0 cannot be raised; the reason why is a protocol error. */
    @Statement("rule:expiry-raised")
    @Test
    void expiryCannotBeRaisedFromZero() {
        String id = Steps.unique("s");
        try (MqttRawClient client = open(MqttVersion.V5)) {
            client.connect(id, true).expectAccepted();
            client.disconnect(0, Steps.expiry(5)).expectDisconnect(ReasonCode.PROTOCOL_ERROR);
        }
        resumed(MqttVersion.V5, id, false).close();
    }

    /** A client that comes back in time stops the clock, whatever loop that was on. */
    @Test
    void comingBackStopsTheExpiry() {
        String id = Steps.unique("s");
        for (int i = 0; i < 4; i++) {
            try (MqttRawClient client = open(MqttVersion.V5)) {
                assertThat(client.connect(id, false, null, Steps.expiry(1))
                                .expectAccepted()
                                .sessionPresent())
                        .isEqualTo(i > 0);
                Steps.leave(client);
            }
        }
        try (MqttRawClient client = open(MqttVersion.V5)) {
            client.connect(id, false, null, Steps.expiry(1)).expectAccepted();
            long since = System.nanoTime();
            Steps.await("more than the expiry", () -> System.nanoTime() - since > 1_200_000_000L);
            Steps.subscribe(client, id, 1);
            Steps.publish(client, id, "alive", 0);
            client.expectPublish(id, "alive");
        }
    }

    /** 3.1.4-3, v3:3.1.4-2 */
    @Statement({
        "MQTT-3.1.3-2",
        "MQTT-3.1.4-3",
        "MQTT-3.1.4-4",
        "MQTT-3.1.4-5",
        "v3:MQTT-3.1.3-2",
        "v3:MQTT-3.1.4-2",
        "v3:MQTT-3.1.4-3",
        "v3:MQTT-3.1.4-4"
    })
    @ParameterizedTest
    @EnumSource
    void takeover(MqttVersion version) {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        try (MqttRawClient first = resumed(version, id, false)) {
            Steps.subscribe(first, topic, 1);
            try (MqttRawClient second = resumed(version, id, true);
                    MqttRawClient publisher = client(version)) {
                first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
                Steps.publish(publisher, topic, "x");
                Steps.receive(second, topic, "x", 1);
                try (MqttRawClient third = open(version)) {
                    assertThat(third.connect(id, true).expectAccepted().sessionPresent())
                            .isFalse();
                    second.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
                    Steps.publish(publisher, topic, "y");
                    Steps.ping(third);
                }
            }
        }
    }

    /** One id, two hundred connections at once: one remains, with the one session, and nobody hangs. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void takeoverStorm(boolean cleanStart) {
        String id = Steps.unique("storm");
        String topic = Steps.unique("t/");
        int count = 200;
        List<MqttRawClient> clients = new ArrayList<>();
        try (InProcessBroker own = InProcessBroker.options().loops(3).start()) {
            for (int i = 0; i < count; i++) {
                clients.add(MqttRawClient.open(own.tcpPort(), MqttVersion.V5));
            }
            clients.forEach(client -> client.connect(id, cleanStart, null, Steps.expiry(cleanStart ? 0 : 60)));
            MqttRawClient survivor = null;
            int sentAway = 0;
            for (MqttRawClient client : clients) {
                client.expectAccepted();
                client.pingReq();
            }
            for (MqttRawClient client : clients) {
                Object packet = client.expect(Object.class);
                if (packet instanceof MqttRawClient.PingResp && survivor == null && isAlive(client)) {
                    survivor = client;
                } else {
                    sentAway++;
                }
            }
            assertThat(sentAway).isEqualTo(count - 1);
            assertThat(survivor).isNotNull();
            assertThat(own.broker().ports().sessions().count()).isEqualTo(1);
            assertThat(own.counters().takeovers.sum()).isEqualTo(count - 1);
            Steps.subscribe(survivor, topic, 1);
            Steps.publish(survivor, topic, "alone", 0);
            survivor.expectPublish(topic, "alone");
            Steps.leave(survivor);
            assertThat(own.broker().ports().sessions().count()).isEqualTo(cleanStart ? 0 : 1);
        } finally {
            clients.forEach(MqttRawClient::close);
        }
    }

    private static boolean isAlive(MqttRawClient client) {
        Object packet = client.pingReq().expect(Object.class);
        return packet instanceof MqttRawClient.PingResp;
    }

    /** As below, but each connection is taken over in full flow: what was acknowledged too late comes again, marked. */
    @Test
    void takingOverWhileMessagesFlow() throws InterruptedException {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        int count = 2000;
        MqttRawClient subscriber = resumed(MqttVersion.V5, id, false);
        Steps.subscribe(subscriber, topic, 1);
        Thread publishing = publishInBackground(topic, count);
        int next = 0;
        int onThisConnection = 0;
        while (next < count) {
            Publish publish = subscriber.expect(Publish.class);
            subscriber.pubAck(publish.packetId());
            if (publish.dup() && !publish.text().equals("m" + next)) {
                assertThat(Integer.parseInt(publish.text().substring(1))).isLessThan(next);
            } else {
                assertThat(publish.text()).isEqualTo("m" + next++);
            }
            if (++onThisConnection == 100) {
                onThisConnection = 0;
                MqttRawClient successor = resumed(MqttVersion.V5, id, true);
                subscriber.close();
                subscriber = successor;
            }
        }
        publishing.join();
        subscriber.close();
        assertThat(next).isEqualTo(count);
    }

    private static Thread publishInBackground(String topic, int count) {
        Thread publishing = new Thread(() -> {
            try (MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
                for (int i = 0; i < count; i++) {
                    publisher.publish(topic, "m" + i, 1, i + 1);
                    if (i % 50 == 49) {
                        for (int acks = i - 48; acks <= i + 1; acks++) {
                            publisher.expectPubAck(acks);
                        }
                    }
                }
            }
        });
        publishing.start();
        return publishing;
    }

    /** Nothing is lost, repeated or reordered while a session goes from connection to connection and loop to loop. */
    @Test
    void movingWhileMessagesFlow() throws InterruptedException {
        String id = Steps.unique("s");
        String topic = Steps.unique("t/");
        int count = 2000;
        try (MqttRawClient subscriber = resumed(MqttVersion.V3_1_1, id, false)) {
            Steps.subscribe(subscriber, topic, 1);
            Steps.leave(subscriber);
        }
        Thread publishing = publishInBackground(topic, count);
        int next = 0;
        while (next < count) {
            try (MqttRawClient subscriber = resumed(MqttVersion.V3_1_1, id, true)) {
                // Everything received is acknowledged before the connection goes, so nothing may come again.
                for (int i = 0; i < 100 && next < count; i++) {
                    Publish publish = subscriber.expect(Publish.class);
                    assertThat(publish.text()).isEqualTo("m" + next++);
                    subscriber.pubAck(publish.packetId());
                }
                // What was sent before the goodbye was heard is unacknowledged and comes again.
                subscriber.disconnect();
                subscriber.raw().readUntilClose();
            }
        }
        publishing.join();
        assertThat(next).isEqualTo(count);
    }
}
