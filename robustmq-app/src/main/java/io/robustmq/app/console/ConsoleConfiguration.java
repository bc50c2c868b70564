/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.micrometer.core.instrument.MeterRegistry;
import io.robustmq.app.access.ConsoleLogins;
import io.robustmq.node.NodeContext;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the pages beside the admin API. Stateless. */
@Configuration(proxyBeanMethods = false)
public class ConsoleConfiguration {

    @Bean
    Sampling consoleSampling(MeterRegistry registry, NodeContext node) {
        return new Sampling(new Samples(registry, node.clock()::nanos));
    }

    @Bean
    ConsoleFilter consoleFilter(ConsoleLogins logins, WebEndpointProperties web, Sampling sampling, NodeContext node) {
        return new ConsoleFilter(
                () -> new Pages(logins, new AdminApi(web.getBasePath()), sampling.samples(), node.clock()));
    }
}
