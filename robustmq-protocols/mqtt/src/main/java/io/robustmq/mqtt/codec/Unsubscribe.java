/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import java.util.List;

/** UNSUBSCRIBE with at least one filter. */
public record Unsubscribe(int packetId, List<String> filters, MqttProperties properties) {}
