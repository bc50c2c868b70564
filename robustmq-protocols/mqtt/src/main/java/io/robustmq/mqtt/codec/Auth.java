/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** AUTH, of MQTT 5 only. */
public record Auth(int reasonCode, MqttProperties properties) {}
