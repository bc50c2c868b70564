/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import java.util.List;

/** UNSUBACK: one code for each filter in MQTT 5, none before. */
public record UnsubAck(int packetId, List<Integer> reasonCodes, MqttProperties properties) {}
