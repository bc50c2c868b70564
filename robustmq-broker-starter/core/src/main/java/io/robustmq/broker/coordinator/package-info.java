/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/**
 * State machines whose changes are records of a shard. A command reads state and answers with a response and records; the
 * records are appended; only replay changes state; the response leaves when the records are committed. Other rooms see
 * {@link io.robustmq.broker.coordinator.CoordinatorLog} (bring your own runtime, as Kafka's coordinators do) or
 * {@link io.robustmq.broker.coordinator.CoordinatorHandle} (bring a {@link io.robustmq.broker.coordinator.StateMachine}).
 */
@org.jspecify.annotations.NullMarked
package io.robustmq.broker.coordinator;
