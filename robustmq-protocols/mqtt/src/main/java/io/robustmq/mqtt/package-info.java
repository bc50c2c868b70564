/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** MQTT 3.1, 3.1.1 and 5.0. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt;
