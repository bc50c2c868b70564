/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.codec.MqttVersion;
import org.junit.jupiter.api.Test;

/** What waits for all sessions together has a limit, and is given back when a session ends. */
class QueuedBytesTest {

    @Test
    void sessionsShareTheLimitOfTheNode() {
        try (InProcessBroker broker =
                InProcessBroker.options().loops(1).queuedBytes(10_000).start()) {
            sleeper(broker, "a");
            sleeper(broker, "b");
            try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V3_1_1, "pub")) {
                // 96 bytes of overhead, three of the topic and 901 of payload: ten fit for both sessions together, so
                // five for each.
                for (int i = 1; i <= 8; i++) {
                    publisher.publish("t", "x".repeat(901), 1, i).expect(MqttRawClient.Acknowledgement.class);
                }
            }
            assertThat(broker.counters().droppedQueueFull.sum()).isEqualTo(6);
            assertThat(broker.queued().usedBytes()).isEqualTo(10_000);
            for (String clientId : new String[] {"a", "b"}) {
                // A clean start ends the session that waited.
                try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V3_1_1)) {
                    client.connect(clientId, true).expectAccepted();
                }
            }
            assertThat(broker.queued().usedBytes()).isZero();
        }
    }

    private static void sleeper(InProcessBroker broker, String clientId) {
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V3_1_1)) {
            client.connect(clientId, false).expectAccepted();
            client.subscribe(1, "t", 1).expectSubAck(1, 1);
            client.disconnect().raw().expectClose();
        }
    }
}
