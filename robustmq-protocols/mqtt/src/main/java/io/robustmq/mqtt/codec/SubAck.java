/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import java.util.List;

/** SUBACK: one code for each filter, in order. */
public record SubAck(int packetId, List<Integer> reasonCodes, MqttProperties properties) {}
