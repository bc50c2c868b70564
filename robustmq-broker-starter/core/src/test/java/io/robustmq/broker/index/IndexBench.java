/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.record.RecordHeaders;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.memory.MemoryEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One shard with its indexes on simulated loops, and a plain list of what was committed as oracle. It can crash: the log loses its
 * end, and derived state is as it was stored, or as it was before, or damaged.
 */
final class IndexBench {
    static final SubjectRule MIXED = SubjectRule.ofKeys(null);
    static final IndexConfig SMALL = new IndexConfig(8 * 1024, 1 << 20, 1024, 300, 32 * 1024, 8, 0);

    /** What the oracle knows of a record. */
    record Row(long offset, Spelling published, String subject) {}

    private record Appended(int epoch, int records, List<RecordBatches.Entry> entries) {}

    final SimScheduler scheduler;
    final Loop owner;
    final Loop loop;
    final List<Row> rows = new ArrayList<>();
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final IndexConfig config;
    private final List<Appended> log = new ArrayList<>();
    private MemoryEngine engine = new MemoryEngine(allocator);
    private int epoch = 1;
    StateKeeper store;
    SubjectIndexes indexes;

    IndexBench(long seed, IndexConfig config) {
        this.scheduler = new SimScheduler(seed);
        this.owner = scheduler.loops("net", 1).get(0);
        this.loop = scheduler.loops("reader", 1).get(0);
        this.config = config;
        open(List.of());
    }

    private void open(List<StateKeeper.Kept> kept) {
        store = new StateKeeper(openShard());
        kept.forEach(state -> on(owner, () -> store.restore(state)));
        indexes = new SubjectIndexes(loop, scheduler.random("indexes"), config);
    }

    private ShardStore openShard() {
        CompletableFuture<ShardStore> opened = new CompletableFuture<>();
        ShardConfig unlimited = new ShardConfig(-1, 1L << 30, -1, 1 << 24, false);
        on(
                owner,
                () -> engine.open(new ShardId(new TopicId(1, 1), 0), unlimited, epoch, owner)
                        .whenComplete((found, failure) -> opened.complete(found)));
        return opened.join();
    }

    void on(Loop where, Runnable task) {
        where.execute(task);
        scheduler.runDue();
    }

    <T> T await(CompletionStage<T> stage) {
        assertThat(scheduler.runUntil(() -> stage.toCompletableFuture().isDone(), 600_000))
                .as("completes in time")
                .isTrue();
        return stage.toCompletableFuture().join();
    }

    ShardStats stats() {
        return store.stats();
    }

    // --- writing

    record Published(Spelling spelling, String subject) {}

    /** One batch; the spelling is told by a header where the text alone would say otherwise, as the broker does. */
    void append(List<Published> published) {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        for (Published each : published) {
            boolean looksSlash = each.subject.indexOf('/') >= 0;
            boolean isSlash = each.spelling == Spelling.SLASH;
            List<Map.Entry<String, byte[]>> headers = looksSlash == isSlash
                    ? List.of()
                    : List.of(Map.entry(RecordHeaders.SPELLING, new byte[] {(byte) each.spelling.separator()}));
            rows.add(new Row(end() + entries.size(), each.spelling, each.subject));
            entries.add(new RecordBatches.Entry(
                    1, each.subject.getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3}, headers));
        }
        log.add(new Appended(epoch, entries.size(), entries));
        on(owner, () -> append(store, entries));
    }

    private long end() {
        return log.stream().mapToLong(Appended::records).sum();
    }

    private static void append(ShardStore target, List<RecordBatches.Entry> entries) {
        RecordBatch batch = RecordBatches.of(entries);
        target.append(
                batch, Durability.MEMORY, (base, failure) -> assertThat(failure).isNull());
    }

    /** What compaction does: some records of a batch go, the offsets of the others stay. */
    void replaceByNothing(long from, long to) {
        on(owner, () -> store.replace(new OffsetRange(from, to), List.of()));
        rows.removeIf(row -> row.offset >= from && row.offset < to);
    }

    void deletePrefix(long offset) {
        on(owner, () -> store.deletePrefix(offset));
        rows.removeIf(row -> row.offset < offset);
    }

    // --- falling and coming back

    /** The log loses so many batches at its end; the states are what the caller makes of those that were stored. */
    void crash(int batchesLost, List<StateKeeper.Kept> states) {
        long start = stats().startOffset();
        indexes.close();
        scheduler.runDue();
        engine.close();
        scheduler.runDue();
        engine = new MemoryEngine(allocator);
        for (int lost = 0; lost < batchesLost && log.size() > 1; lost++) {
            log.remove(log.size() - 1);
        }
        long end = end();
        rows.removeIf(row -> row.offset >= end);
        int lastEpoch = epoch;
        epoch = 0;
        ShardStore shard = null;
        for (Appended batch : log) {
            if (batch.epoch != epoch) {
                epoch = batch.epoch;
                shard = openShard();
            }
            ShardStore current = shard;
            on(owner, () -> append(current, batch.entries));
        }
        epoch = lastEpoch + 1;
        open(states);
        on(owner, () -> store.deletePrefix(Math.min(start, end)));
    }

    // --- reading

    List<Row> expected(SubjectMatcher matcher, long from, long limit) {
        return rows.stream()
                .filter(row -> row.offset >= from && matcher.matches(row.published, row.subject))
                .limit(limit)
                .toList();
    }

    /** What a read saw, and how it ended. */
    record Seen(List<Row> rows, FilteredRead.Read read) {}

    Seen read(SubjectMatcher matcher, long from, long limit) {
        return read(MIXED, matcher, from, FilteredRead.LATEST, limit);
    }

    Seen read(SubjectRule rule, SubjectMatcher matcher, long from, long to, long limit) {
        List<Row> seen = new ArrayList<>();
        FilteredRead[] read = new FilteredRead[1];
        read[0] = indexes.read(store, owner, rule, matcher, from, to, (record, subject, published) -> {
            seen.add(new Row(record.offset(), published, subject));
            if (seen.size() == limit) {
                read[0].cancel();
            }
        });
        read[0].request(limit);
        return new Seen(seen, await(read[0].done()));
    }

    Set<String> subjects(int max) {
        return await(indexes.subjects(store, owner, MIXED, max));
    }

    long last(SubjectMatcher matcher) {
        return await(indexes.last(store, owner, MIXED, matcher));
    }

    /** Lets the index catch up. */
    void settle() {
        scheduler.runDue();
    }

    void close() {
        indexes.close();
        scheduler.runDue();
        assertThat(indexes.tailBytes()).as("tails are given back").isZero();
        assertThat(indexes.cachedBytes()).as("cached parts are given back").isZero();
        engine.close();
        assertThat(allocator.metric().usedDirectMemory()).as("no buffer leaks").isZero();
    }
}
