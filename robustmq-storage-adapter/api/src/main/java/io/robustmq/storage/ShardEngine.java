/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** A kind of storage for shards; chosen per topic. Thread-safe. */
public interface ShardEngine extends AutoCloseable {

    /** {@code memory}, {@code rocksdb}, {@code file}, {@code journal}, {@code s3} or {@code hdfs}. */
    String name();

    Set<Capability> capabilities();

    /**
     * Opens a shard for its owner, creating it when it is new. A higher epoch fences stores that were opened with a lower
     * one; a lower epoch than the highest seen fails with FENCED, and so does one that is open already: two owners under one
     * epoch could both acknowledge (I2). A limit that the engine cannot honour fails with INVALID_CONFIG.
     *
     * @param owner the loop on which the store is called and on which it calls back
     */
    CompletionStage<ShardStore> open(ShardId shard, ShardConfig config, int epoch, Loop owner);

    /** Deletes the shard and returns its space; an unknown shard is no error. */
    CompletionStage<Void> destroy(ShardId shard);

    /**
     * The shards whose bytes this engine keeps on this node, open or not. Asked at start, to destroy what was deleted while
     * the node was down; an engine that keeps nothing beyond the process has none.
     */
    default CompletionStage<Set<ShardId>> stored() {
        return CompletableFuture.completedStage(Set.of());
    }

    /** How its disks are; empty for an engine without any. Never waits for a disk: asking makes it look again, for the next one who asks. */
    default List<EngineDisk> health() {
        return List.of();
    }

    /** Told each change of a disk's state once, on the thread that found out; must not block. */
    default void onDiskChange(Consumer<EngineDisk> listener) {}

    /** Closes every open store; callbacks that wait are completed with CLOSED. */
    @Override
    void close();
}
