/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.kafka.KafkaPlugin;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The numbers of Kafka's clients, where the application has Micrometer. */
@AutoConfiguration(after = KafkaAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnBean(KafkaPlugin.class)
public class KafkaMetricsAutoConfiguration {

    @Bean
    MeterBinder robustMqKafkaMetrics(KafkaPlugin plugin) {
        return new KafkaMetrics(plugin.counters());
    }
}
