/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.sys.SysOptions;
import io.robustmq.mqtt.sys.SysOptions.Subscribers;
import io.robustmq.mqtt.sys.SysTopics;
import io.robustmq.mqtt.sys.Traffic;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a node says about itself below {@code $SYS}. */
class SysTopicsTest {
    private static final SysOptions OFTEN = new SysOptions(100, true, Subscribers.LOOPBACK, "7", "1.2.3");

    private static InProcessBroker broker;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.options().sys(OFTEN).start();
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static Publish next(MqttRawClient client) {
        return client.expect(Publish.class);
    }

    /** The names of Mosquitto 2.0, in {@code docs/mqtt.md}, too. */
    private static Set<String> documented() throws Exception {
        Set<String> names = new TreeSet<>();
        String page = Files.readString(Path.of("..", "docs", "mqtt.md"));
        page.substring(page.indexOf("| Below `$SYS/broker/` |"))
                .lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("| "))
                .forEach(line -> Stream.of(
                                line.substring(2, line.indexOf(" |", 2)).split(", "))
                        .map(name -> name.replace("`", ""))
                        .forEach(name -> {
                            if (name.startsWith("load/")) {
                                Stream.of("1min", "5min", "15min")
                                        .forEach(time -> names.add("$SYS/broker/" + name + "/" + time));
                            } else {
                                names.add("$SYS/broker/" + name);
                            }
                        }));
        return names;
    }

    @Test
    void namesAreThoseOfThePage() throws Exception {
        Set<String> names = new TreeSet<>();
        Set<String> documented = documented();
        try (MqttRawClient client = client(MqttVersion.V5)) {
            Steps.subscribe(client, "$SYS/broker/#", 0);
            while (!names.containsAll(documented)) {
                names.add(next(client).topic());
            }
        }
        assertThat(names).isEqualTo(documented);
    }

    @Test
    void namesAreThoseOfMosquitto() throws Exception {
        Path mosquitto = Stream.of("/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(null);
        assumeTrue(mosquitto != null, "mosquitto is missing");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Process real = new ProcessBuilder(mosquitto.toString(), "-p", "" + port)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Set<String> names = new TreeSet<>();
        try {
            Steps.await("mosquitto listens", () -> opens(port));
            try (MqttRawClient client = MqttRawClient.connected(port, MqttVersion.V3_1_1, "looks")) {
                Steps.subscribe(client, "$SYS/#", 0);
                // All figures are retained once the first is.
                names.add(next(client).topic());
                client.pingReq();
                while (true) {
                    Object packet = client.expect(Object.class);
                    if (packet instanceof Publish publish) {
                        names.add(publish.topic());
                    } else {
                        break;
                    }
                }
            }
        } finally {
            real.destroy();
            real.waitFor(10, TimeUnit.SECONDS);
        }
        // Builds without memory accounting lack the heap.
        names.add("$SYS/broker/heap/current");
        names.add("$SYS/broker/heap/maximum");
        assertThat(documented()).containsAll(names);
    }

    private static boolean opens(int port) {
        try (java.net.Socket socket = new java.net.Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.io.IOException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void figuresAreThereAtOnceAndToldWhenTheyChange(MqttVersion version) {
        try (MqttRawClient watcher = client(version);
                MqttRawClient publisher = client(version)) {
            Steps.await("there are figures", () -> broker.sys().hasFigures());
            Steps.subscribe(watcher, "$SYS/broker/version", 1);
            Publish told = next(watcher);
            assertThat(told.text()).isEqualTo("RobustMQ 1.2.3");
            assertThat(told.retain()).isTrue();
            assertThat(told.qos()).isZero();

            Steps.subscribe(watcher, "$SYS/broker/publish/messages/received", 1);
            told = next(watcher);
            assertThat(told.retain()).isTrue();
            long before = Long.parseLong(told.text());
            for (int i = 0; i < 5; i++) {
                Steps.publish(publisher, Steps.unique("sys/"), "x");
            }
            do {
                told = next(watcher);
                assertThat(told.retain()).as("it is news").isFalse();
            } while (Long.parseLong(told.text()) < before + 5);
        }
    }

    @Test
    void countsWhatIsReadAndWritten() {
        try (MqttRawClient subscriber = client(MqttVersion.V3_1_1);
                MqttRawClient publisher = client(MqttVersion.V3_1_1)) {
            String topic = Steps.unique("counted/");
            Steps.subscribe(subscriber, topic, 0);
            Steps.ping(publisher);
            Traffic before = traffic();
            for (int i = 0; i < 10; i++) {
                Steps.publish(publisher, topic, "four");
                subscriber.expectPublish(topic, "four");
            }
            Steps.ping(publisher);
            Traffic after = traffic();
            assertThat(after.packetsReceived - before.packetsReceived).isEqualTo(11);
            assertThat(after.packetsSent - before.packetsSent).isEqualTo(21);
            assertThat(after.publishBytesReceived - before.publishBytesReceived).isEqualTo(40);
            assertThat(after.publishBytesSent - before.publishBytesSent).isEqualTo(40);
            int publish = 2 + 2 + topic.length() + 4;
            assertThat(after.bytesReceived - before.bytesReceived).isEqualTo(10L * (publish + 2) + 2);
            assertThat(after.bytesSent - before.bytesSent).isEqualTo(10L * (publish + 4) + 2);
            assertThat(after.connected).isGreaterThanOrEqualTo(2);
        }
    }

    private static Traffic traffic() {
        return Traffic.sum(broker.services().traffic().toCompletableFuture().join());
    }

    @Test
    void countsSubscriptionsAndThoseOfGroups() {
        Steps.await("others are gone", () -> broker.services().totals().subscriptions() == 0);
        try (MqttRawClient client = client(MqttVersion.V5)) {
            Steps.subscribe(client, "counted/+", 0);
            Steps.subscribe(client, "$share/group/counted/+", 0);
            assertThat(broker.services().totals().subscriptions()).isEqualTo(2);
            assertThat(broker.services().totals().sharedSubscriptions()).isEqualTo(1);
            client.unsubscribe(1, "$share/group/counted/+").expectUnsubAck(1, 0);
            assertThat(broker.services().totals().sharedSubscriptions()).isZero();
        }
        Steps.await("its session is gone", () -> broker.services().totals().subscriptions() == 0);
    }

    @Test
    void wildcardsDoNotSeeIt() {
        try (MqttRawClient everything = client(MqttVersion.V5);
                MqttRawClient watcher = client(MqttVersion.V5)) {
            Steps.subscribe(everything, "#", 0);
            Steps.subscribe(everything, "+/broker/heap/current", 0);
            Steps.subscribe(watcher, "$SYS/broker/heap/current", 0);
            for (int i = 0; i < 3; i++) {
                next(watcher);
            }
            Steps.publish(watcher, "last", "one");
            Publish first = next(everything);
            assertThat(first.topic()).doesNotStartWith("$");
        }
        assertThat(broker.records("mqtt")).noneMatch(record -> record.subject().startsWith("$"));
    }

    @Test
    void nobodyElseMayPublishThere() {
        try (MqttRawClient five = client(MqttVersion.V5);
                MqttRawClient three = client(MqttVersion.V3_1_1)) {
            Steps.subscribe(five, "$SYS/broker/forged", 0);
            for (String topic : Set.of("$SYS/broker/forged", "$SYS", "$SYS/")) {
                five.publish(topic, "x", packet -> packet.flags(1, false, true, 3))
                        .expectAcknowledgement(io.robustmq.mqtt.codec.PacketType.PUBACK, 3, ReasonCode.NOT_AUTHORIZED);
                three.publish(topic, "x", packet -> packet.flags(1, false, true, 3))
                        .expectPubAck(3);
            }
            Steps.ping(five);
            Steps.subscribe(three, "$SYS/broker/forged", 0);
            Steps.ping(three);
            Steps.publish(five, "$SYSTEM/is/not/it", "x");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "$SYS/#, false",
        "$SYS, false",
        "$SYS/+/uptime, false",
        "$share/g/$SYS/#, false",
        "$queue/$SYS/#, false",
        "$exclusive/$SYS/broker, false",
        "$SYSTEM/#, true",
        "$share/g/a, true",
        "$share/g, true",
        "a/$SYS/#, true",
        "+/broker/uptime, true",
        "#, true"
    })
    void strangersMayNotSubscribe(String filter, boolean granted) {
        SysTopics sys = broker.sys();
        assertThat(sys.maySubscribe(filter, false)).isEqualTo(granted);
        assertThat(sys.maySubscribe(filter, true)).isTrue();
    }

    @Test
    void whoMaySubscribeIsConfigured() {
        for (Subscribers who : Subscribers.values()) {
            SysOptions options = new SysOptions(100, true, who, "1", "x");
            try (InProcessBroker other = InProcessBroker.options().sys(options).start();
                    MqttRawClient five = MqttRawClient.connected(other.tcpPort(), MqttVersion.V5, "five");
                    MqttRawClient three = MqttRawClient.connected(other.tcpPort(), MqttVersion.V3_1_1, "three")) {
                boolean refused = who == Subscribers.NOBODY;
                five.subscribe(1, "$SYS/broker/version", 0).expectSubAck(1, refused ? ReasonCode.NOT_AUTHORIZED : 0);
                three.subscribe(1, "$SYS/broker/version", 0).expectSubAck(1, refused ? 0x80 : 0);
                if (!refused) {
                    assertThat(next(five).text()).isEqualTo("RobustMQ x");
                }
                assertThat(other.sys().maySubscribe("$SYS/#", false)).isEqualTo(who == Subscribers.EVERYBODY);
            }
        }
    }

    @Test
    void nothingIsSaidWhenItIsSwitchedOff() {
        SysOptions off = new SysOptions(0, false, Subscribers.LOOPBACK, "1", "x");
        try (InProcessBroker quiet = InProcessBroker.options().sys(off).start();
                MqttRawClient watcher = MqttRawClient.connected(quiet.tcpPort(), MqttVersion.V5, "w")) {
            Steps.subscribe(watcher, "$SYS/#", 0);
            MqttRawClient.connected(quiet.tcpPort(), MqttVersion.V5, "x").close();
            Steps.await("it has left", () -> quiet.broker().ports().sessions().count() == 1);
            Steps.ping(watcher);
            assertThat(quiet.sys().hasFigures()).isFalse();
        }
    }

    @Test
    void nothingIsMadeForNobody() {
        try (InProcessBroker alone = InProcessBroker.options().sys(OFTEN).start()) {
            Steps.await("there are figures", () -> alone.sys().hasFigures());
            for (int i = 0; i < 20; i++) {
                try (MqttRawClient client = MqttRawClient.connected(alone.tcpPort(), MqttVersion.V5, "c" + i)) {
                    Steps.subscribe(client, "a/" + i, 0);
                    client.unsubscribe(1, "a/" + i).expectUnsubAck(1, 0);
                }
            }
            assertThat(alone.broker().counters().routesComputed.sum()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "with/slash", "a+b#c%", "quote\"back\\slash", "grüße"})
    void eventsTellWhoComesAndGoes(String id) {
        try (MqttRawClient watcher = client(MqttVersion.V5)) {
            Steps.subscribe(watcher, "$SYS/brokers/7/clients/+/+", 1);
            String level = id.replace("%", "%25")
                    .replace("/", "%2F")
                    .replace("+", "%2B")
                    .replace("#", "%23");
            try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                client.connect(Steps.connect(MqttVersion.V5, id, true, Steps.expiry(30)));
                client.expectAccepted();
                JsonNode connected = event(watcher, level, "connected");
                assertThat(connected.path("clientid").asString()).isEqualTo(id);
                assertThat(connected.path("ipaddress").asString()).isEqualTo("127.0.0.1");
                assertThat(connected.path("username").isNull()).isTrue();
                assertThat(connected.path("proto_ver").asInt()).isEqualTo(5);
                assertThat(connected.path("clean_start").asBoolean()).isTrue();
                assertThat(connected.path("expiry_interval").asInt()).isEqualTo(30);

                client.subscribe(1, "some/+", 1).expectSubAck(1, 1);
                JsonNode subscribed = event(watcher, level, "subscribed");
                assertThat(subscribed.path("topic").asString()).isEqualTo("some/+");
                assertThat(subscribed.path("qos").asInt()).isEqualTo(1);
                client.unsubscribe(2, "some/+", "other").expectUnsubAck(2, 0, 0x11);
                assertThat(event(watcher, level, "unsubscribed").path("topic").asString())
                        .isEqualTo("some/+");
                client.disconnect(0, Steps.expiry(0));
                JsonNode gone = event(watcher, level, "disconnected");
                assertThat(gone.path("reason").asString()).isEqualTo("normal");
                assertThat(gone.path("connected_at").asLong())
                        .isEqualTo(connected.path("connected_at").asLong());
            }
            Steps.ping(watcher);
        }
    }

    private static JsonNode event(MqttRawClient watcher, String level, String name) {
        String wanted = "$SYS/brokers/7/clients/" + level + "/" + name;
        while (true) {
            Publish told = next(watcher);
            // Those of other tests' clients are not meant.
            if (told.topic().equals(wanted)) {
                return JsonMapper.shared().readTree(new String(told.payload(), UTF_8));
            }
        }
    }

    @Test
    void eventsTellWhyAConnectionHasEnded() {
        try (MqttRawClient watcher = client(MqttVersion.V5)) {
            Steps.subscribe(watcher, "$SYS/brokers/7/clients/#", 0);
            String id = Steps.unique("ends");
            MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id).close();
            assertThat(event(watcher, id, "disconnected").path("reason").asString())
                    .isEqualTo("tcp_closed");
            try (MqttRawClient first = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id);
                    MqttRawClient second = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id)) {
                first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
                assertThat(event(watcher, id, "disconnected").path("reason").asString())
                        .isEqualTo("takenover");
                second.publish("a/+", "x");
                second.expectDisconnect(ReasonCode.TOPIC_NAME_INVALID);
                assertThat(event(watcher, id, "disconnected").path("reason").asString())
                        .isEqualTo("closed_with_0x90");
            }
        }
    }

    @Test
    void aWillBelowItIsNotPublished() {
        try (MqttRawClient watcher = client(MqttVersion.V5)) {
            Steps.subscribe(watcher, "$SYS/broker/forged", 0);
            MqttRawClient dying = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
            String id = Steps.unique("dies");
            dying.connect(Steps.connect(
                    MqttVersion.V5,
                    id,
                    Steps.will("$SYS/broker/forged", "x", 0, false, MqttProperties.NONE),
                    MqttProperties.NONE));
            dying.expectAccepted();
            Steps.subscribe(watcher, "$SYS/brokers/7/clients/" + id + "/disconnected", 0);
            dying.close();
            assertThat(next(watcher).topic()).endsWith("/disconnected");
        }
    }
}
