/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.Capability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A memory engine with one defect at most. Thread-safe like the engine that it spoils. */
final class BrokenEngine implements ShardEngine {
    private static final long NEVER_BYTES = 1L << 40;

    private final MemoryEngine sound;
    private final @Nullable Defect defect;
    private final AtomicInteger epochs = new AtomicInteger(100);

    BrokenEngine(MemoryEngine sound, @Nullable Defect defect) {
        this.sound = sound;
        this.defect = defect;
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities = EnumSet.copyOf(sound.capabilities());
        if (defect == Defect.CLAIMS_TO_BE_DURABLE) {
            capabilities.add(Capability.DURABLE);
        }
        return capabilities;
    }

    @Override
    public CompletionStage<ShardStore> open(ShardId shard, ShardConfig config, int epoch, Loop owner) {
        int effectiveEpoch = defect == Defect.OLD_EPOCHS_MAY_OPEN || defect == Defect.EPOCH_IS_NOT_PATCHED
                ? epochs.incrementAndGet()
                : epoch;
        return sound.open(shard, spoil(config), effectiveEpoch, owner)
                .thenApply(
                        store -> defect == null ? store : new BrokenStore(store, defect, () -> sound.destroy(shard)));
    }

    private ShardConfig spoil(ShardConfig config) {
        if (defect == Defect.NOTHING_EVER_GOES || defect == Defect.TAKES_UNLIMITED) {
            return new ShardConfig(-1, NEVER_BYTES, -1, config.maxBatchBytes(), config.compacted());
        }
        if (defect == Defect.TOO_MUCH_GOES) {
            return new ShardConfig(
                    config.retentionMillis(),
                    config.retentionBytes() / 16,
                    4,
                    config.maxBatchBytes(),
                    config.compacted());
        }
        if (defect == Defect.LARGE_BATCHES_PASS) {
            return new ShardConfig(
                    config.retentionMillis(),
                    config.retentionBytes(),
                    config.retentionRecords(),
                    Integer.MAX_VALUE,
                    config.compacted());
        }
        return config;
    }

    @Override
    public CompletionStage<Void> destroy(ShardId shard) {
        return defect == Defect.DESTROYED_SHARDS_STAY ? CompletableFuture.completedFuture(null) : sound.destroy(shard);
    }

    @Override
    public void close() {
        sound.close();
    }
}
