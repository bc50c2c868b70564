/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.TopicId;
import java.util.List;

/** A topic as {@link LogPort} shows it. Immutable; asked for anew with each request, so that a change is seen. */
public interface LogTopic {

    String name();

    TopicId id();

    /** Subject filters in canonical spelling; none for a catch-all. */
    List<String> bindings();

    /** Whether it binds several subjects by wildcard: then the key of each record is its subject. */
    boolean wildcard();

    /**
     * Whether it is a view: the records of one subject in a shard of a wildcard topic, under the subject's name and at the shard's
     * own offsets. It has no settings and no records of its own, and nobody can delete what it shows.
     */
    default boolean view() {
        return false;
    }

    /** The name of the topic whose settings it has: its own, or that of the topic that a view shows a part of. */
    default String settingsOf() {
        return name();
    }

    /** Whether clients of the protocol may write to it, read it and hear of it. */
    default boolean isVisibleTo(String protocol) {
        return true;
    }

    /** Whether each record must have a key, because only the last one of each key is kept. */
    boolean keyRequired();

    /** What it wants of the batches that somebody brings. */
    Terms terms();

    /**
     * See {@link #terms}.
     *
     * @param appendTime whether records get the time of their append, whatever their producer says
     * @param timestampBeforeMaxMillis how far in the past a producer's time may be
     * @param timestampAfterMaxMillis how far in the future
     * @param minInSyncReplicas how many replicas must have a batch of which its producer wants all to have it
     * @param deletable whether records go from it, by its limits or because somebody says so; otherwise only compaction takes any
     */
    record Terms(
            boolean appendTime,
            long timestampBeforeMaxMillis,
            long timestampAfterMaxMillis,
            int minInSyncReplicas,
            boolean deletable) {}

    int partitions();

    /** @param partition 0 or more, below {@link #partitions} */
    LogPartition partition(int partition);
}
