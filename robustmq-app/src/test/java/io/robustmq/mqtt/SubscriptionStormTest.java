/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.mqtt.codec.MqttClientEncoder;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubAck;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that subscribes as fast as it can does not keep the loop from the others: its share of a turn is bounded. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SubscriptionStormTest {
    private static final int SUBSCRIPTIONS = 20_000;
    private static final int PACKET_BYTES = 26;
    /** What a turn reads of one connection. */
    private static final int BYTES_A_TURN = 2 * 64 * 1024;

    private static final long A_TURN = BYTES_A_TURN / PACKET_BYTES + 1;

    /** What the loop had done at the end of one of its turns. */
    private record Sample(long subscriptions, long publishes) {}

    @Test
    void aStormIsWorkedOffInBoundedTurnsAndAPublisherIsServedInTheFirst() throws Exception {
        try (OneLoopBroker node = new OneLoopBroker();
                MqttRawClient storm = MqttRawClient.connected(node.broker().tcpPort(), MqttVersion.V3_1_1, "storm");
                MqttRawClient publisher = MqttRawClient.connected(node.broker().tcpPort(), MqttVersion.V3_1_1, "pub")) {
            InProcessBroker broker = node.broker();
            Loop loop = broker.broker().ports().loops().get(0);
            CountDownLatch go = new CountDownLatch(1);
            loop.execute(() -> awaitQuietly(go));
            CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> subscribeToAll(storm));
            publisher.publish("quiet/topic", "hello", 1, 1);
            List<Sample> samples = new ArrayList<>();
            CompletableFuture<Void> sampled = new CompletableFuture<>();
            sample(broker, loop, samples, sampled);
            go.countDown();

            publisher.expectPubAck(1);
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                storm.expect(SubAck.class);
            }
            flood.get(10, TimeUnit.SECONDS);
            sampled.get(10, TimeUnit.SECONDS);

            Sample before = new Sample(0, 0);
            for (Sample sample : samples) {
                assertThat(sample.subscriptions - before.subscriptions)
                        .as("subscriptions in one turn")
                        .isLessThanOrEqualTo(A_TURN);
                before = sample;
            }
            assertThat(samples.stream()
                            .filter(sample -> sample.publishes == 1)
                            .findFirst()
                            .orElseThrow()
                            .subscriptions)
                    .as("subscriptions before the publish that came with them")
                    .isLessThanOrEqualTo(2 * A_TURN);
            assertThat(broker.services().subscribed().used()).isEqualTo(SUBSCRIPTIONS);
        }
    }

    /** One look in each turn, until everything is there. */
    private static void sample(
            InProcessBroker broker, Loop loop, List<Sample> samples, CompletableFuture<Void> sampled) {
        loop.execute(() -> {
            Sample now = new Sample(
                    broker.services().subscribed().used(),
                    broker.counters().publishesReceived.sum());
            if (samples.isEmpty() || !samples.get(samples.size() - 1).equals(now)) {
                samples.add(now);
            }
            if (now.subscriptions < SUBSCRIPTIONS) {
                sample(broker, loop, samples, sampled);
            } else {
                sampled.complete(null);
            }
        });
    }

    private static void subscribeToAll(MqttRawClient storm) {
        storm.send(out -> {
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                int begin = out.writerIndex();
                SubscriptionRequest request = new SubscriptionRequest("storm/" + (100_000 + i) + "/+/state", 0);
                MqttClientEncoder.subscribe(out, MqttVersion.V3_1_1, i + 1, List.of(request), MqttProperties.NONE);
                assertThat(out.writerIndex() - begin).isGreaterThanOrEqualTo(PACKET_BYTES);
            }
        });
    }

    private static void awaitQuietly(CountDownLatch go) {
        try {
            go.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
