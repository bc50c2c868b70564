/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.spring.broker.autoconfigure;

import org.springframework.context.annotation.Configuration;

/** The edge, where Spring belongs. */
@Configuration(proxyBeanMethods = false)
public class GoodConfiguration {}
