/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.protocols.mqtt;

import io.robustmq.architecture.bad.protocols.kafka.Frames;

/** MQTT that borrows from Kafka. */
public final class BadBorrower extends Frames {}
