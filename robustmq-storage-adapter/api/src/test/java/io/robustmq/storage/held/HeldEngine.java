/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.held;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.Capability;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Behaves as an engine on a disk does towards its callers, with the records in another engine: appends complete later, in
 * order per shard and in any order across shards, or fail. Its shards survive the broker above it. Thread-safe.
 */
public final class HeldEngine implements ShardEngine {
    /** What an engine without a limit of its own may hold here. */
    private static final long BYTES_MAX = 64L << 20;

    private final String name;
    private final ShardEngine records;
    private final Set<ShardId> stored = ConcurrentHashMap.newKeySet();
    private final Set<HeldStore> open = ConcurrentHashMap.newKeySet();
    private final List<Durability> asked = new CopyOnWriteArrayList<>();
    private final List<ShardConfig> configs = new CopyOnWriteArrayList<>();
    private volatile @Nullable LongSupplier delayMillis;
    private volatile @Nullable RmqError appendFailure;
    private volatile @Nullable RmqError openFailure;
    private final List<ShardId> refused = new CopyOnWriteArrayList<>();

    /** Holds appends until {@link #release}. */
    public HeldEngine(String name, ShardEngine records) {
        this.name = name;
        this.records = records;
    }

    /** Lets appends go by themselves, together with those that came meanwhile, after as long as the supplier says. */
    public HeldEngine releasedAfter(LongSupplier millis) {
        delayMillis = millis;
        return this;
    }

    /** Holds what comes from now on until {@link #release}. */
    public void hold() {
        delayMillis = null;
    }

    /** What appends end with from now on, those that are held too; null for success. */
    public void failAppends(@Nullable RmqError error) {
        appendFailure = error;
    }

    /** What opening a shard ends with from now on; null for success. */
    public void failOpening(@Nullable RmqError error) {
        openFailure = error;
    }

    /** Shards that were to be opened and were not, in order. */
    public List<ShardId> refused() {
        return refused;
    }

    /** Lets everything that is held now go. */
    public void release() {
        open.forEach(store -> store.owner().execute(store::letGo));
    }

    /** How many appends are held. */
    public int held() {
        return open.stream().mapToInt(HeldStore::held).sum();
    }

    /** What the appends so far asked for. */
    public List<Durability> asked() {
        return asked;
    }

    /** What shards were told that their topic wants, when they were opened and when it was altered. */
    public List<ShardConfig> configs() {
        return configs;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Set<Capability> capabilities() {
        return EnumSet.of(Capability.DURABLE);
    }

    @Override
    public CompletionStage<ShardStore> open(ShardId shard, ShardConfig config, int epoch, Loop owner) {
        RmqError failure = openFailure;
        if (failure != null) {
            refused.add(shard);
            return CompletableFuture.failedStage(failure.exception("the disk does not want to"));
        }
        configs.add(config);
        return records.open(shard, bounded(config), epoch, owner).thenApply(store -> {
            stored.add(shard);
            HeldStore held = new HeldStore(this, store, owner);
            open.add(held);
            return held;
        });
    }

    /** The records' engine may be one that needs a limit in size; without one in time, so that simulated time may pass. */
    static ShardConfig bounded(ShardConfig config) {
        return new ShardConfig(
                -1,
                config.retentionBytes() < 0 ? BYTES_MAX : config.retentionBytes(),
                config.retentionRecords(),
                config.maxBatchBytes(),
                config.compacted());
    }

    void asked(Durability durability) {
        asked.add(durability);
    }

    void told(ShardConfig config) {
        configs.add(config);
    }

    void closed(HeldStore store) {
        open.remove(store);
    }

    @Nullable
    LongSupplier delayMillis() {
        return delayMillis;
    }

    @Nullable
    RmqError appendFailure() {
        return appendFailure;
    }

    @Override
    public CompletionStage<Void> destroy(ShardId shard) {
        stored.remove(shard);
        return records.destroy(shard);
    }

    @Override
    public CompletionStage<Set<ShardId>> stored() {
        return CompletableFuture.completedStage(Set.copyOf(stored));
    }

    @Override
    public void close() {
        records.close();
    }
}
