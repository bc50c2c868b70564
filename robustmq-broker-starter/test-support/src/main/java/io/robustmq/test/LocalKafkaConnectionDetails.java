/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.util.List;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;

/** Where Spring for Apache Kafka finds the broker of a test; loaded only where Boot knows Kafka. Immutable. */
record LocalKafkaConnectionDetails(String address) implements KafkaConnectionDetails {

    static void register(BeanDefinitionRegistry registry, String address) {
        registry.registerBeanDefinition(
                "robustMqTestKafkaConnectionDetails",
                new RootBeanDefinition(KafkaConnectionDetails.class, () -> new LocalKafkaConnectionDetails(address)));
    }

    @Override
    public List<String> getBootstrapServers() {
        return List.of(address);
    }
}
