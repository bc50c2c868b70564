/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Kafka in a Spring Boot application. */
@NullMarked
package io.robustmq.kafka.autoconfigure;

import org.jspecify.annotations.NullMarked;
