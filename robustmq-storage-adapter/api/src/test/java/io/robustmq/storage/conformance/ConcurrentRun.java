/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An owner that appends on one real loop while two readers follow on theirs; what a record holds follows from its offset. */
final class ConcurrentRun implements AutoCloseable {
    private static final int READERS = 2;

    private final ShardEngine engine;
    private final long seed;
    private final ShardConfig config;
    private final ShardId shard;
    private final List<EventExecutor> executors;
    private final NettyLoops loops;

    ConcurrentRun(ShardEngine engine, long seed, long retentionBytes) {
        this.engine = engine;
        this.seed = seed;
        config = new ShardConfig(-1, retentionBytes, -1, 1 << 20, false);
        shard = new ShardId(ConformanceBench.SHARD.topic(), 1000 + (int) seed);
        executors = Stream.<EventExecutor>generate(DefaultEventExecutor::new)
                .limit(1 + READERS)
                .toList();
        loops = NettyLoops.of(executors);
    }

    void play(int batches) throws Exception {
        Loop ownerLoop = loops.get(0);
        CompletableFuture<ShardStore> opened = new CompletableFuture<>();
        ownerLoop.execute(() -> engine.open(shard, config, 1, ownerLoop).whenComplete((store, failure) -> {
            if (failure == null) {
                opened.complete(store);
            } else {
                opened.completeExceptionally(failure);
            }
        }));
        ShardStore store = opened.get(10, TimeUnit.SECONDS);
        Owner owner = new Owner(store, ownerLoop, batches);
        List<Reader> readers = new ArrayList<>();
        for (int reader = 1; reader <= READERS; reader++) {
            readers.add(new Reader(store, loops.get(reader), owner, seed * 31 + reader));
        }
        readers.forEach(reader -> reader.loop.execute(reader::step));
        ownerLoop.execute(owner::step);
        owner.finished.get(30, TimeUnit.SECONDS);
        for (Reader reader : readers) {
            reader.finished.get(30, TimeUnit.SECONDS);
        }
        engine.destroy(shard).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private String value(long offset) {
        long hash = (offset + 1) * 0x9E3779B97F4A7C15L ^ seed;
        return hash + ":" + "x".repeat((int) (hash >>> 56));
    }

    /** Appends in bursts; confined to its loop. */
    private final class Owner {
        private final ShardStore store;
        private final Loop loop;
        private final Random random = new Random(seed);
        private final CompletableFuture<Long> finished = new CompletableFuture<>();
        private int left;
        private long next;

        Owner(ShardStore store, Loop loop, int batches) {
            this.store = store;
            this.loop = loop;
            left = batches;
        }

        void step() {
            for (int burst = random.nextInt(8); burst >= 0 && left > 0; burst--) {
                left--;
                List<RecordBatches.Entry> entries = new ArrayList<>();
                for (int records = random.nextInt(4); records >= 0; records--) {
                    entries.add(RecordBatches.Entry.of(1000, null, value(next++)));
                }
                store.append(RecordBatches.of(entries), Durability.MEMORY, (base, failure) -> {
                    if (failure != null) {
                        finished.completeExceptionally(failure);
                    }
                });
            }
            if (left > 0) {
                loop.execute(this::step);
            } else {
                finished.complete(next);
            }
        }
    }

    /** Follows the log from its start; confined to its loop. */
    private final class Reader {
        private final ShardStore store;
        private final Loop loop;
        private final Owner owner;
        private final Random random;
        private final CompletableFuture<Void> finished = new CompletableFuture<>();
        private long next;
        private long highWatermark;

        Reader(ShardStore store, Loop loop, Owner owner, long seed) {
            this.store = store;
            this.loop = loop;
            this.owner = owner;
            random = new Random(seed);
        }

        void step() {
            store.read(next, ReadLimits.ofBytes(1 + random.nextInt(30_000)), loop, (owned, watermark, failure) -> {
                try {
                    check(loop.inLoop(), "completes on the loop that asked");
                    check(watermark >= highWatermark, "the watermark went back (I4)");
                    highWatermark = watermark;
                    ConformanceBench.Answer answer = ConformanceBench.decode(owned, watermark, failure);
                    if (failure != null) {
                        check(failure.error() == RmqError.OUT_OF_RANGE, failure.toString());
                        long start = store.stats().startOffset();
                        check(start > next, "out of range at " + next + " although the start is " + start);
                        next = start;
                    } else {
                        follow(answer);
                    }
                } catch (RuntimeException | AssertionError wrong) {
                    finished.completeExceptionally(wrong);
                }
                goOn();
            });
        }

        private void follow(ConformanceBench.Answer answer) {
            check(
                    answer.items().isEmpty() == (next == answer.highWatermark()),
                    "empty at the watermark and only there");
            for (ConformanceBench.Item item : answer.items()) {
                check(item.offset() < answer.highWatermark(), "read beyond the watermark (I4)");
                check(item.value().equals(value(item.offset())), "another record at " + item.offset() + " (I3)");
                if (item.offset() >= next) {
                    check(item.offset() == next, "a gap from " + next + " to " + item.offset());
                    next++;
                }
            }
        }

        private void goOn() {
            boolean ended = owner.finished.isDone()
                    && (owner.finished.isCompletedExceptionally() || next >= owner.finished.getNow(0L));
            if (ended) {
                finished.complete(null);
            } else if (!finished.isDone()) {
                loop.execute(this::step);
            }
        }

        private void check(boolean holds, String rule) {
            if (!holds) {
                throw new AssertionError("seed " + seed + ": " + rule);
            }
        }
    }

    @Override
    public void close() {
        executors.forEach(executor -> executor.shutdownGracefully(0, 1, TimeUnit.SECONDS));
        executors.forEach(executor -> executor.terminationFuture().syncUninterruptibly());
    }
}
