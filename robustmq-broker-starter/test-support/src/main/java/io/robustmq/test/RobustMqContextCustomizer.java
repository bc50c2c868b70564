/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Tells the node of a test's context its ports and its directory, and the test's clients where it is. Immutable, and equal for
 * equal settings, so that tests share contexts.
 */
record RobustMqContextCustomizer(List<String> properties) implements ContextCustomizer {
    private static final String SOURCE = "robustmq-test";
    private static final List<String> ENCRYPTED =
            List.of("robustmq.mqtt.tls", "robustmq.mqtt.websocket-tls", "robustmq.kafka.tls");
    private static final String KAFKA_DETAILS = "org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails";

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        int[] ports = FreePorts.choose(3);
        Path directory = directory();
        TestPropertyValues.of(properties).applyTo(context);
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource(SOURCE, keys(ports, directory, context.getEnvironment())));

        BeanDefinitionRegistry registry = (BeanDefinitionRegistry) context.getBeanFactory();
        registry.registerBeanDefinition(
                "robustMqTestDirectory",
                new RootBeanDefinition(TestDirectory.class, () -> new TestDirectory(directory)));
        registry.registerBeanDefinition(
                "robustMqTestMqttConnectionDetails",
                new RootBeanDefinition(
                        MqttConnectionDetails.class, () -> new LocalMqttConnectionDetails("127.0.0.1", ports[0])));
        if (ClassUtils.isPresent(KAFKA_DETAILS, context.getClassLoader())) {
            LocalKafkaConnectionDetails.register(registry, "127.0.0.1:" + ports[2]);
        }
    }

    private static Map<String, Object> keys(int[] ports, Path directory, Environment environment) {
        Map<String, Object> keys = new LinkedHashMap<>();
        // One process runs a node of a cluster once, and Spring keeps the contexts of other tests open.
        keys.put("robustmq.cluster-name", directory.getFileName().toString());
        keys.put("robustmq.data-dir", directory.toString());
        keys.put("robustmq.bind-address", "127.0.0.1");
        keys.put("robustmq.rpc.port", 0);
        keys.put("robustmq.mqtt.tcp.port", ports[0]);
        keys.put("robustmq.mqtt.websocket.port", ports[1]);
        keys.put("robustmq.kafka.tcp.port", ports[2]);
        for (String encrypted : ENCRYPTED) {
            if (environment.containsProperty(encrypted + ".bundle")) {
                keys.put(encrypted + ".port", 0);
            }
        }
        keys.put("local.robustmq.mqtt.port", ports[0]);
        keys.put("local.robustmq.websocket.port", ports[1]);
        keys.put("local.robustmq.kafka.port", ports[2]);
        return keys;
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("robustmq-test-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private record LocalMqttConnectionDetails(String host, int port) implements MqttConnectionDetails {}
}
