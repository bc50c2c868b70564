/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.kafkaclasses.kernel.record;

import org.apache.kafka.common.TopicPartition;

/** The record package may use Kafka's. */
public final class GoodBatches {
    public final TopicPartition partition = new TopicPartition("t", 0);
}
