/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.protocol.TopicPort.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

class MqttSmokeTest {

    @Test
    void aDeviceIsHeardAndKept() throws Exception {
        try (InProcessBroker broker = InProcessBroker.start()) {
            String url = "tcp://127.0.0.1:" + broker.tcpPort();
            BlockingQueue<String> received = new ArrayBlockingQueue<>(100);
            try (MqttClient subscriber = new MqttClient(url, "sub", new MemoryPersistence());
                    MqttClient publisher = new MqttClient(url, "pub", new MemoryPersistence())) {
                subscriber.connect();
                publisher.connect();
                subscriber.subscribe(
                        "sensors/#",
                        2,
                        (topic, message) -> received.add(topic + "="
                                + new String(message.getPayload(), StandardCharsets.UTF_8) + "@" + message.getQos()));
                for (int qos = 0; qos <= 2; qos++) {
                    publisher.publish("sensors/1/temp", ("t" + qos).getBytes(StandardCharsets.UTF_8), qos, false);
                    assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("sensors/1/temp=t" + qos + "@" + qos);
                }
                publisher.disconnect();
                subscriber.disconnect();
            }
            List<StoredRecord> records = broker.records("mqtt");
            assertThat(records)
                    .hasSize(3)
                    .allSatisfy(record -> assertThat(record.subject()).isEqualTo("sensors/1/temp"));
        }
    }
}
