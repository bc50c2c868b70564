/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The Kafka protocol. */
@NullMarked
package io.robustmq.kafka;

import org.jspecify.annotations.NullMarked;
