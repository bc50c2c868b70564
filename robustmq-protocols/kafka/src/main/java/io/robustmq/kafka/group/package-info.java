/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Kafka's own group coordinator, and what it stands on here: the offsets topic, and a mirror of our topics. */
@org.jspecify.annotations.NullMarked
package io.robustmq.kafka.group;
