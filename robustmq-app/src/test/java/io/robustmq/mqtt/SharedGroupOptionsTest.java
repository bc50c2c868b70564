/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.window.WindowLimits;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.SharedOptions;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.Capture;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.WindowPort.Description;
import io.robustmq.protocol.WindowPort.Strategy;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Strategies and limits of groups, access to them, and filters that one client has for itself. */
class SharedGroupOptionsTest {
    private static final Duration SILENCE = Duration.ofMillis(50);
    private static final int MESSAGES = 6;

    private static MqttRawClient client(InProcessBroker broker, String id) {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, id);
    }

    private static InProcessBroker broker(Strategy strategy, Map<String, Strategy> byGroup) {
        return InProcessBroker.options()
                .shared(new SharedOptions(strategy, byGroup))
                .start();
    }

    private static Description group(InProcessBroker broker, String filter) {
        return broker.broker().windows().list(Tenants.DEFAULT).toCompletableFuture().join().stream()
                .filter(group -> group.filter().equals(filter))
                .findFirst()
                .orElseThrow();
    }

    /** Who of three members got each message. */
    private static Map<String, String> spread(InProcessBroker broker, String shared, String... publishersAndTopics) {
        Map<String, String> takers = new HashMap<>();
        try (MqttRawClient one = client(broker, "m1");
                MqttRawClient two = client(broker, "m2");
                MqttRawClient three = client(broker, "m3")) {
            Map<String, MqttRawClient> members = Map.of("m1", one, "m2", two, "m3", three);
            members.values().forEach(member -> Steps.subscribe(member, shared, 1));
            for (int i = 0; i < publishersAndTopics.length; i += 2) {
                try (MqttRawClient publisher = client(broker, publishersAndTopics[i])) {
                    for (int n = 0; n < MESSAGES; n++) {
                        Steps.publish(publisher, publishersAndTopics[i + 1], publishersAndTopics[i] + " " + n);
                    }
                }
            }
            int messages = publishersAndTopics.length / 2 * MESSAGES;
            // A message may still be on its way to its member's loop when its publisher has been answered.
            Steps.await("all have come", () -> {
                members.forEach((name, member) -> take(name, member, takers));
                return takers.size() >= messages;
            });
        }
        assertThat(takers).hasSize(publishersAndTopics.length / 2 * MESSAGES);
        return takers;
    }

    /** What has come before the answer to a ping. */
    private static void take(String name, MqttRawClient member, Map<String, String> takers) {
        member.pingReq();
        Object next;
        while ((next = member.expect(Object.class)) instanceof MqttRawClient.Publish got) {
            assertThat(takers.put(got.topic() + " " + got.text(), name))
                    .as("once")
                    .isNull();
        }
        assertThat(next).isInstanceOf(MqttRawClient.PingResp.class);
    }

    private static long membersOf(Map<String, String> takers, String prefix) {
        return takers.entrySet().stream()
                .filter(each -> each.getKey().startsWith(prefix))
                .map(Map.Entry::getValue)
                .distinct()
                .count();
    }

    @Test
    void stickyIsOneMemberForAll() {
        try (InProcessBroker broker = broker(Strategy.STICKY, Map.of())) {
            Map<String, String> takers = spread(broker, "$share/g/s/#", "p1", "s/a", "p2", "s/b", "p3", "s/c");
            assertThat(membersOf(takers, "")).isEqualTo(1);
        }
    }

    @Test
    void hashByTopicKeepsATopicTogether() {
        try (InProcessBroker broker = broker(Strategy.HASH_TOPIC, Map.of())) {
            Map<String, String> takers = spread(
                    broker,
                    "$share/g/s/#",
                    "p1",
                    "s/a",
                    "p2",
                    "s/a",
                    "p1",
                    "s/b",
                    "p1",
                    "s/c",
                    "p1",
                    "s/d",
                    "p1",
                    "s/e");
            for (String topic : List.of("s/a", "s/b", "s/c", "s/d", "s/e")) {
                assertThat(membersOf(takers, topic)).as(topic).isEqualTo(1);
            }
            assertThat(membersOf(takers, "")).isGreaterThan(1);
        }
    }

    @Test
    void hashByClientKeepsAPublisherTogether() {
        try (InProcessBroker broker = broker(Strategy.HASH_CLIENT, Map.of())) {
            Map<String, String> takers = spread(
                    broker, "$share/g/s/#", "p1", "s/p1", "p2", "s/p2", "p3", "s/p3", "p4", "s/p4", "p5", "s/p5");
            for (String publisher : List.of("p1", "p2", "p3", "p4", "p5")) {
                assertThat(membersOf(takers, "s/" + publisher)).as(publisher).isEqualTo(1);
            }
            assertThat(membersOf(takers, "")).isGreaterThan(1);
        }
    }

    /** Everything arrives once, whoever gets it; groups may have a strategy of their own. */
    @Test
    void aGroupMayHaveItsOwnStrategy() {
        try (InProcessBroker broker = broker(Strategy.RANDOM, Map.of("local", Strategy.LOCAL))) {
            assertThat(spread(broker, "$share/g/s/#", "p1", "s/a", "p2", "s/b")).hasSize(2 * MESSAGES);
            try (MqttRawClient one = client(broker, "x1");
                    MqttRawClient two = client(broker, "x2")) {
                Steps.subscribe(one, "$share/local/s/x", 1);
                Steps.subscribe(two, "$share/other/s/x", 1);
                assertThat(broker.broker()
                                .windows()
                                .list(Tenants.DEFAULT)
                                .toCompletableFuture()
                                .join())
                        .extracting(Description::strategy)
                        .containsExactly(Strategy.LOCAL, Strategy.RANDOM);
            }
        }
    }

    /** Where messages are kept together, those behind wait for the member that is full. */
    @Test
    void aFullMemberIsWaitedForWhereMessagesStayTogether() {
        try (InProcessBroker broker = broker(Strategy.STICKY, Map.of());
                MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                MqttRawClient publisher = client(broker, "p")) {
            one.connect(Steps.connect(MqttVersion.V5, "one", true, Steps.number(PropertyId.RECEIVE_MAXIMUM, 1)));
            one.expectAccepted();
            Steps.subscribe(one, "$share/g/s", 1);
            Steps.publish(publisher, "s", "m0");
            MqttRawClient.Publish first = one.expectPublish("s", "m0");
            try (MqttRawClient two = client(broker, "two")) {
                Steps.subscribe(two, "$share/g/s", 1);
                Steps.publish(publisher, "s", "m1");
                two.expectSilence(SILENCE);
                one.pubAck(first.packetId());
                Steps.receive(one, "s", "m1", 1);
                Steps.publish(publisher, "s", "m2");
                one.expectPublish("s", "m2");
                one.close();
                Steps.receive(two, "s", "m2", 1);
            }
        }
    }

    /** One group, or one member, below the limit and at it. */
    @Test
    void groupsAndMembersAreLimited() {
        try (InProcessBroker broker = InProcessBroker.options()
                        .windows(new WindowLimits(2, 2, 10, 1000))
                        .start();
                MqttRawClient one = client(broker, "one");
                MqttRawClient two = client(broker, "two");
                MqttRawClient three = client(broker, "three")) {
            one.subscribe(
                            1,
                            MqttProperties.NONE,
                            new SubscriptionRequest("$share/a/t", 1),
                            new SubscriptionRequest("$share/b/t", 1),
                            new SubscriptionRequest("$share/c/t", 1))
                    .expectSubAck(1, 1, 1, ReasonCode.QUOTA_EXCEEDED);
            Steps.subscribe(two, "$share/a/t", 1);
            three.subscribe(1, "$share/a/t", 1).expectSubAck(1, ReasonCode.QUOTA_EXCEEDED);
            two.unsubscribe(2, "$share/a/t").expectUnsubAck(2, 0);
            Steps.subscribe(three, "$share/a/t", 1);
            one.unsubscribe(2, "$share/b/t").expectUnsubAck(2, 0);
            Steps.subscribe(one, "$share/c/t", 1);
            assertThat(broker.broker().windows().groups()).isEqualTo(2);
        }
    }

    /** What is in no log waits in memory, up to a limit; beyond it is dropped and counted. */
    @Test
    void whatIsNotKeptWaitsUpToALimit() {
        try (InProcessBroker broker = InProcessBroker.options()
                        .windows(new WindowLimits(10, 10, 2, 100_000))
                        .capture(Capture.BOUND)
                        .start();
                MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
                MqttRawClient publisher = client(broker, "p")) {
            one.connect(Steps.connect(MqttVersion.V5, "one", true, Steps.number(PropertyId.RECEIVE_MAXIMUM, 1)));
            one.expectAccepted();
            Steps.subscribe(one, "$share/g/s", 1);
            for (int n = 0; n < 4; n++) {
                Steps.publish(publisher, "s", "m" + n);
            }
            Steps.await("one is dropped", () -> group(broker, "s").dropped() == 1);
            for (int n = 0; n < 3; n++) {
                Steps.receive(one, "s", "m" + n, 1);
            }
            Steps.ping(one);
            assertThat(broker.broker().windows().counters().dropped.sum()).isEqualTo(1);
        }
    }

    /** What the log has waits there and not in memory, for as long as nobody can take it; then it comes in its order. */
    @Test
    void whatIsKeptWaitsInTheLog() {
        int messages = 300;
        try (InProcessBroker broker = InProcessBroker.options()
                        .windows(new WindowLimits(10, 10, 0, 0))
                        .start();
                MqttRawClient publisher = client(broker, "p")) {
            try (MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                Steps.resume(one, MqttVersion.V5, "one");
                Steps.subscribe(one, "$share/g/s/#", 1);
                Steps.publish(publisher, "s/a", "first");
                Steps.receive(one, "s/a", "first", 1);
                Steps.leave(one);
            }
            for (int n = 0; n < messages; n++) {
                Steps.publish(publisher, "s/" + n % 3, "m" + n);
            }
            publisher.publish("s/0", "nobody waits for this one");
            Steps.ping(publisher);
            Steps.await("all wait", () -> group(broker, "s/#").waiting() == messages);
            assertThat(broker.queued().usedBytes()).isZero();
            try (MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                assertThat(Steps.resume(one, MqttVersion.V5, "one")).isTrue();
                int[] next = {0, 1, 2};
                boolean live = false;
                for (int n = 0; n <= messages; n++) {
                    if (n == messages / 2) {
                        Steps.publish(publisher, "s/a", "live");
                    }
                    MqttRawClient.Publish got = one.expect(MqttRawClient.Publish.class);
                    one.pubAck(got.packetId());
                    if (got.topic().equals("s/a")) {
                        assertThat(live).isFalse();
                        live = true;
                    } else {
                        int topic = Integer.parseInt(got.topic().substring(2));
                        assertThat(got.text()).isEqualTo("m" + next[topic]);
                        next[topic] += 3;
                    }
                }
                assertThat(live).isTrue();
                Steps.await("nothing waits", () -> group(broker, "s/#").waiting() == 0);
                assertThat(group(broker, "s/#").dropped()).isEqualTo(1);
                Steps.ping(one);
            }
        }
    }

    /** Client {@code one} may subscribe to what is open. Stateless. */
    private static final class OnlyOpen implements AccessPort {
        @Override
        public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
            return true;
        }

        @Override
        public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
            return canonicalFilter.equals("open.#") && client.clientId().equals("one");
        }

        @Override
        public boolean allowsAll() {
            return false;
        }
    }

    /** Whether a client may is decided by what the group matches, not by its name. */
    @Test
    void accessIsThatOfTheFilter() {
        try (InProcessBroker broker =
                        InProcessBroker.options().access(new OnlyOpen()).start();
                MqttRawClient one = client(broker, "one");
                MqttRawClient two = client(broker, "two")) {
            for (String prefix : List.of("$share/g/", "$queue/", "$exclusive/")) {
                one.subscribe(1, prefix + "open/#", 1).expectSubAck(1, 1);
                one.subscribe(2, prefix + "closed/#", 1).expectSubAck(2, ReasonCode.NOT_AUTHORIZED);
                two.subscribe(3, prefix + "open/#", 1).expectSubAck(3, ReasonCode.NOT_AUTHORIZED);
            }
        }
    }

    /** One session at a time; it gets what any subscriber gets, retained messages included. */
    @Test
    void anExclusiveFilterHasOneSubscriber() {
        try (InProcessBroker broker = InProcessBroker.start();
                MqttRawClient one = client(broker, "one");
                MqttRawClient two = client(broker, "two")) {
            Steps.retain(two, "x/a", "kept");
            Steps.subscribe(one, "$exclusive/x/#", 1);
            assertThat(Steps.receive(one, "x/a", "kept", 1).retain()).isTrue();
            Steps.subscribe(one, "$exclusive/x/#", 1);
            Steps.receive(one, "x/a", "kept", 1);
            two.subscribe(1, "$exclusive/x/#", 1).expectSubAck(1, ReasonCode.QUOTA_EXCEEDED);
            Steps.subscribe(two, "$exclusive/x/+", 1);
            Steps.receive(two, "x/a", "kept", 1);
            one.unsubscribe(2, "$exclusive/x/#").expectUnsubAck(2, 0);
            Steps.subscribe(two, "$exclusive/x/#", 0);
            two.close();
            Steps.await(
                    "the second session is gone",
                    () -> broker.broker().ports().sessions().count() == 1);
            Steps.subscribe(one, "$exclusive/x/#", 1);
        }
    }
}
