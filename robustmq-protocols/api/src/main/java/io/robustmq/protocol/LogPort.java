/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.TopicId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The door to the log for protocols whose clients name topics, partitions and offsets themselves and bring whole record
 * batches. Shows what is open on this node; internal topics are never shown. Thread-safe.
 */
public interface LogPort {

    /** Null when there is no such topic here. A view is one from when {@link #find} has found it. */
    @Nullable
    LogTopic topic(String tenant, String name);

    /** Null when there is no such topic here: a topic that was deleted and created again has another id. */
    @Nullable
    LogTopic topic(String tenant, TopicId id);

    /**
     * The topic of that name; else the view, which is there if a wildcard topic holds or has held a record of that subject; else
     * null. A view that is found is remembered, so that {@link #topic} knows it. Completes on any thread.
     */
    CompletionStage<@Nullable LogTopic> find(String tenant, String name);

    /** Tells, on any thread, that a name is not a view any more, because a topic of that name was created. */
    Cancellable onViewEnd(ViewEnd listener);

    /** See {@link #onViewEnd}. */
    @FunctionalInterface
    interface ViewEnd {
        /** @param id of the view: the topic has another one */
        void ended(String tenant, String name, TopicId id);
    }

    /** All topics by name; no views. */
    List<LogTopic> topics(String tenant);

    /**
     * Views by name, as of a moment ago: of what wildcard topics hold records of, up to a bound, so that they can be listed where that
     * is wanted. Those that are listed are remembered as if {@link #find} had found them. Completes on any thread.
     */
    CompletionStage<List<LogTopic>> views(String tenant);

    /**
     * An id that no other producer of the cluster has or gets. Batches that carry one, an epoch and sequence numbers are appended
     * once each and in order: {@link LogPartition#append} answers a repeated one with its first place, and refuses what is out
     * of sequence (OUT_OF_SEQUENCE) or of an older epoch (PRODUCER_FENCED). Completes on any thread.
     */
    CompletionStage<Long> newProducerId();

    /** Tells, on any thread, that topics may have come, gone or changed; many changes may be told once. */
    Cancellable onChange(Runnable listener);
}
