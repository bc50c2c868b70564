/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.clients.TestClient.Extras;
import io.robustmq.mqtt.clients.TestClient.Login;
import io.robustmq.mqtt.clients.TestClient.Message;
import io.robustmq.testkit.LeakExtension;
import io.robustmq.testkit.Statement;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every MQTT client does with a broker, over TCP and WebSocket, plain and encrypted. One subclass for each library and version. That
 * nothing arrives is shown without waiting: a message sent afterwards on the same way arrives first. Confined to the
 * test's thread.
 */
@ParameterizedClass
@EnumSource(Transport.class)
@ExtendWith(LeakExtension.class)
abstract class ClientScenario {
    private static final int BURST = 200;

    private static InProcessBroker broker;

    @Parameter
    Transport transport;

    private final List<TestClient> clients = new ArrayList<>();
    private String root;

    /** A client of the library, not connected. */
    abstract TestClient newClient(Transport transport) throws Exception;

    @BeforeAll
    static void startBroker() {
        broker = start();
    }

    private static InProcessBroker start() {
        return InProcessBroker.options().tls(Trust.INSTANCE.broker()).start();
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void nameTopics(TestInfo test) {
        root = test.getTestMethod().orElseThrow().getName();
    }

    @AfterEach
    void closeClients() throws Exception {
        for (TestClient client : clients) {
            client.close();
        }
    }

    final TestClient client() throws Exception {
        TestClient client = newClient(transport);
        clients.add(client);
        return client;
    }

    final int port(InProcessBroker of) {
        return transport.port(of);
    }

    final Login login(String name) {
        return new Login(port(broker), root + "-" + name, true, null);
    }

    private Login lasting(String name) {
        return new Login(port(broker), root + "-" + name, false, null);
    }

    final TestClient connected(String name) throws Exception {
        TestClient client = client();
        assertThat(client.connect(login(name))).isFalse();
        return client;
    }

    final String topic(String levels) {
        return root + "/" + levels;
    }

    final Message message(String levels, String text, int qos) {
        return Message.of(topic(levels), text, qos);
    }

    static Message next(TestClient client) throws InterruptedException {
        Message message = client.received().poll(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        assertThat(message).as("a message within %s", TestClient.TIMEOUT).isNotNull();
        return message;
    }

    private static List<Message> take(TestClient client, int count) throws InterruptedException {
        List<Message> arrived = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            arrived.add(next(client));
        }
        assertThat(client.received()).isEmpty();
        return arrived;
    }

    static void expect(TestClient client, String... messages) throws InterruptedException {
        assertThat(take(client, messages.length)).extracting(Message::toString).containsExactly(messages);
    }

    /** All that MQTT orders: the messages of one publisher to one topic with one QoS (MQTT-4.6.0-6). */
    private static Map<String, List<String>> byTopicAndQos(List<Message> messages) {
        return messages.stream()
                .collect(Collectors.groupingBy(
                        message -> message.topic() + "@" + message.qos(),
                        Collectors.mapping(Message::text, Collectors.toList())));
    }

    @Statement("v3:MQTT-7.0.0-2")
    @Test
    void wildcardsAndEveryQos() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        assertThat(subscriber.subscribe(topic("+/temp"), 2)).isEqualTo(2);
        assertThat(subscriber.subscribe(topic("deep/#"), 2)).isEqualTo(2);
        publisher.publish(List.of(message("1/temp", "a", 0)));
        publisher.publish(List.of(message("2/humidity", "nobody asked", 1)));
        publisher.publish(List.of(message("2/temp", "b", 1)));
        publisher.publish(List.of(message("3/temp", "c", 2)));
        publisher.publish(List.of(message("deep", "d", 2)));
        publisher.publish(List.of(message("deep/er/and/deeper", "e", 1)));
        // Topics and qualities of service have no order among each other: a library shows QoS 2 after its handshake.
        assertThat(take(subscriber, 5))
                .extracting(Message::toString)
                .containsExactlyInAnyOrder(
                        topic("1/temp=a@0"),
                        topic("2/temp=b@1"),
                        topic("3/temp=c@2"),
                        topic("deep=d@2"),
                        topic("deep/er/and/deeper=e@1"));
    }

    @Test
    void theLowerQosCounts() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        for (int granted = 0; granted <= 2; granted++) {
            assertThat(subscriber.subscribe(topic("granted" + granted), granted))
                    .isEqualTo(granted);
            for (int qos = 0; qos <= 2; qos++) {
                publisher.publish(List.of(message("granted" + granted, "sent" + qos, qos)));
                expect(subscriber, topic("granted" + granted + "=sent" + qos + "@" + Math.min(qos, granted)));
            }
        }
    }

    @Test
    void retainedIsSentToLaterSubscribersUntilItIsCleared() throws Exception {
        TestClient publisher = connected("pub");
        publisher.publish(List.of(
                message("state/lamp", "on", 1).retain(),
                message("state/door", "shut", 1).retain()));
        TestClient first = connected("first");
        first.subscribe(topic("state/lamp"), 1);
        expect(first, topic("state/lamp=on@1!"));
        publisher.publish(List.of(message("state/lamp", "off", 1).retain()));
        expect(first, topic("state/lamp=off@1"));
        publisher.publish(List.of(message("state/lamp", "", 1).retain()));
        expect(first, topic("state/lamp=@1"));
        TestClient second = connected("second");
        second.subscribe(topic("state/+"), 1);
        publisher.publish(List.of(message("state/end", "", 1)));
        expect(second, topic("state/door=shut@1!"), topic("state/end=@1"));
    }

    @Test
    void theWillIsSentWhenTheClientVanishes() throws Exception {
        TestClient watcher = connected("watcher");
        watcher.subscribe(topic("will/#"), 2);
        try (CuttableProxy network = new CuttableProxy(port(broker))) {
            TestClient client = client();
            client.connect(new Login(network.port(), root + "-cut", true, message("will/cut", "gone", 1)));
            network.cut();
            expect(watcher, topic("will/cut=gone@1"));
            assertThat(client.lost().get(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(-1);
        }
        TestClient polite = client();
        polite.connect(new Login(port(broker), root + "-polite", true, message("will/polite", "gone", 1)));
        polite.disconnect();
        assertConnections(1);
        connected("pub").publish(List.of(message("will/end", "", 1)));
        expect(watcher, topic("will/end=@1"));
    }

    @Test
    void aSessionResumesWithWhatItMissed() throws Exception {
        TestClient before = client();
        assertThat(before.connect(lasting("sleeper"))).isFalse();
        before.subscribe(topic("missed/#"), 2);
        before.disconnect();
        TestClient publisher = connected("pub");
        List<Message> missed = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            missed.add(message("missed/" + i % 3, "m" + i, 1 + i % 2));
        }
        publisher.publish(missed);
        TestClient after = client();
        assertThat(after.connect(lasting("sleeper"))).isEqualTo(tellsOfSessions());
        assertThat(byTopicAndQos(take(after, missed.size()))).isEqualTo(byTopicAndQos(missed));
        publisher.publish(List.of(message("missed/live", "now", 2)));
        expect(after, topic("missed/live=now@2"));
        after.disconnect();
        TestClient cleared = connected("sleeper");
        cleared.disconnect();
        TestClient fresh = client();
        assertThat(fresh.connect(lasting("sleeper"))).isFalse();
        fresh.disconnect();
        TestClient end = connected("sleeper");
        end.disconnect();
    }

    @Test
    void aSecondConnectionTakesTheSessionOver() throws Exception {
        TestClient first = client();
        first.connect(lasting("twin"));
        first.subscribe(topic("twin"), 1);
        TestClient second = client();
        assertThat(second.connect(lasting("twin"))).isEqualTo(tellsOfSessions());
        assertThat(first.lost().get(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo(reason(0x8E));
        connected("pub").publish(List.of(message("twin", "to the second", 1)));
        expect(second, topic("twin=to the second@1"));
        assertThat(first.received()).isEmpty();
        second.disconnect();
        connected("twin").disconnect();
    }

    @Test
    void aMegabyteArrivesWhole() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        subscriber.subscribe(topic("large"), 2);
        byte[] payload = new byte[1 << 20];
        new Random(7).nextBytes(payload);
        for (int qos = 0; qos <= 2; qos++) {
            publisher.publish(List.of(new Message(topic("large"), payload, qos, false, Extras.NONE)));
            Message arrived = next(subscriber);
            assertThat(arrived.payload()).isEqualTo(payload);
            assertThat(arrived.qos()).isEqualTo(qos);
        }
    }

    @Test
    void aBurstOfEachQosArrivesOnceAndInOrder() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        subscriber.subscribe(topic("burst/+"), 2);
        for (int qos = 0; qos <= 2; qos++) {
            int sent = qos;
            List<Message> burst = IntStream.range(0, BURST)
                    .mapToObj(i -> message("burst/" + sent, "m" + i, sent))
                    .toList();
            publisher.publish(burst);
            expect(subscriber, burst.stream().map(Message::toString).toArray(String[]::new));
        }
    }

    @Test
    void afterUnsubscribingNothingArrives() throws Exception {
        TestClient subscriber = connected("sub");
        TestClient publisher = connected("pub");
        subscriber.subscribe(topic("kept"), 1);
        subscriber.subscribe(topic("left/#"), 1);
        publisher.publish(List.of(message("left/1", "heard", 1)));
        expect(subscriber, topic("left/1=heard@1"));
        subscriber.unsubscribe(topic("left/#"));
        publisher.publish(List.of(message("left/1", "not heard", 1), message("kept", "end", 1)));
        expect(subscriber, topic("kept=end@1"));
    }

    @Test
    void theRecordIsKeptOnceForAllSubscribers() throws Exception {
        TestClient publisher = connected("pub");
        for (int i = 0; i < 3; i++) {
            connected("sub" + i).subscribe(topic("#"), 1);
        }
        publisher.publish(List.of(message("a/b", transport.name(), 1)));
        for (TestClient subscriber : clients.subList(1, 4)) {
            expect(subscriber, topic("a/b=" + transport.name() + "@1"));
        }
        assertThat(broker.records("mqtt"))
                .filteredOn(record -> record.subject().equals(topic("a/b"))
                        && new String(record.value(), StandardCharsets.UTF_8).equals(transport.name()))
                .hasSize(1)
                .allSatisfy(record -> assertThat(record.key()).asString().isEqualTo(topic("a/b")));
    }

    @Test
    void goodbyeLeavesNothingBehind() throws Exception {
        TestClient client = connected("polite");
        client.subscribe(topic("#"), 1);
        assertConnections(1);
        client.disconnect();
        assertConnections(0);
        assertThat(client.lost()).isNotDone();
    }

    @Test
    void aBrokerThatStopsSaysSo() throws Exception {
        try (InProcessBroker stopping = start()) {
            TestClient client = client();
            client.connect(new Login(port(stopping), root, true, null));
            stopping.drain();
            assertThat(client.lost().get(TestClient.TIMEOUT.toSeconds(), TimeUnit.SECONDS))
                    .isEqualTo(reason(0x8B));
        }
    }

    /** The reason as this version of MQTT tells it: -1 for one without reason codes. */
    int reason(int code) {
        return -1;
    }

    /** Whether CONNACK says that there was a session: not in MQTT 3.1. */
    boolean tellsOfSessions() {
        return true;
    }

    /** The broker learns of an end when its socket says so. */
    private static void assertConnections(int count) {
        long deadline = System.nanoTime() + TestClient.TIMEOUT.toNanos();
        while (broker.server().connections().size() != count && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(broker.server().connections().size()).isEqualTo(count);
    }
}
