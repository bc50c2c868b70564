/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net.autoconfigure;

import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.net.NetServer;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.Role;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** The numbers of the ports, where the application has Micrometer. */
@AutoConfiguration(after = NetAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
@ConditionalOnRole(Role.BROKER)
public class NetMetricsAutoConfiguration {

    @Bean
    MeterBinder robustMqNetMetrics(NetServer server) {
        return new NetMetrics(server.limits(), server::tlsCounts);
    }
}
