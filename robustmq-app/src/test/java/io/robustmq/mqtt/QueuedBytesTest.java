/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.MqttRawClient.Publish;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import org.junit.jupiter.api.Test;

/** What waits for all sessions together has a limit, and is given back when a session ends. */
class QueuedBytesTest {

    /** What does not fit lies in the log: nothing is lost for want of memory, and who sleeps takes none. */
    @Test
    void sessionsShareTheLimitOfTheNode() {
        try (InProcessBroker broker =
                        InProcessBroker.options().loops(1).queuedBytes(10_000).start();
                MqttRawClient a = slow(broker, "a");
                MqttRawClient b = slow(broker, "b");
                MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "pub")) {
            slow(broker, "asleep").close();
            // 96 bytes of overhead, three of the topic and 901 of payload: ten fit for both sessions together.
            for (int i = 1; i <= 9; i++) {
                publisher.publish("t", i + "x".repeat(900), 1, i).expect(MqttRawClient.Acknowledgement.class);
            }
            assertThat(broker.queued().usedBytes()).isEqualTo(10_000);
            for (MqttRawClient each : new MqttRawClient[] {a, b}) {
                for (int i = 1; i <= 9; i++) {
                    Publish got = each.expectPublish("t", i + "x".repeat(900));
                    each.pubAck(got.packetId());
                }
                Steps.ping(each);
            }
            assertThat(broker.counters().droppedQueueFull.sum()).isZero();
            assertThat(broker.counters().fellBehind.sum()).isPositive();
            assertThat(broker.queued().usedBytes()).isZero();
        }
    }

    /** A client that takes one message at a time. */
    private static MqttRawClient slow(InProcessBroker broker, String clientId) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        MqttProperties properties = MqttProperties.builder()
                .number(PropertyId.SESSION_EXPIRY_INTERVAL, 60)
                .number(PropertyId.RECEIVE_MAXIMUM, 1)
                .build();
        client.connect(clientId, false, null, properties).expectAccepted();
        client.subscribe(1, "t", 1).expectSubAck(1, 1);
        return client;
    }
}
