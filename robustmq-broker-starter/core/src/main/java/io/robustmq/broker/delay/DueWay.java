/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The way that a due message goes: the one of every other publish. Called on the loop of the message's coordinator. */
public interface DueWay {

    /**
     * Publishes the message as its client would, marked with its id.
     *
     * @param done told once, on the caller's loop, possibly before this returns
     */
    void publish(DelayedId id, DelayedMessage message, Loop here, Consumer<@Nullable RmqError> done);

    /** Where the message is kept once it is published; null when only live subscribers get it. */
    @Nullable
    Place placeOf(DelayedMessage message);

    /** Whether a retained message of its subject is as new as that, or there is none and the message would leave none. */
    boolean isRetained(DelayedMessage message, long sinceMillis);

    /** A shard. Two that are equal are the same one. */
    interface Place {
        /** Visits the ids of delayed messages among the records since that time; completes on the loop. */
        CompletionStage<Void> visit(long sinceMillis, Loop here, Consumer<String> ids);
    }
}
