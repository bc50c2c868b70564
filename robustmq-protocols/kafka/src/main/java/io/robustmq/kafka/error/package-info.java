/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** From our errors to Kafka's. */
@NullMarked
package io.robustmq.kafka.error;

import org.jspecify.annotations.NullMarked;
