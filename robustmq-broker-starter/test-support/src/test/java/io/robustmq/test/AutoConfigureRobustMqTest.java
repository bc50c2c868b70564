/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

/** The example of docs/embedding.md. */
@SpringBootTest(classes = DeviceApplication.class)
@AutoConfigureRobustMq(properties = "robustmq.mqtt.max-qos=1")
class AutoConfigureRobustMqTest {
    private static final long TIMEOUT_SECONDS = 20;

    @Autowired
    MqttConnectionDetails mqtt;

    @Autowired
    KafkaTemplate<String, String> kafka;

    @Autowired
    DeviceApplication application;

    @Value("${local.robustmq.mqtt.port}")
    int mqttPort;

    @Value("${robustmq.data-dir}")
    Path directory;

    @Value("${robustmq.mqtt.max-qos}")
    int maxQos;

    @Test
    void aDeviceIsHeardBySpringKafka() throws Exception {
        kafka.send("plant.line1", "by Kafka").get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        assertThat(application.heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("by Kafka");
        try (MqttClient device = new MqttClient(mqtt.serverUri(), "device", new MemoryPersistence())) {
            device.connect();
            device.publish("plant/line1", "by MQTT".getBytes(UTF_8), 1, false);
            device.disconnect();
        }
        assertThat(application.heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isEqualTo("by MQTT");
    }

    @Test
    void portsAndSettingsAreTold() {
        assertThat(mqtt.port()).isEqualTo(mqttPort).isBetween(20_000, 32_000);
        assertThat(maxQos).isEqualTo(1);
        assertThat(directory).isDirectory();
    }

    @Test
    void equalSettingsShareOneContext() {
        assertThat(new RobustMqContextCustomizer(java.util.List.of("a=1")))
                .isEqualTo(new RobustMqContextCustomizer(java.util.List.of("a=1")))
                .isNotEqualTo(new RobustMqContextCustomizer(java.util.List.of("a=2")));
    }

    @Test
    void theDirectoryGoesWithTheContext() {
        SpringApplication host = new SpringApplication(DeviceApplication.class);
        host.addInitializers(
                context -> new RobustMqContextCustomizer(java.util.List.of()).customizeContext(context, null));
        Path other;
        try (ConfigurableApplicationContext context = host.run()) {
            other = Path.of(context.getEnvironment().getRequiredProperty("robustmq.data-dir"));
            assertThat(other).isNotEqualTo(directory).isDirectory();
        }
        assertThat(Files.exists(other)).isFalse();
    }
}
