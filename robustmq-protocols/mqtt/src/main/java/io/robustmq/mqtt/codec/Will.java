/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** The message a client leaves to be published in its name when it is gone; the properties are empty before MQTT 5. */
public record Will(String topic, byte[] payload, int qos, boolean retain, MqttProperties properties) {}
