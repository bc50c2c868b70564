/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** One name and value; names may repeat and their order is kept (MQTT 5, 3.3.2-18). */
public record UserProperty(String name, String value) {}
