/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

/**
 * What a node says about itself below {@code $SYS}, and to whom. Immutable.
 *
 * @param intervalMillis how often its figures are looked at and, where they have changed, published; 0 for never
 * @param events whether it tells of clients that come, go, subscribe and unsubscribe
 * @param subscribers who may subscribe
 * @param node its name in events
 * @param version of the software
 */
public record SysOptions(long intervalMillis, boolean events, Subscribers subscribers, String node, String version) {
    /** As Mosquitto has it, but only for clients on the same machine. */
    public static final SysOptions DEFAULTS = new SysOptions(10_000, true, Subscribers.LOOPBACK, "1", "development");

    /** Whose subscriptions are granted, as far as access rules allow them. */
    public enum Subscribers {
        /** None: figures and events are made for nobody. */
        NOBODY,
        /** Those that connect from the node's own machine. */
        LOOPBACK,
        /** Every client. */
        EVERYBODY
    }
}
