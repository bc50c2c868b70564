/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.mqtt.FileEngines;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PacketType;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SUBACK means it: what is published right behind it arrives, ten thousand times, on loops of their own. */
class SubscribeThenPublishTest {
    private static final int PAIRS = 4;
    private static final int ROUNDS = 2_500;

    @TempDir
    Path directory;

    /** The first bytes that the subscriber reads behind its SUBACK are the message. */
    @Test
    void whatFollowsASubAckArrives() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(PAIRS);
        try (InProcessBroker broker = InProcessBroker.options()
                .engine(FileEngines.of(
                        List.of(new SystemDisk(directory)),
                        LogConfig.defaults().withWalFileBytes(4 << 20).withLowWaterBytes(0),
                        new FileEngineConfig(1 << 20, 1 << 20, 4096)))
                .start()) {
            broker.create(new TopicPort.TopicRequest(
                    Tenants.DEFAULT, "kept", 2, List.of("kept/#"), "file", Map.of("durability", "os")));
            List<Future<Integer>> pairs = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                int pair = i;
                pairs.add(threads.submit(() -> play(broker.tcpPort(), pair)));
            }
            int arrived = 0;
            for (Future<Integer> pair : pairs) {
                arrived += pair.get(120, TimeUnit.SECONDS);
            }
            assertThat(arrived).isEqualTo(PAIRS * ROUNDS);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Half of the pairs with a session that outlives its connection, half in a topic on disk. */
    private static int play(int port, int pair) {
        MqttProperties expiry = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, pair % 2 == 0 ? 0 : 600)
                .build();
        String root = (pair < PAIRS / 2 ? "kept/" : "live/") + pair + "/";
        try (MqttRawClient subscriber = MqttRawClient.open(port, MqttVersion.V5);
                MqttRawClient publisher = MqttRawClient.connected(port, MqttVersion.V5, "publisher-" + pair)) {
            subscriber.connect("subscriber-" + pair, true, null, expiry).expectAccepted();
            int arrived = 0;
            for (int round = 0; round < ROUNDS; round++) {
                String topic = root + round;
                String filter = round % 3 == 0 ? root + "+" : topic;
                subscriber.subscribe(1, filter, 1).expectSubAck(1, 1);
                publisher.publish(topic, "" + round, 1, 2);
                MqttRawClient.Publish message = subscriber.expectPublish(topic, "" + round);
                subscriber.pubAck(message.packetId());
                publisher.expectAcknowledgement(PacketType.PUBACK, 2, 0);
                subscriber.unsubscribe(3, filter).expectUnsubAck(3, 0);
                arrived++;
            }
            return arrived;
        }
    }
}
