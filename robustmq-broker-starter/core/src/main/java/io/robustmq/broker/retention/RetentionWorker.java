/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after what may go from the shards of a node: sweeps what nobody holds any more, and compacts the shard that needs it
 * most, one at a time, in bounded steps no faster than configured. Lives on a background loop of its own, because it reads
 * disks. {@link #add}, {@link #update}, {@link #remove}, the listing and the figures may be used by any thread; all else is
 * confined to that loop.
 */
public final class RetentionWorker {
    private static final Logger LOG = LoggerFactory.getLogger(RetentionWorker.class);
    /** Shards looked at in one turn, so that a hundred thousand of them do not hold the loop. */
    private static final int SHARDS_PER_TURN = 64;

    private final Loop loop;
    private final RetentionConfig config;
    private final ByteBufAllocator allocator;
    private final RetentionCounters counters = new RetentionCounters();
    private final Map<ShardId, ShardRetention> shards = new ConcurrentHashMap<>();
    private final Set<ShardRetention> swept = new LinkedHashSet<>();
    private @Nullable Cancellable sweepTimer;
    private @Nullable Cancellable compactTimer;
    /** Moved, and not yet paused for. */
    private long owedBytes;

    private boolean sweeping;
    private boolean running;

    public RetentionWorker(Loop loop, RetentionConfig config, ByteBufAllocator allocator) {
        this.loop = loop;
        this.config = config;
        this.allocator = allocator;
    }

    /** Begins to work. */
    public void start() {
        loop.execute(() -> {
            if (!running) {
                running = true;
                sweepTimer = loop.schedule(config.intervalMillis(), this::sweep);
                compactTimer = loop.schedule(config.intervalMillis(), this::chooseNext);
            }
        });
    }

    /** Ends at the next step; what was done is kept with the shards. */
    public void close() {
        loop.execute(() -> {
            running = false;
            cancel(sweepTimer);
            cancel(compactTimer);
            shards.values().forEach(ShardRetention::close);
            shards.clear();
            swept.clear();
        });
    }

    private static void cancel(@Nullable Cancellable timer) {
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Looks after an open shard until {@link #remove}; holders register with {@link ShardRetention#holds}. */
    public ShardRetention add(ShardId id, ShardStore store, Loop owner, RetentionPolicy policy) {
        ShardRetention added =
                new ShardRetention(id, store, owner, loop, policy, config, counters, allocator, this::mayNeedSweep);
        ShardRetention before = shards.put(id, added);
        loop.execute(() -> {
            if (before != null) {
                forget(before);
            }
            mayNeedSweep(added);
        });
        return added;
    }

    public void update(ShardId id, RetentionPolicy policy) {
        loop.execute(() -> {
            ShardRetention shard = shards.get(id);
            if (shard != null) {
                shard.update(policy);
                mayNeedSweep(shard);
            }
        });
    }

    /** Called before the store is closed; a step that is under way ends without effect, or in a failure that nobody hears. */
    public void remove(ShardRetention shard) {
        shard.handle().close();
        shards.remove(shard.shard(), shard);
        loop.execute(() -> forget(shard));
    }

    private void forget(ShardRetention shard) {
        shard.close();
        swept.remove(shard);
    }

    // --- figures

    public RetentionCounters counters() {
        return counters;
    }

    public @Nullable ShardRetention shard(ShardId id) {
        return shards.get(id);
    }

    /** Every shard that is looked after, in no order. */
    public List<ShardRetention> shards() {
        return List.copyOf(shards.values());
    }

    /** Bytes that wait for compaction in the shard that has the most of them. */
    public long dirtiestBytes() {
        return shards.values().stream()
                .mapToLong(shard -> shard.status().dirtyBytes())
                .max()
                .orElse(0);
    }

    /** Shards whose compaction was given up because of a damaged batch: an alarm while there is one. */
    public List<ShardId> damaged() {
        return shards.values().stream()
                .filter(shard -> shard.status().damaged())
                .map(ShardRetention::shard)
                .toList();
    }

    /** The last error of each shard whose last attempt failed. */
    public Map<ShardId, String> errors() {
        Map<ShardId, String> errors = new java.util.TreeMap<>(java.util.Comparator.comparing(ShardId::toString));
        shards.forEach((id, shard) -> {
            if (!shard.status().lastError().isEmpty()) {
                errors.put(id, shard.status().lastError());
            }
        });
        return errors;
    }

    // --- holds

    /** A shard that holds, or whose records go by what is held, is swept until it has neither. */
    private void mayNeedSweep(ShardRetention shard) {
        if (!shard.handle().isClosed()) {
            swept.add(shard);
        }
    }

    private void sweep() {
        if (running && !sweeping) {
            sweeping = true;
            sweep(new ArrayList<>(swept), 0);
        }
    }

    private void sweep(List<ShardRetention> all, int from) {
        int to = Math.min(all.size(), from + SHARDS_PER_TURN);
        for (ShardRetention shard : all.subList(from, to)) {
            shard.handle()
                    .onOwner(store -> shard.holds()
                            .sweep()
                            .thenApply(dropped -> shard.holds().isIdle()))
                    .whenComplete((idle, failure) -> swept(shard, idle, failure));
        }
        if (to < all.size() && running) {
            loop.execute(() -> sweep(all, to));
        } else {
            sweeping = false;
            sweepTimer = running ? loop.schedule(config.intervalMillis(), this::sweep) : null;
        }
    }

    private void swept(ShardRetention shard, @Nullable Boolean idle, @Nullable Throwable failure) {
        if (shard.handle().isClosed() || Boolean.TRUE.equals(idle)) {
            swept.remove(shard);
        } else if (failure != null) {
            LOG.warn("what nobody holds of shard {} could not be dropped", shard.shard(), failure);
        }
    }

    // --- compaction

    private void chooseNext() {
        if (running) {
            List<ShardRetention> candidates =
                    shards.values().stream().filter(ShardRetention::compacts).toList();
            choose(candidates, 0, null, null);
        }
    }

    /** Asks each in turn, and lets the one that needs it most begin. */
    private void choose(
            List<ShardRetention> candidates,
            int next,
            @Nullable ShardRetention best,
            ShardRetention.@Nullable Need need) {
        if (next == candidates.size()) {
            if (best == null || need == null) {
                later();
            } else {
                best.begin(need);
                run(best);
            }
            return;
        }
        ShardRetention candidate = candidates.get(next);
        candidate
                .need()
                .whenComplete((found, failure) -> loop.execute(() -> {
                    if (!running) {
                        return;
                    }
                    if (found != null && (need == null || found.score() > need.score())) {
                        choose(candidates, next + 1, candidate, found);
                    } else {
                        choose(candidates, next + 1, best, need);
                    }
                }));
    }

    private void later() {
        compactTimer = running ? loop.schedule(config.intervalMillis(), this::chooseNext) : null;
    }

    private void run(ShardRetention shard) {
        if (!running) {
            return;
        }
        if (!shard.isCompacting()) {
            later();
            return;
        }
        shard.step().whenComplete((bytes, failure) -> {
            owedBytes += bytes == null ? 0 : bytes;
            long pauseMillis = owedBytes * 1000 / config.compactionBytesPerSecond();
            if (pauseMillis > 0) {
                owedBytes = 0;
                compactTimer = loop.schedule(pauseMillis, () -> run(shard));
            } else {
                loop.execute(() -> run(shard));
            }
        });
    }
}
