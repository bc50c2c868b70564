/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Owners on the loops of a group, each of which believes that the shard is its own: they open it under rising epochs over
 * each other's heads and append. Afterwards the log holds every acknowledged batch at its offset and no refused one, and its
 * epochs never fall. Runs on real and on simulated loops. Thread-safe; what an owner knows is confined to its loop.
 */
public final class OwnerContest {
    private final ShardEngine engine;
    private final LoopGroup loops;
    private final long seed;
    private final int turns;
    private final ShardId shard;
    private final AtomicInteger epochs = new AtomicInteger();
    private final AtomicInteger busy;
    private final Map<Long, String> acknowledged = new ConcurrentHashMap<>();
    private final Set<String> refused = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> outcome = new CompletableFuture<>();

    public OwnerContest(ShardEngine engine, LoopGroup loops, long seed, int turns) {
        this.engine = engine;
        this.loops = loops;
        this.seed = seed;
        this.turns = turns;
        shard = new ShardId(ConformanceBench.SHARD.topic(), 2000 + (int) seed);
        busy = new AtomicInteger(loops.size());
    }

    /** Completes when all owners are done and the log is found right. */
    public CompletableFuture<Void> start() {
        for (int owner = 0; owner < loops.size(); owner++) {
            Owner contender = new Owner(owner);
            contender.loop.execute(contender::step);
        }
        return outcome;
    }

    private void fail(String rule) {
        outcome.completeExceptionally(new AssertionError("seed " + seed + ": " + rule));
    }

    private final class Owner {
        private final int number;
        private final Loop loop;
        private final Random random;
        private @Nullable ShardStore store;
        private int turnsLeft = turns;
        private int pending;
        private int written;

        Owner(int number) {
            this.number = number;
            loop = loops.get(number);
            random = new Random(seed * 31 + number);
        }

        void step() {
            if (turnsLeft == 0 && pending == 0) {
                if (busy.decrementAndGet() == 0) {
                    examine();
                }
                return;
            }
            if (turnsLeft > 0) {
                turnsLeft--;
                if (store == null) {
                    open();
                    return;
                }
                append(store);
                if (store != null && random.nextInt(20) == 0) {
                    store.close();
                    store = null;
                }
            }
            loop.execute(this::step);
        }

        private void open() {
            engine.open(shard, ConformanceBench.CONFIG, epochs.incrementAndGet(), loop)
                    .whenComplete((opened, failure) -> loop.execute(() -> {
                        // A lost race for the epoch is an answer like any other: try a higher one.
                        store = opened;
                        step();
                    }));
        }

        private void append(ShardStore current) {
            for (int batches = random.nextInt(4); batches >= 0; batches--) {
                String value = number + ":" + written++;
                pending++;
                current.append(RecordBatches.ofValues(1000, value), Durability.MEMORY, (base, failure) -> {
                    pending--;
                    completed(value, base, failure);
                });
            }
        }

        private void completed(String value, long base, @Nullable RmqException failure) {
            if (!loop.inLoop()) {
                fail("an append completes on its owner's loop");
            }
            if (failure == null) {
                String other = acknowledged.put(base, value);
                if (other != null) {
                    fail(other + " and " + value + " were both acknowledged at " + base + " (I2)");
                }
                return;
            }
            refused.add(value);
            store = null;
            if (failure.error() != RmqError.FENCED && failure.error() != RmqError.CLOSED) {
                fail("an append failed with " + failure);
            }
        }

        // --- the last owner to finish looks at the log

        private void examine() {
            engine.open(shard, ConformanceBench.CONFIG, epochs.incrementAndGet(), loop)
                    .whenComplete((opened, failure) -> loop.execute(() -> {
                        if (opened == null) {
                            fail("the highest epoch must open: " + failure);
                        } else {
                            opened.read(
                                    0,
                                    ReadLimits.ofBytes(Integer.MAX_VALUE),
                                    loop,
                                    (owned, highWatermark, unread) -> examine(owned, highWatermark, unread));
                        }
                    }));
        }

        private void examine(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException unread) {
            if (owned == null) {
                fail("the log must be readable: " + unread);
                return;
            }
            Map<Long, String> log = new HashMap<>();
            int epoch = 0;
            int epochPosition = 12;
            RecordBatchReader reader = new RecordBatchReader().reset(owned);
            while (reader.nextBatch()) {
                int next = owned.getInt(reader.batchPosition() + epochPosition);
                if (next < epoch) {
                    fail("epoch " + next + " wrote behind epoch " + epoch);
                }
                epoch = next;
                while (reader.nextRecord()) {
                    log.put(reader.record().offset(), new String(reader.record().value(), StandardCharsets.UTF_8));
                }
            }
            owned.release();
            if (log.size() != highWatermark) {
                fail(log.size() + " records below the watermark " + highWatermark);
            }
            acknowledged.forEach((offset, value) -> {
                if (!value.equals(log.get(offset))) {
                    fail(value + " was acknowledged at " + offset + ", where there is " + log.get(offset));
                }
            });
            if (log.values().stream().anyMatch(refused::contains)) {
                fail("a refused batch is in the log (I2)");
            }
            outcome.complete(null);
        }
    }
}
