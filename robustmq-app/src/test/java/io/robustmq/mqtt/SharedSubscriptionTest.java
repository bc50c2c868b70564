/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.Connect;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.mqtt.codec.ReasonCode;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.WindowPort.Description;
import io.robustmq.testkit.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups that share messages; numbers are statements of MQTT 5.0. */
class SharedSubscriptionTest {
    private static final Duration SILENCE = Duration.ofMillis(100);
    private static InProcessBroker broker;

    private String topic;
    private String shared;

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void names() {
        topic = Steps.unique("shared/t");
        shared = "$share/g/" + topic;
    }

    private static MqttRawClient client(MqttVersion version) {
        return MqttRawClient.connected(broker.tcpPort(), version, Steps.unique("c"));
    }

    private static MqttRawClient client() {
        return client(MqttVersion.V5);
    }

    private static MqttRawClient member(String filter, int qos) {
        MqttRawClient member = client();
        Steps.subscribe(member, filter, qos);
        return member;
    }

    private static MqttRawClient withWindow(String filter, int receiveMaximum) {
        MqttRawClient member = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        member.connect(Steps.connect(
                MqttVersion.V5, Steps.unique("c"), true, Steps.number(PropertyId.RECEIVE_MAXIMUM, receiveMaximum)));
        member.expectAccepted();
        Steps.subscribe(member, filter, 1);
        return member;
    }

    private static MqttRawClient durable(String id) {
        MqttRawClient member = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        Steps.resume(member, MqttVersion.V5, id);
        return member;
    }

    private Description group(String filter) {
        return broker.broker().windows().list(Tenants.DEFAULT).toCompletableFuture().join().stream()
                .filter(group -> group.filter().equals(filter))
                .findFirst()
                .orElseThrow();
    }

    private boolean isGone(String filter) {
        return broker.broker().windows().list(Tenants.DEFAULT).toCompletableFuture().join().stream()
                .noneMatch(group -> group.filter().equals(filter));
    }

    /** Every message to one member of each group, in turn, and to every other subscriber. */
    @Statement({"MQTT-4.8.2-1", "rule:shared-once"})
    @ParameterizedTest
    @EnumSource
    void membersTakeTurns(MqttVersion version) {
        try (MqttRawClient one = client(version);
                MqttRawClient two = client(version);
                MqttRawClient otherGroup = client(version);
                MqttRawClient alone = client(version);
                MqttRawClient publisher = client(version)) {
            Steps.subscribe(one, shared, 1);
            Steps.subscribe(two, shared, 1);
            Steps.subscribe(otherGroup, "$share/h/" + topic, 1);
            Steps.subscribe(alone, topic, 1);
            for (int i = 1; i <= 4; i++) {
                Steps.publish(publisher, topic, "m" + i);
                Steps.receive(i % 2 == 1 ? one : two, topic, "m" + i, 1);
                Steps.receive(otherGroup, topic, "m" + i, 1);
                Steps.receive(alone, topic, "m" + i, 1);
            }
            Steps.ping(one);
            Steps.ping(two);
        }
    }

    /** The same for messages that are not acknowledged. */
    @Test
    void unacknowledgedMessagesTakeTurns() {
        try (MqttRawClient one = member(shared, 0);
                MqttRawClient two = member(shared, 1);
                MqttRawClient publisher = client()) {
            for (int i = 1; i <= 4; i++) {
                publisher.publish(topic, "m" + i);
                Steps.receive(i % 2 == 1 ? one : two, topic, "m" + i, 0);
            }
        }
    }

    /** A client in a group that also subscribes for itself gets both. */
    @Test
    void aSubscriptionOfItsOwnIsAnother() {
        try (MqttRawClient one = member(shared, 1);
                MqttRawClient publisher = client()) {
            Steps.subscribe(one, topic, 1);
            Steps.publish(publisher, topic, "m");
            Steps.receive(one, topic, "m", 1);
            Steps.receive(one, topic, "m", 1);
        }
    }

    /** 4.8.2-3: the QoS granted to the chosen member. */
    @Statement("MQTT-4.8.2-3")
    @Test
    void eachMemberHasItsQos() {
        try (MqttRawClient zero = member(shared, 0);
                MqttRawClient one = member(shared, 1);
                MqttRawClient two = member(shared, 2);
                MqttRawClient publisher = client()) {
            for (int i = 0; i < 2; i++) {
                Steps.publish(publisher, topic, "m", 2);
                Steps.receive(zero, topic, "m", 0);
                Steps.publish(publisher, topic, "m", 2);
                Steps.receive(one, topic, "m", 1);
                Steps.publish(publisher, topic, "m", 2);
                Steps.receive(two, topic, "m", 2);
            }
            Steps.await("nothing is under way", () -> group(topic).underWay() == 0);
        }
    }

    @Test
    void subscriptionIdentifiersAndRetainAsPublishedAreTheMembers() {
        try (MqttRawClient one = client();
                MqttRawClient two = client();
                MqttRawClient publisher = client()) {
            Steps.subscribe(one, 11, new SubscriptionRequest(shared, 1, false, true, 0));
            Steps.subscribe(two, 22, new SubscriptionRequest(shared, 1, false, false, 0));
            Steps.retain(publisher, topic, "a");
            Publish first = Steps.receive(one, topic, "a", 1);
            assertThat(first.properties().subscriptionIdentifiers()).containsExactly(11);
            assertThat(first.retain()).isTrue();
            Steps.retain(publisher, topic, "b");
            Publish second = Steps.receive(two, topic, "b", 1);
            assertThat(second.properties().subscriptionIdentifiers()).containsExactly(22);
            assertThat(second.retain()).isFalse();
        }
    }

    /** 4.8.2: no retained messages for a group, whatever the member asks for. */
    @Statement("rule:shared-once")
    @Test
    void retainedMessagesAreNotSent() {
        try (MqttRawClient publisher = client();
                MqttRawClient one = client()) {
            Steps.retain(publisher, topic, "kept");
            Steps.subscribe(one, 0, new SubscriptionRequest(shared, 1, false, true, 0));
            one.expectSilence(SILENCE);
        }
    }

    /** 3.8.3-4 */
    @Statement("MQTT-3.8.3-4")
    @ParameterizedTest
    @ValueSource(strings = {"$share/g/a", "$queue/a"})
    void noLocalIsAnError(String filter) {
        try (MqttRawClient one = client()) {
            one.subscribe(3, MqttProperties.NONE, new SubscriptionRequest(filter, 1, true, false, 0));
            one.expectDisconnect(ReasonCode.PROTOCOL_ERROR);
        }
    }

    /** A message that nobody has acknowledged goes to another member when its own leaves, in its order and unchanged. */
    @Statement("rule:shared-member-leaves")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void qos1OfALeavingMemberGoesToOthers(boolean durable) {
        try (MqttRawClient one = durable ? durable(Steps.unique("c")) : client();
                MqttRawClient two = client();
                MqttRawClient publisher = client()) {
            Steps.subscribe(one, shared, 1);
            for (int i = 1; i <= 3; i++) {
                Steps.publish(publisher, topic, "m" + i);
                one.expectPublish(topic, "m" + i);
            }
            Steps.subscribe(two, shared, 1);
            one.close();
            for (int i = 1; i <= 3; i++) {
                assertThat(Steps.receive(two, topic, "m" + i, 1).dup()).isFalse();
            }
            Steps.publish(publisher, topic, "m4");
            Steps.receive(two, topic, "m4", 1);
            Steps.ping(two);
            Steps.await("nothing is under way", () -> group(topic).underWay() == 0);
            assertThat(group(topic).redelivered()).isEqualTo(3);
        }
    }

    /** 4.8.2-4: what QoS 2 has begun is finished with the client that has it. */
    @Statement("MQTT-4.8.2-4")
    @Test
    void qos2BegunStaysWithItsMember() {
        String id = Steps.unique("c");
        try (MqttRawClient two = member(shared, 2);
                MqttRawClient publisher = client()) {
            Publish begun;
            Publish received;
            try (MqttRawClient one = durable(id)) {
                Steps.subscribe(one, shared, 2);
                Steps.publish(publisher, topic, "m1", 2);
                Steps.receive(two, topic, "m1", 2);
                Steps.publish(publisher, topic, "m2", 2);
                begun = one.expectPublish(topic, "m2");
                Steps.publish(publisher, topic, "m3", 2);
                Steps.receive(two, topic, "m3", 2);
                Steps.publish(publisher, topic, "m4", 2);
                received = one.expectPublish(topic, "m4");
                one.pubRec(received.packetId());
                one.expectAcknowledgement(PacketType.PUBREL, received.packetId(), 0);
            }
            two.expectSilence(SILENCE);
            try (MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                assertThat(Steps.resume(one, MqttVersion.V5, id)).isTrue();
                one.expectAcknowledgement(PacketType.PUBREL, received.packetId(), 0);
                one.pubComp(received.packetId());
                Publish again = one.expectPublish(topic, "m2");
                assertThat(again.dup()).isTrue();
                assertThat(again.packetId()).isEqualTo(begun.packetId());
                one.pubRec(again.packetId());
                one.expectAcknowledgement(PacketType.PUBREL, again.packetId(), 0);
                one.pubComp(again.packetId());
                Steps.ping(one);
                Steps.await("nothing is under way", () -> group(topic).underWay() == 0);
            }
        }
    }

    /** 4.8.2-5: when its session ends before, nobody else gets it. */
    @Statement("MQTT-4.8.2-5")
    @Test
    void qos2BegunEndsWithItsSession() {
        try (MqttRawClient one = member(shared, 2);
                MqttRawClient two = client();
                MqttRawClient publisher = client()) {
            Steps.publish(publisher, topic, "m1", 2);
            one.expectPublish(topic, "m1");
            Steps.subscribe(two, shared, 2);
            one.close();
            Steps.await("the member is gone", () -> group(topic).members().size() == 1);
            two.expectSilence(SILENCE);
        }
    }

    /** 4.8.2-6 */
    @Statement("MQTT-4.8.2-6")
    @Test
    void aRefusalEndsIt() {
        try (MqttRawClient one = member(shared, 2);
                MqttRawClient publisher = client()) {
            Steps.publish(publisher, topic, "m1", 1);
            Publish first = one.expectPublish(topic, "m1");
            try (MqttRawClient two = member(shared, 2)) {
                Steps.refuse(one, PacketType.PUBACK, first.packetId(), ReasonCode.UNSPECIFIED_ERROR);
                Steps.publish(publisher, topic, "m2", 2);
                Steps.receive(one, topic, "m2", 2);
                Steps.publish(publisher, topic, "m3", 2);
                Publish third = two.expectPublish(topic, "m3");
                Steps.refuse(two, PacketType.PUBREC, third.packetId(), ReasonCode.QUOTA_EXCEEDED);
                Steps.ping(two);
                two.close();
                one.expectSilence(SILENCE);
            }
        }
    }

    /** A client that came back before anybody else could take over goes on with what it had. */
    @Test
    void theOnlyMemberGoesOnWithItsOwn() {
        String id = Steps.unique("c");
        try (MqttRawClient publisher = client()) {
            Publish begun;
            try (MqttRawClient one = durable(id)) {
                Steps.subscribe(one, shared, 1);
                Steps.publish(publisher, topic, "m1");
                begun = one.expectPublish(topic, "m1");
            }
            Steps.await("the member sleeps", () -> group(topic).members().get(0).loop() == null);
            Steps.publish(publisher, topic, "m2");
            try (MqttRawClient one = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                assertThat(Steps.resume(one, MqttVersion.V5, id)).isTrue();
                Publish again = one.expectPublish(topic, "m1");
                assertThat(again.dup()).isTrue();
                assertThat(again.packetId()).isEqualTo(begun.packetId());
                one.pubAck(again.packetId());
                Steps.receive(one, topic, "m2", 1);
            }
        }
    }

    /** What a sleeping member has not acknowledged goes to the first one that is there. */
    @Test
    void whoComesTakesWhatASleeperHolds() {
        try (MqttRawClient publisher = client();
                MqttRawClient one = durable(Steps.unique("c"))) {
            Steps.subscribe(one, shared, 1);
            Steps.publish(publisher, topic, "m1");
            one.expectPublish(topic, "m1");
            one.close();
            Steps.await("the member sleeps", () -> group(topic).members().get(0).loop() == null);
            Steps.publish(publisher, topic, "m2");
            try (MqttRawClient two = member(shared, 1)) {
                List<String> got = List.of(
                        two.expect(Publish.class).text(),
                        two.expect(Publish.class).text());
                assertThat(got).containsExactlyInAnyOrder("m1", "m2");
            }
        }
    }

    /** A member that acknowledges nothing gets as much as it takes; the others get the rest. */
    @Test
    void whoIsFullIsPassedOver() {
        try (MqttRawClient full = withWindow(shared, 2);
                MqttRawClient two = member(shared, 1);
                MqttRawClient publisher = client()) {
            Publish last = null;
            for (int i = 1; i <= 8; i++) {
                Steps.publish(publisher, topic, "m" + i);
                if (i == 1 || i == 3) {
                    last = full.expectPublish(topic, "m" + i);
                } else {
                    Steps.receive(two, topic, "m" + i, 1);
                    Steps.ping(two);
                }
            }
            full.expectSilence(SILENCE);
            full.pubAck(last.packetId());
            Steps.ping(full);
            Steps.publish(publisher, topic, "m9");
            full.expectPublish(topic, "m9");
        }
    }

    /** When nobody can take it, it waits for the first who can. */
    @Test
    void whatNobodyTakesWaits() {
        try (MqttRawClient one = withWindow(shared, 1);
                MqttRawClient publisher = client()) {
            for (int i = 1; i <= 5; i++) {
                Steps.publish(publisher, topic, "m" + i);
            }
            Steps.await("four wait", () -> group(topic).waiting() == 4);
            for (int i = 1; i <= 5; i++) {
                Steps.receive(one, topic, "m" + i, 1);
            }
            Steps.ping(one);
            Steps.await("none waits", () -> group(topic).waiting() == 0);
        }
    }

    @Test
    void whoUnsubscribesIsNoMember() {
        try (MqttRawClient one = member(shared, 1);
                MqttRawClient two = member(shared, 1);
                MqttRawClient publisher = client()) {
            one.unsubscribe(9, shared, shared, topic, "$share/h/" + topic).expectUnsubAck(9, 0, 0x11, 0x11, 0x11);
            for (int i = 1; i <= 3; i++) {
                Steps.publish(publisher, topic, "m" + i);
                Steps.receive(two, topic, "m" + i, 1);
            }
            Steps.ping(one);
            two.unsubscribe(9, shared).expectUnsubAck(9, 0);
            assertThat(isGone(topic)).isTrue();
            Steps.publish(publisher, topic, "m4");
            Steps.ping(two);
        }
    }

    /** A delivery begun before UNSUBSCRIBE is finished with its client (3.10.4-3). */
    @Test
    void unsubscribingFinishesWhatHasBegun() {
        try (MqttRawClient one = member(shared, 1);
                MqttRawClient two = client();
                MqttRawClient publisher = client()) {
            Steps.publish(publisher, topic, "m1");
            Publish first = one.expectPublish(topic, "m1");
            Steps.subscribe(two, shared, 1);
            one.unsubscribe(9, shared).expectUnsubAck(9, 0);
            two.expectSilence(SILENCE);
            one.pubAck(first.packetId());
            Steps.ping(one);
        }
    }

    /** The last member takes with it what nobody had. */
    @Statement("rule:shared-once")
    @Test
    void whatWaitsEndsWithTheLastMember() {
        try (MqttRawClient publisher = client()) {
            try (MqttRawClient one = withWindow(shared, 1)) {
                Steps.publish(publisher, topic, "m1");
                Steps.publish(publisher, topic, "m2");
                one.expectPublish(topic, "m1");
            }
            Steps.await("the group is gone", () -> isGone(topic));
            try (MqttRawClient two = member(shared, 1)) {
                two.expectSilence(SILENCE);
            }
        }
    }

    /** A new subscription to the same filter changes its QoS and identifier, and nothing else. */
    @Test
    void subscribingAgainReplaces() {
        try (MqttRawClient one = client();
                MqttRawClient publisher = client()) {
            Steps.subscribe(one, 1, new SubscriptionRequest(shared, 1));
            Steps.publish(publisher, topic, "a");
            Steps.receive(one, topic, "a", 1);
            Steps.subscribe(one, 2, new SubscriptionRequest(shared, 0));
            Steps.publish(publisher, topic, "b");
            Publish second = Steps.receive(one, topic, "b", 0);
            assertThat(second.properties().subscriptionIdentifiers()).containsExactly(2);
            assertThat(group(topic).members()).hasSize(1);
        }
    }

    /** The takeover of a session keeps its place in the group. */
    @Test
    void aTakeoverStaysMember() {
        String id = Steps.unique("c");
        try (MqttRawClient publisher = client();
                MqttRawClient before = durable(id)) {
            Steps.subscribe(before, shared, 1);
            Steps.publish(publisher, topic, "m1");
            before.expectPublish(topic, "m1");
            try (MqttRawClient after = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
                Connect connect = Steps.connect(MqttVersion.V5, id, false, Steps.expiry(600));
                after.connect(connect);
                assertThat(after.expectAccepted().sessionPresent()).isTrue();
                Publish again = after.expectPublish(topic, "m1");
                assertThat(again.dup()).isTrue();
                after.pubAck(again.packetId());
                Steps.publish(publisher, topic, "m2");
                Steps.receive(after, topic, "m2", 1);
            }
        }
    }

    /** 4.8.2-1, 4.8.2-2: malformed. */
    @Statement({"MQTT-4.8.2-1", "MQTT-4.8.2-2"})
    @ParameterizedTest
    @ValueSource(strings = {"$share/g", "$share/g/", "$share//a", "$share/+/a", "$share/g#/a"})
    void malformedNamesCloseTheConnection(String filter) {
        try (MqttRawClient one = client()) {
            one.subscribe(3, filter, 1);
            one.expectDisconnect(ReasonCode.TOPIC_FILTER_INVALID);
        }
    }

    /** Nothing within another, and something behind the prefix. */
    @ParameterizedTest
    @ValueSource(
            strings = {"$queue/", "$exclusive/", "$share/g/$share/h/a", "$share/g/$exclusive/a", "$exclusive/$queue/a"})
    void badFiltersAreRefused(String filter) {
        try (MqttRawClient one = client()) {
            one.subscribe(3, filter, 1);
            one.expectSubAck(3, ReasonCode.TOPIC_FILTER_INVALID);
        }
    }

    /** EMQX's shorthand for one group, which is one with the long form. */
    @Test
    void queueIsAGroup() {
        try (MqttRawClient one = member("$queue/" + topic, 1);
                MqttRawClient two = member("$share/$queue/" + topic, 1);
                MqttRawClient publisher = client()) {
            Steps.publish(publisher, topic, "m1");
            Steps.receive(one, topic, "m1", 1);
            Steps.publish(publisher, topic, "m2");
            Steps.receive(two, topic, "m2", 1);
            Steps.ping(one);
            one.unsubscribe(4, "$queue/" + topic).expectUnsubAck(4, 0);
        }
    }
}
