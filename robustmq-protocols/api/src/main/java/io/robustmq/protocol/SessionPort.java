/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Who holds a client id. Thread-safe. */
public interface SessionPort {

    /**
     * Makes the holder the one of the client id: the previous holder is told to go and hands over its state. The stage
     * completes on any thread.
     */
    CompletionStage<Lease> acquire(String tenant, String clientId, Holder holder);

    /** Gives the client id back, when the epoch is still the current one. */
    void release(String tenant, String clientId, long connectionEpoch);

    /** How many client ids are held, by connections and by sleeping sessions. */
    long count();

    /**
     * @param connectionEpoch rises with each acquire of the client id; the larger one is right
     * @param handedOver what the previous holder gave away, null when there was none or it kept nothing
     */
    record Lease(long connectionEpoch, @Nullable Object handedOver) {}

    /** A connection or a sleeping session. */
    interface Holder {

        /** Somebody else has the client id now: go, and complete with what the successor may go on with. */
        CompletionStage<@Nullable Object> takeOver(long byEpoch);
    }
}
