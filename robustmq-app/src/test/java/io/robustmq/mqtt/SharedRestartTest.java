/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.window.WindowLimits;
import io.robustmq.kernel.Tenants;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.UnsubAck;
import io.robustmq.protocol.SessionProgress.Drops;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.WindowPort.Description;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups with members whose sessions are kept: while all of them sleep, over restarts, and to their end. */
class SharedRestartTest {
    private static final Duration SILENCE = Duration.ofMillis(50);
    private static final String SHARED = "$share/g/kept/#";

    @TempDir
    Path data;

    private final InMemoryMeta meta = new InMemoryMeta();
    private Drops dropped = Drops.NONE;

    private InProcessBroker.Options options() {
        return InProcessBroker.options().loops(2).data(data).meta(meta);
    }

    /** The broker with its topic, which is on disk. */
    private InProcessBroker first() {
        InProcessBroker broker = options().start();
        create(broker, "kept", "kept/#");
        return broker;
    }

    private static void create(InProcessBroker broker, String name, String binding) {
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

    private static void publish(InProcessBroker broker, int qos, String... payloads) {
        try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("p"))) {
            for (String each : payloads) {
                Steps.publish(publisher, "kept/x", each, qos);
            }
        }
    }

    /** A member that leaves at once. */
    private static void join(InProcessBroker broker, String id, String filter, int qos) {
        try (MqttRawClient client = resume(broker, id, false)) {
            Steps.subscribe(client, filter, qos);
            Steps.leave(client);
        }
    }

    private static List<Description> groups(InProcessBroker broker) {
        return broker.broker()
                .windows()
                .list(Tenants.DEFAULT)
                .toCompletableFuture()
                .join();
    }

    private static void asleep(InProcessBroker broker) {
        Steps.await(
                "everybody sleeps",
                () -> groups(broker).stream()
                        .flatMap(group -> group.members().stream())
                        .allMatch(member -> member.loop() == null));
    }

    private static void silent(MqttRawClient client) {
        Steps.ping(client);
        client.expectSilence(SILENCE);
    }

    /** What was published while nobody was there, once, by whoever comes first; what was acknowledged does not come again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatSleepingMembersMissIsTheirs(boolean restart) {
        InProcessBroker broker = first();
        try {
            join(broker, "one", SHARED, 1);
            try (MqttRawClient two = resume(broker, "two", false)) {
                Steps.subscribe(two, SHARED, 1);
                publish(broker, 1, "done");
                Steps.receive(two, "kept/x", "done", 1);
                Steps.ping(two);
                Steps.leave(two);
            }
            asleep(broker);
            publish(broker, 1, "a", "b");
            publish(broker, 0, "nobody waits for it");
            if (restart) {
                broker.close();
                broker = options().start();
                publish(broker, 2, "c");
            } else {
                publish(broker, 2, "c");
            }
            assertThat(groups(broker)).hasSize(1);
            try (MqttRawClient two = resume(broker, "two", true)) {
                for (String each : List.of("a", "b", "c")) {
                    Steps.receive(two, "kept/x", each, 1);
                }
                Steps.ping(two);
                try (MqttRawClient one = resume(broker, "one", true)) {
                    publish(broker, 1, "d", "e");
                    assertThat(List.of(
                                    one.expect(Publish.class).text(),
                                    two.expect(Publish.class).text()))
                            .containsExactlyInAnyOrder("d", "e");
                }
            }
        } finally {
            broker.close();
        }
    }

    /** What was acknowledged beyond something that was not is known, too. */
    @Test
    void onlyWhatIsNotAcknowledgedComesAgain() {
        try (InProcessBroker broker = first();
                MqttRawClient one = resume(broker, "one", false)) {
            Steps.subscribe(one, SHARED, 1);
            publish(broker, 1, "a", "b", "c");
            one.expectPublish("kept/x", "a");
            Publish second = one.expectPublish("kept/x", "b");
            one.expectPublish("kept/x", "c");
            one.pubAck(second.packetId());
            Steps.ping(one);
            // Its connection breaks with the broker's.
        }
        try (InProcessBroker broker = options().start();
                MqttRawClient other = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "other")) {
            Steps.subscribe(other, SHARED, 1);
            Steps.receive(other, "kept/x", "a", 1);
            Steps.receive(other, "kept/x", "c", 1);
            silent(other);
            try (MqttRawClient one = resume(broker, "one", true)) {
                silent(one);
            }
        }
    }

    /** [MQTT-4.8.2-4]: what QoS 2 has begun is finished with its client, whatever becomes of the process. */
    @Test
    void whatQos2HasBegunIsItsClients() {
        int received;
        int sent;
        try (InProcessBroker broker = first();
                MqttRawClient one = resume(broker, "one", false)) {
            Steps.subscribe(one, SHARED, 2);
            publish(broker, 2, "received", "sent");
            received = one.expectPublish("kept/x", "received").packetId();
            sent = one.expectPublish("kept/x", "sent").packetId();
            one.pubRec(received);
            one.expectAcknowledgement(PacketType.PUBREL, received, ReasonCode.SUCCESS);
        }
        for (int life = 0; life < 2; life++) {
            try (InProcessBroker broker = options().start();
                    MqttRawClient other = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "other")) {
                Steps.subscribe(other, SHARED, 2);
                silent(other);
                if (life == 1) {
                    try (MqttRawClient one = resume(broker, "one", true)) {
                        one.expectAcknowledgement(PacketType.PUBREL, received, ReasonCode.SUCCESS);
                        one.pubComp(received);
                        Publish again = one.expectPublish("kept/x", "sent");
                        assertThat(again.dup()).isTrue();
                        assertThat(again.packetId()).isEqualTo(sent);
                        one.pubRec(sent);
                        one.expectAcknowledgement(PacketType.PUBREL, sent, ReasonCode.SUCCESS);
                        one.pubComp(sent);
                        Steps.ping(one);
                    }
                    silent(other);
                }
            }
        }
        try (InProcessBroker broker = options().start();
                MqttRawClient one = resume(broker, "one", true)) {
            silent(one);
        }
    }

    /** The same client over two connections of one process. */
    @Test
    void whatQos2HasBegunGoesOnWithTheNextConnection() {
        try (InProcessBroker broker = first();
                MqttRawClient other = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "other")) {
            int sent;
            try (MqttRawClient one = resume(broker, "one", false)) {
                Steps.subscribe(one, SHARED, 2);
                publish(broker, 2, "sent");
                sent = one.expectPublish("kept/x", "sent").packetId();
                one.raw().reset();
            }
            asleep(broker);
            Steps.subscribe(other, SHARED, 2);
            silent(other);
            try (MqttRawClient one = resume(broker, "one", true)) {
                assertThat(one.expectPublish("kept/x", "sent").packetId()).isEqualTo(sent);
                one.pubRec(sent);
                one.expectAcknowledgement(PacketType.PUBREL, sent, ReasonCode.SUCCESS);
                one.pubComp(sent);
                Steps.ping(one);
            }
        }
    }

    /** [MQTT-4.8.2-5]: nor has anybody else what the client does not come back for. */
    @Test
    void whatQos2HasBegunEndsWithItsSession() {
        try (InProcessBroker broker = first();
                MqttRawClient one = resume(broker, "one", false)) {
            join(broker, "two", SHARED, 2);
            Steps.subscribe(one, SHARED, 2);
            publish(broker, 2, "sent");
            one.expectPublish("kept/x", "sent");
        }
        try (InProcessBroker broker = options().start()) {
            try (MqttRawClient one = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "one");
                    MqttRawClient two = resume(broker, "two", true)) {
                silent(two);
                Steps.ping(one);
            }
            Steps.await("nothing is left", () -> groups(broker).get(0).kept().behind() == 0);
        }
    }

    /** Ways of the last one to go. */
    private enum End {
        UNSUBSCRIBE,
        CLEAN_START,
        DISCONNECT,
        DELETE
    }

    /** What waited goes with the last member; who comes then begins a new group. */
    @ParameterizedTest
    @EnumSource(End.class)
    void theLastMemberTakesTheGroupWithIt(End end) {
        try (InProcessBroker broker = first()) {
            join(broker, "one", SHARED, 1);
            join(broker, "two", SHARED, 1);
            leave(broker, "one", End.UNSUBSCRIBE);
            assertThat(groups(broker)).hasSize(1);
            publish(broker, 1, "a");
            leave(broker, "two", end);
            Steps.await("the group is gone", () -> groups(broker).isEmpty());
            publish(broker, 1, "b");
            try (MqttRawClient three = resume(broker, "three", false)) {
                Steps.subscribe(three, SHARED, 1);
                publish(broker, 1, "c");
                Steps.receive(three, "kept/x", "c", 1);
                silent(three);
            }
        }
        try (InProcessBroker broker = options().start()) {
            assertThat(groups(broker)).hasSize(1);
            assertThat(groups(broker).get(0).members())
                    .singleElement()
                    .satisfies(member -> assertThat(member.name()).isEqualTo("three"));
        }
    }

    private static void leave(InProcessBroker broker, String id, End how) {
        switch (how) {
            case UNSUBSCRIBE -> {
                try (MqttRawClient client = resume(broker, id, true)) {
                    client.unsubscribe(9, SHARED);
                    Object answer = client.expect(Object.class);
                    if (answer instanceof Publish) {
                        answer = client.expect(Object.class);
                    }
                    assertThat(answer).isInstanceOf(UnsubAck.class);
                    client.raw().reset();
                }
            }
            case CLEAN_START -> {
                try (MqttRawClient client = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id)) {
                    Steps.ping(client);
                }
            }
            case DISCONNECT -> {
                try (MqttRawClient client = resume(broker, id, true)) {
                    client.expectPublish("kept/x", "a");
                    client.disconnect(0, Steps.expiry(0)).expectClose();
                }
            }
            case DELETE ->
                broker.broker()
                        .ports()
                        .sessions()
                        .delete(Tenants.DEFAULT, id)
                        .toCompletableFuture()
                        .join();
        }
    }

    /** Sessions that end while the node is down take their groups with them, too. */
    @Test
    void timeEndsAGroup() {
        try (InProcessBroker broker = first()) {
            try (MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                one.connect("one", false, null, Steps.expiry(1)).expectAccepted();
                Steps.subscribe(one, SHARED, 1);
                Steps.leave(one);
            }
            assertThat(groups(broker)).hasSize(1);
        }
        try (InProcessBroker broker = options().start()) {
            Steps.await("the group is gone", () -> groups(broker).isEmpty());
            try (MqttRawClient one = resume(broker, "one", false)) {
                silent(one);
            }
        }
    }

    /** Members whose sessions end with their connection leave nothing behind. */
    @Test
    void groupsWithoutKeptMembersAreNotKept() {
        try (InProcessBroker broker = first();
                MqttRawClient one = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "one")) {
            Steps.subscribe(one, SHARED, 1);
            publish(broker, 1, "a");
            one.expectPublish("kept/x", "a");
            assertThat(groups(broker).get(0).kept()).isNull();
        }
        try (InProcessBroker broker = options().start()) {
            assertThat(groups(broker)).isEmpty();
        }
    }

    /** {@code $queue} is a group like another, and one topic that came later is read from its beginning. */
    @Test
    void aTopicThatComesLaterIsTheQueues() {
        try (InProcessBroker broker = first()) {
            join(broker, "one", "$queue/#", 1);
            create(broker, "later", "later/#");
            try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
                Steps.publish(publisher, "later/x", "a", 1);
            }
        }
        try (InProcessBroker broker = options().start()) {
            create(broker, "last", "last/#");
            try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "p")) {
                Steps.publish(publisher, "last/x", "b", 1);
            }
            try (MqttRawClient one = resume(broker, "one", true)) {
                assertThat(List.of(
                                one.expect(Publish.class).text(),
                                one.expect(Publish.class).text()))
                        .containsExactlyInAnyOrder("a", "b");
                silent(one);
            }
        }
    }

    /** Its owner keeps it while it sleeps, until it ends. */
    @Test
    void anExclusiveFilterIsItsOwnersAfterARestart() {
        try (InProcessBroker broker = first()) {
            join(broker, "one", "$exclusive/kept/#", 1);
            publish(broker, 1, "a");
        }
        try (InProcessBroker broker = options().start();
                MqttRawClient two = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "two")) {
            two.subscribe(1, "$exclusive/kept/#", 1).expectSubAck(1, ReasonCode.QUOTA_EXCEEDED);
            try (MqttRawClient one = resume(broker, "one", true)) {
                Steps.receive(one, "kept/x", "a", 1);
                two.subscribe(2, "$exclusive/kept/#", 1).expectSubAck(2, ReasonCode.QUOTA_EXCEEDED);
                one.unsubscribe(3, "$exclusive/kept/#").expectUnsubAck(3, 0);
                Steps.subscribe(two, "$exclusive/kept/#", 1);
            }
        }
    }

    private List<String> found(WindowLimits limits, boolean restart, String... payloads) {
        InProcessBroker broker = options().windows(limits).start();
        try {
            create(broker, "kept", "kept/#");
            join(broker, "one", SHARED, 1);
            asleep(broker);
            publish(broker, 1, payloads);
            if (restart) {
                broker.close();
                broker = options().windows(limits).start();
            }
            try (MqttRawClient one = resume(broker, "one", true)) {
                publish(broker, 1, "live");
                List<String> got = new ArrayList<>();
                while (got.isEmpty() || !got.get(got.size() - 1).equals("live")) {
                    Publish next = one.expect(Publish.class);
                    got.add(next.text());
                    one.pubAck(next.packetId());
                }
                dropped = groups(broker).get(0).kept().drops();
                return got;
            }
        } finally {
            broker.close();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOldestBeyondTheLimitsAreDropped(boolean restart) {
        WindowLimits three = WindowLimits.DEFAULTS.withBacklog(3, 1 << 20, 0);
        assertThat(found(three, restart, "a", "b", "c", "d", "e")).containsExactly("c", "d", "e", "live");
        assertThat(dropped.count()).isEqualTo(2);
    }

    @Test
    void whatIsWithinTheLimitsIsNotDropped() {
        WindowLimits three = WindowLimits.DEFAULTS.withBacklog(3, 1 << 20, 60_000);
        assertThat(found(three, false, "a", "b", "c")).containsExactly("a", "b", "c", "live");
        assertThat(dropped).isEqualTo(Drops.NONE);
    }

    @Test
    void bytesAreLimited() {
        String large = "x".repeat(1000);
        WindowLimits limits = WindowLimits.DEFAULTS.withBacklog(100, 2500, 0);
        assertThat(found(limits, false, "1" + large, "2" + large, "3" + large))
                .containsExactly("2" + large, "3" + large, "live");
        assertThat(dropped.bytes()).isEqualTo(1);
    }

    @Test
    void ageIsLimited() {
        WindowLimits limits = WindowLimits.DEFAULTS.withBacklog(100, 1 << 20, 1000);
        try (InProcessBroker broker = options().windows(limits).start()) {
            create(broker, "kept", "kept/#");
            join(broker, "one", SHARED, 1);
            asleep(broker);
            publish(broker, 1, "old");
            long since = System.nanoTime();
            Steps.await("a second to pass", () -> System.nanoTime() - since > 1_050_000_000L);
            publish(broker, 1, "new");
            try (MqttRawClient one = resume(broker, "one", true)) {
                Steps.receive(one, "kept/x", "new", 1);
                silent(one);
            }
            assertThat(groups(broker).get(0).kept().drops().age()).isEqualTo(1);
        }
    }
}
