/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.sys;

import io.robustmq.protocol.Ports;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where figures come from. Thread-safe. */
public interface SysSource {

    Ports ports();

    /** What the node has done since it started, and what waits in it now. */
    Totals totals();

    /** What the connections of each loop have read and written; completes on any thread. */
    CompletionStage<List<Traffic>> traffic();

    /**
     * See {@link #totals}.
     *
     * @param publishesDropped because a client was too slow or its queue was full
     * @param connects let in or refused
     * @param subscriptions filters of all sessions
     * @param sharedSubscriptions those of them that are of groups
     * @param queuedMessages that wait for their session
     * @param queuedBytes that they take
     */
    record Totals(
            long publishesReceived,
            long publishesSent,
            long publishesDropped,
            long connects,
            long sessionsExpired,
            long subscriptions,
            long sharedSubscriptions,
            long queuedMessages,
            long queuedBytes) {}
}
