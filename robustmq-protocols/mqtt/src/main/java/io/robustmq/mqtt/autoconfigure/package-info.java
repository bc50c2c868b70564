/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** Beans of the MQTT protocol. */
@org.jspecify.annotations.NullMarked
package io.robustmq.mqtt.autoconfigure;
