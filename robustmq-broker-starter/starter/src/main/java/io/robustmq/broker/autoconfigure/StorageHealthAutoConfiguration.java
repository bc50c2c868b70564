/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of the node's disks, {@code storage}, where the application has health at all. */
@AutoConfiguration(after = BrokerAutoConfiguration.class)
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(NodeDisks.class)
public class StorageHealthAutoConfiguration {

    @Bean
    @ConditionalOnMissingBean(name = "storageHealthIndicator")
    HealthIndicator storageHealthIndicator(NodeDisks disks) {
        return new StorageHealthIndicator(disks);
    }
}
