/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.kafka.annotation.KafkaListener;

/** Somebody's application, which reads by Kafka what devices say by MQTT. Thread-safe. */
@SpringBootApplication(proxyBeanMethods = false)
class DeviceApplication {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @KafkaListener(topics = "plant.line1", groupId = "reader", properties = "auto.offset.reset=earliest")
    void hear(ConsumerRecord<String, String> reading) {
        heard.add(reading.value());
    }
}
