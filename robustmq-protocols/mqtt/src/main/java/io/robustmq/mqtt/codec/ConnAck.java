/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** CONNACK; the reason code is the return code 0 to 5 before MQTT 5. */
public record ConnAck(boolean sessionPresent, int reasonCode, MqttProperties properties) {}
