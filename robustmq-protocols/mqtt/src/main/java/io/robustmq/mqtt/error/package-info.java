/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** From our errors to reason codes. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.error;
