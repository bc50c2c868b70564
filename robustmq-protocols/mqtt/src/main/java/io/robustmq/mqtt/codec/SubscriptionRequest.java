/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** One filter of a SUBSCRIBE with its options; before MQTT 5 only the QoS is there and the rest has its default. */
public record SubscriptionRequest(
        String filter, int qos, boolean noLocal, boolean retainAsPublished, int retainHandling) {

    public SubscriptionRequest(String filter, int qos) {
        this(filter, qos, false, false, 0);
    }

    /** The same at that quality of service or a lower one. */
    public SubscriptionRequest atMost(int qosMax) {
        return qos <= qosMax
                ? this
                : new SubscriptionRequest(filter, qosMax, noLocal, retainAsPublished, retainHandling);
    }

    /** The options byte of MQTT 5; its two lowest bits are that of 3.x. */
    int options() {
        return qos | (noLocal ? 0x04 : 0) | (retainAsPublished ? 0x08 : 0) | retainHandling << 4;
    }
}
