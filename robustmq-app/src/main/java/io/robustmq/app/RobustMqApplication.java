/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Entry point of the one jar: without a command it runs a node. Immutable. */
@SpringBootApplication(proxyBeanMethods = false)
public class RobustMqApplication {

    public static void main(String[] args) {
        SpringApplication.run(RobustMqApplication.class, args);
    }
}
