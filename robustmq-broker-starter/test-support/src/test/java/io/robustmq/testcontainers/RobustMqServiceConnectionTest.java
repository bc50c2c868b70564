/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.testcontainers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.test.MqttConnectionDetails;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.kafka.core.KafkaTemplate;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;

/** The example of docs/embedding.md with a container; needs an engine and the image, which deploy/ builds. */
@SpringBootTest(classes = RobustMqServiceConnectionTest.Application.class)
@Testcontainers(disabledWithoutDocker = true)
class RobustMqServiceConnectionTest {
    private static final long TIMEOUT_SECONDS = 20;

    @Container
    @ServiceConnection
    static final RobustMqContainer BROKER =
            new RobustMqContainer(System.getProperty("robustmq.test.image", "robustmq/robustmq:latest"));

    @Autowired
    MqttConnectionDetails mqtt;

    @Autowired
    KafkaTemplate<String, String> kafka;

    @Test
    void kafkaReachesADevice() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        try (MqttClient device = new MqttClient(mqtt.serverUri(), "device", new MemoryPersistence())) {
            device.connect();
            device.subscribe("plant/line1", 1, (topic, message) -> heard.add(new String(message.getPayload(), UTF_8)));
            kafka.send("plant.line1", "start").get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            assertThat(heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("start");
            device.disconnect();
        }
    }

    /** An application without a broker inside. Stateless. */
    @ImportAutoConfiguration(KafkaAutoConfiguration.class)
    static class Application {}
}
