/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.robustmq.mqtt.InProcessBroker;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Kafka's own clients, pointed at one broker, for strings. Immutable. */
record JavaClients(String bootstrap) {

    static JavaClients of(InProcessBroker broker) {
        return new JavaClients("127.0.0.1:" + broker.kafkaPort());
    }

    private Properties config(Map<String, Object> first, Map<String, Object> more) {
        Properties config = new Properties();
        config.put("bootstrap.servers", bootstrap);
        config.putAll(first);
        config.putAll(more);
        return config;
    }

    KafkaProducer<String, String> producer(Map<String, Object> more) {
        return new KafkaProducer<>(
                config(Map.of("max.block.ms", "20000"), more), new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(Map<String, Object> more) {
        return new KafkaConsumer<>(
                config(Map.of("auto.offset.reset", "earliest", "allow.auto.create.topics", "false"), more),
                new StringDeserializer(),
                new StringDeserializer());
    }

    Admin admin() {
        return Admin.create(Map.of("bootstrap.servers", bootstrap));
    }
}
