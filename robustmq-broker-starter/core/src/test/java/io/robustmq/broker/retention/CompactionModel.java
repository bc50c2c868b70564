/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.record.internal.CompressionType;

/**
 * One random history of a compacted shard, or one with so many records of each subject, against a plain list of everything
 * that was appended: with failures and crashes at every rewriting call, passes that do not fit their memory, prefixes that
 * are deleted meanwhile, and a slow reader who must see every deletion.
 */
final class CompactionModel {
    private static final long DELETE_RETENTION_MILLIS = 20_000;

    private final RetentionWorld world;
    private final SimRandom random;
    private final int keep;
    private final Runnable killed;
    private long deletedBelow;
    private Map<String, String> readerSees = new HashMap<>();
    private long readerNext;
    private long readerStartMillis;

    /**
     * @param keep records kept of each key; 0 to compact
     * @param killed called when the process has died and before its engine is started again
     */
    CompactionModel(long seed, Supplier<ShardEngine> engine, int keep, Runnable killed) {
        this.keep = keep;
        this.killed = killed;
        SimRandom settings = new SimRandom(seed);
        RetentionPolicy policy = new RetentionPolicy(
                Lifetime.LIMITS,
                keep == 0,
                keep,
                settings.percent(30) ? 1000 : 0,
                settings.percent(30) ? 5000 : Long.MAX_VALUE,
                settings.percent(50) ? 0.01 : 0.5,
                DELETE_RETENTION_MILLIS,
                settings.percent(30) ? 500 : 0,
                1 << 20);
        RetentionConfig config =
                RetentionWorld.config(100 + settings.nextInt(3000), settings.percent(50) ? settings.nextInt(30) : 1000);
        ShardConfig shardConfig = new ShardConfig(-1, 64 << 20, -1, 1 << 20, keep == 0);
        world = new RetentionWorld(seed, engine, shardConfig, policy, config);
        random = world.random.fork("model");
    }

    void run(int rounds) {
        int failPercent = random.percent(50) ? 20 : 0;
        int crashPercent = random.percent(50) ? 15 : 0;
        for (int round = 0; round < rounds; round++) {
            world.store.failPercent = failPercent;
            world.store.crashPercent = crashPercent;
            for (int appends = random.nextInt(8); appends > 0; appends--) {
                append();
            }
            if (random.percent(3)) {
                deletePrefix();
            }
            world.run(random.nextInt(random.percent(5) ? 40_000 : 700));
            if (world.store.crashed || random.percent(3)) {
                world.crash(killed);
            }
            check();
            readOn();
        }
        settle();
    }

    private void append() {
        String[] entries = new String[1 + random.nextInt(6)];
        for (int i = 0; i < entries.length; i++) {
            String key = "k" + random.nextInt(25);
            entries[i] = random.percent(25) ? key : key + "=" + random.nextInt(1_000_000);
        }
        CompressionType type = random.percent(70) ? CompressionType.NONE : CompressionType.forId(random.nextInt(5));
        world.append(type, random.percent(30) ? random.nextInt(4) : -1, entries);
    }

    private void deletePrefix() {
        long end = world.store.stats().highWatermark();
        long start = world.store.stats().startOffset();
        long below = start + random.nextInt((int) Math.max(1, (end - start) / 4));
        deletedBelow = world.onOwner(() -> world.store.deletePrefix(below));
        readerNext = Math.max(readerNext, deletedBelow);
        restartReader();
    }

    // --- what must hold at any time

    private void check() {
        List<RetentionWorld.Item> items = world.items();
        long last = -1;
        for (RetentionWorld.Item item : items) {
            assertThat(item.offset()).isGreaterThan(last);
            last = item.offset();
            assertThat(item).isEqualTo(world.log.get((int) item.offset()));
        }
        List<RetentionWorld.Item> all = world.log.subList((int) deletedBelow, world.log.size());
        if (keep == 0) {
            assertThat(RetentionWorld.fold(items)).isEqualTo(RetentionWorld.fold(all));
        } else {
            assertThat(newest(items)).isEqualTo(newest(all));
        }
        checkProducers();
    }

    /** The newest records of each key, as many as are kept. */
    private Map<String, List<RetentionWorld.Item>> newest(List<RetentionWorld.Item> items) {
        Map<String, List<RetentionWorld.Item>> newest = new HashMap<>();
        for (RetentionWorld.Item item : items) {
            List<RetentionWorld.Item> ofKey = newest.computeIfAbsent(item.key(), k -> new ArrayList<>());
            ofKey.add(item);
            if (ofKey.size() > keep) {
                ofKey.remove(0);
            }
        }
        return newest;
    }

    private void checkProducers() {
        List<RetentionWorld.Batch> batches = world.batches();
        world.producers.forEach((producer, last) -> {
            if (last >= deletedBelow) {
                assertThat(batches)
                        .as("the last batch of producer " + producer)
                        .anyMatch(batch -> batch.producerId() == producer && batch.base() == last);
            }
        });
    }

    // --- a reader that takes its time

    private void restartReader() {
        readerSees = new HashMap<>();
        readerNext = deletedBelow;
        readerStartMillis = world.scheduler.clock().millis();
    }

    private void readOn() {
        if (world.scheduler.clock().millis() - readerStartMillis >= DELETE_RETENTION_MILLIS) {
            // It may have missed a deletion: that is the promise.
            restartReader();
        }
        List<RetentionWorld.Item> items = new ArrayList<>();
        long next = world.read(readerNext, 300, items, new ArrayList<>());
        for (RetentionWorld.Item item : items) {
            if (item.value() == null) {
                readerSees.remove(item.key());
            } else {
                readerSees.put(item.key(), item.value());
            }
        }
        if (next >= 0) {
            readerNext = next;
        } else if (keep == 0) {
            assertThat(readerSees)
                    .as("who began within the time of tombstones sees every deletion")
                    .isEqualTo(RetentionWorld.fold(world.log.subList(
                            (int) deletedBelow, (int) world.store.stats().highWatermark())));
            restartReader();
        }
    }

    // --- what must be reached in the end

    private void settle() {
        world.store.failPercent = 0;
        world.store.crashPercent = 0;
        world.append("end=1");
        world.append("end=2");
        world.append("end=3");
        world.run(120_000);
        check();
        long firstDirty = world.shard.status().firstDirty();
        Map<String, Integer> counts = new HashMap<>();
        for (RetentionWorld.Item item : world.items()) {
            if (item.offset() < firstDirty) {
                counts.merge(item.key(), 1, Integer::sum);
            }
        }
        assertThat(counts.values()).allMatch(count -> count <= Math.max(1, keep));
        assertThat(world.worker.damaged()).isEmpty();
        if (world.policy.minDirtyRatio() < 0.1 && world.policy.activeBytes() == 0) {
            assertThat(firstDirty).isEqualTo(world.log.size() - 1);
        }
        world.close();
    }
}
