/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

import java.util.List;

/** SUBSCRIBE with at least one request; the subscription identifier is 0 if there is none. */
public record Subscribe(
        int packetId, List<SubscriptionRequest> requests, int subscriptionIdentifier, MqttProperties properties) {

    public Subscribe(int packetId, List<SubscriptionRequest> requests, MqttProperties properties) {
        this(
                packetId,
                List.copyOf(requests),
                (int) properties.number(PropertyId.SUBSCRIPTION_IDENTIFIER, 0),
                properties);
    }
}
