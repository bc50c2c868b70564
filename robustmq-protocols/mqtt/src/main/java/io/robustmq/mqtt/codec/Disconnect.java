/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** DISCONNECT; code 0x00 without properties before MQTT 5. */
public record Disconnect(int reasonCode, MqttProperties properties) {}
