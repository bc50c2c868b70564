/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import java.util.concurrent.atomic.LongAdder;

/** What the MQTT protocol has done since start. Thread-safe. */
public final class MqttCounters {
    public final LongAdder connects = new LongAdder();
    public final LongAdder connectsRefused = new LongAdder();
    public final LongAdder protocolErrors = new LongAdder();
    public final LongAdder publishesReceived = new LongAdder();
    public final LongAdder delivered = new LongAdder();
    public final LongAdder sends = new LongAdder();
    public final LongAdder droppedSlow = new LongAdder();
    public final LongAdder droppedOffline = new LongAdder();
    public final LongAdder droppedQueueFull = new LongAdder();
    public final LongAdder droppedTooLarge = new LongAdder();
    /** Of sessions that slept longer than messages wait for them. */
    public final LongAdder droppedTooOld = new LongAdder();
    /** Times that a session could not take what arrived and reads the log instead. */
    public final LongAdder fellBehind = new LongAdder();

    /** Headers of other protocols' records that are no MQTT strings. */
    public final LongAdder headersLeftOut = new LongAdder();

    /** Payloads that said they were UTF-8. */
    public final LongAdder payloadsRefused = new LongAdder();

    public final LongAdder expired = new LongAdder();
    /** Because their session or the node has enough of them. */
    public final LongAdder subscriptionsRefused = new LongAdder();

    public final LongAdder takeovers = new LongAdder();
    public final LongAdder keepAliveTimeouts = new LongAdder();
    public final LongAdder readsPaused = new LongAdder();
}
