/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.rules.MqttRules;
import io.robustmq.protocol.TopicRulePort.Action;
import io.robustmq.protocol.TopicRulePort.AutoSubscription;
import io.robustmq.protocol.TopicRulePort.Rewrite;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules about topics as clients see them. */
class TopicRulesTest {
    private final InMemoryMeta meta = new InMemoryMeta();
    private final MqttRules configured = new MqttRules(
            List.of(
                    new Rewrite("one", true, Action.ALL, "old/#", "^old/(.+)$", "new/$1"),
                    new Rewrite("two", true, Action.PUBLISH, "me/+", "^me/(.+)$", "users/%u/$1"),
                    new Rewrite("three", true, Action.PUBLISH, "later/#", "^later/(.+)$", "$delayed/1/old/$1")),
            List.of());
    private final InProcessBroker broker =
            InProcessBroker.options().meta(meta).rules(configured).start();

    @AfterEach
    void close() {
        broker.close();
    }

    private MqttRawClient client() {
        return MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, Steps.unique("c"));
    }

    private MqttRawClient connect(String id, boolean cleanStart) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        client.connect(Steps.connect(MqttVersion.V5, id, cleanStart, Steps.expiry(600)));
        return client;
    }

    private static void await(java.util.concurrent.CompletionStage<?> stage) {
        stage.toCompletableFuture().join();
    }

    @Test
    void publishesWillsAndSubscriptionsGetTheirOtherName() {
        try (MqttRawClient subscriber = client();
                MqttRawClient publisher = client()) {
            Steps.subscribe(subscriber, "old/+/x", 1);
            Steps.subscribe(subscriber, "new/will", 1);
            publisher.publish("old/1/x", "a", 1, 5).expectPubAck(5);
            publisher.publish("new/2/x", "b", 1, 5).expectPubAck(5);
            subscriber.expectPublish("new/1/x", "a");
            subscriber.expectPublish("new/2/x", "b");
            MqttRawClient dying = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
            dying.connect(
                    Steps.unique("c"),
                    true,
                    Steps.will("old/will", "bye", 1, false, MqttProperties.NONE),
                    MqttProperties.NONE);
            dying.expectAccepted();
            dying.close();
            subscriber.expectPublish("new/will", "bye");
            // The name that it gave is the name that it takes back.
            subscriber.unsubscribe(7, "old/+/x").expectUnsubAck(7, 0);
            publisher.publish("old/1/x", "c", 1, 5).expectPubAck(5);
            Steps.ping(subscriber);
        }
    }

    @Test
    void aliasesAndDelaysGoWithIt() {
        try (MqttRawClient subscriber = client();
                MqttRawClient publisher = client()) {
            Steps.subscribe(subscriber, "new/#", 1);
            publisher.publish(
                    "old/a", "1", packet -> packet.flags(1, false, false, 5).topicAlias(3));
            publisher.expectPubAck(5);
            publisher.publish(
                    "", "2", packet -> packet.flags(1, false, false, 6).topicAlias(3));
            publisher.expectPubAck(6);
            subscriber.expectPublish("new/a", "1");
            subscriber.expectPublish("new/a", "2");
            publisher.publish("later/b", "3", 1, 7).expectPubAck(7);
            subscriber.expectPublish("new/b", "3");
        }
    }

    /** The client has no user name for the rule, or the rule makes a wildcard of a topic. */
    @Test
    void whatARuleMakesNothingLegalOfIsRefused() {
        await(broker.rules().add(new Rewrite("wild", false, Action.SUBSCRIBE, "s/+", "^s/(.+)$", "a#$1")));
        try (MqttRawClient five = client();
                MqttRawClient three =
                        MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, Steps.unique("c"))) {
            five.publish("me/x", "1", 1, 5);
            five.expectAcknowledgement(PacketType.PUBACK, 5, 0x90);
            three.publish("me/x", "1", 1, 5).expectPubAck(5);
            five.subscribe(6, "s/1", 1).expectSubAck(6, 0x8F);
            three.subscribe(6, "s/1", 1).expectSubAck(6, 0x80);
            five.unsubscribe(7, "s/1").expectUnsubAck(7, 0x8F);
            assertThat(broker.records("mqtt")).isEmpty();
        }
    }

    @Test
    void rulesComeAndGoForAllNodes() {
        Rewrite rule = new Rewrite("added", false, Action.PUBLISH, "old/#", "^old/(.+)$", "newest/$1");
        await(broker.rules().add(rule));
        assertThat(broker.rules().rewrites()).extracting(Rewrite::name).containsExactly("one", "two", "three", "added");
        assertThatThrownBy(() -> await(broker.rules().add(rule))).hasMessageContaining("there is a rule");
        assertThatThrownBy(() -> await(broker.rules().deleteRewrite("one"))).hasMessageContaining("configuration");
        assertThatThrownBy(() -> await(broker.rules().deleteRewrite("none"))).hasMessageContaining("no mqtt.rewrite");
        try (InProcessBroker other = InProcessBroker.options().meta(meta).start();
                MqttRawClient publisher = MqttRawClient.connected(other.tcpPort(), MqttVersion.V5, Steps.unique("c"));
                MqttRawClient subscriber =
                        MqttRawClient.connected(other.tcpPort(), MqttVersion.V5, Steps.unique("c"))) {
            Steps.subscribe(subscriber, "#", 1);
            publisher.publish("old/x", "1", 1, 5).expectPubAck(5);
            subscriber.expectPublish("newest/x", "1");
            await(broker.rules().deleteRewrite("added"));
            publisher.publish("old/x", "2", 1, 5).expectPubAck(5);
            subscriber.expectPublish("old/x", "2");
        }
        assertThat(broker.rules().rewrites()).hasSize(3);
    }

    @Test
    void limitsHoldOnBothSides() {
        for (int i = 0; i < 64; i++) {
            await(broker.rules().add(new AutoSubscription("s" + i, false, "a/" + i, 0, false, false, 0)));
        }
        assertThatThrownBy(
                        () -> await(broker.rules().add(new AutoSubscription("more", false, "a", 0, false, false, 0))))
                .hasMessageContaining("no more are allowed");
        await(broker.rules().deleteAutoSubscription("s0"));
        await(broker.rules().add(new AutoSubscription("more", false, "a", 0, false, false, 0)));
        for (int i = 3; i < 256; i++) {
            await(broker.rules().add(new Rewrite("r" + i, false, Action.ALL, "r/" + i, "r", "s")));
        }
        assertThatThrownBy(() -> await(broker.rules().add(new Rewrite("x", false, Action.ALL, "r", "r", "s"))))
                .hasMessageContaining("no more are allowed");
    }

    @Test
    void clientsAreSubscribedWhenTheyConnect() {
        await(broker.rules().add(new AutoSubscription("mine", false, "in/%c/#", 1, false, false, 0)));
        await(broker.rules().add(new AutoSubscription("named", false, "users/%u", 1, false, false, 0)));
        String id = Steps.unique("auto");
        try (MqttRawClient publisher = client()) {
            Steps.retain(publisher, "in/" + id + "/config", "kept");
            try (MqttRawClient device = connect(id, true)) {
                device.expectAccepted();
                device.pubAck(
                        device.expectPublish("in/" + id + "/config", "kept").packetId());
                publisher.publish("in/" + id + "/x", "1", 1, 5).expectPubAck(5);
                Steps.receive(device, "in/" + id + "/x", "1", 1);
            }
            publisher.publish("in/" + id + "/x", "2", 1, 5).expectPubAck(5);
            // The session has the subscription: nothing is sent twice, retained ones not again.
            try (MqttRawClient device = connect(id, false)) {
                assertThat(device.expectAccepted().sessionPresent()).isTrue();
                device.pubAck(device.expectPublish("in/" + id + "/x", "2").packetId());
                Steps.ping(device);
                device.unsubscribe(9, "in/" + id + "/#").expectUnsubAck(9, 0);
                // What the client itself asks for wins.
                device.subscribe(
                        10, MqttProperties.NONE, new SubscriptionRequest("in/" + id + "/#", 0, false, false, 2));
                device.expectSubAck(10, 0);
            }
            try (MqttRawClient device = connect(id, false)) {
                device.expectAccepted();
                publisher.publish("in/" + id + "/x", "3", 1, 5).expectPubAck(5);
                Steps.receive(device, "in/" + id + "/x", "3", 0);
            }
        }
        assertThat(configured.subscribed.sum()).isPositive();
    }
}
