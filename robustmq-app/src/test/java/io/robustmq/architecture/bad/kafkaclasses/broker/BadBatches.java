/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.kafkaclasses.broker;

import org.apache.kafka.common.TopicPartition;

/** Kafka's classes, far from Kafka. */
public final class BadBatches {
    public final TopicPartition partition = new TopicPartition("t", 0);
}
