/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.sim.SimLoop;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;

/** One shard with its worker on simulated loops, and everything that was ever appended beside it. */
final class RetentionWorld {
    static final ShardId SHARD = new ShardId(new TopicId(1, 2), 0);
    static final ShardConfig COMPACTED = new ShardConfig(-1, 64 << 20, -1, 1 << 20, true);

    final SimScheduler scheduler;
    final SimRandom random;
    final SimLoop owner;
    final SimLoop background;
    private final Supplier<ShardEngine> engines;
    ShardEngine engine;
    final ShardConfig shardConfig;
    final List<Item> log = new ArrayList<>();
    /** Last batch of each producer: base offset. */
    final Map<Long, Long> producers = new HashMap<>();

    RetentionPolicy policy;
    RetentionConfig config;
    FaultyStore store;
    RetentionWorker worker;
    ShardRetention shard;
    private int epoch;
    private int sequence;

    /** One record. */
    record Item(long offset, @Nullable String key, @Nullable String value) {}

    /** One batch as it is read. */
    record Batch(long base, long last, int records, long producerId, int sequence, long horizon) {}

    RetentionWorld(
            long seed,
            Supplier<ShardEngine> engines,
            ShardConfig shardConfig,
            RetentionPolicy policy,
            RetentionConfig config) {
        scheduler = new SimScheduler(seed);
        random = scheduler.random("world");
        owner = scheduler.loops("net-", 1).get(0);
        background = scheduler.loops("background-", 1).get(0);
        this.engines = engines;
        engine = engines.get();
        this.shardConfig = shardConfig;
        this.policy = policy;
        this.config = config;
        open();
    }

    static RetentionPolicy compacted(long deleteRetentionMillis) {
        return new RetentionPolicy(
                Lifetime.LIMITS, true, 0, 0, Long.MAX_VALUE, 0.01, deleteRetentionMillis, 0, 1 << 20);
    }

    static RetentionPolicy perSubject(int records) {
        return new RetentionPolicy(Lifetime.LIMITS, false, records, 0, Long.MAX_VALUE, 0.01, 0, 0, 1 << 20);
    }

    static RetentionPolicy lifetime(Lifetime lifetime) {
        return new RetentionPolicy(lifetime, false, 0, 0, Long.MAX_VALUE, 0.5, 0, 0, 1 << 20);
    }

    static RetentionConfig config(int sliceBytes, int keys) {
        return new RetentionConfig(
                1L << 30, KeyIndex.SLOT_BYTES * (keys * 4L / 3 + 16), sliceBytes, 2 * sliceBytes, 100, 200, 1L << 40);
    }

    /** Opens the shard as its next owner, with a worker of a new process. */
    void open() {
        epoch++;
        store = new FaultyStore(await(engine.open(SHARD, shardConfig, epoch, owner)), random);
        worker = new RetentionWorker(background, config, UnpooledByteBufAllocator.DEFAULT);
        worker.start();
        shard = worker.add(SHARD, store, owner, policy);
    }

    void crash() {
        crash(() -> {});
    }

    /** The worker dies, and with it whatever is killed; then the next owner opens the shard. */
    void crash(Runnable killed) {
        store.crashed = true;
        worker.close();
        run(1);
        killed.run();
        engine = engines.get();
        open();
    }

    void close() {
        worker.remove(shard);
        worker.close();
        run(1000);
        onOwner(() -> store.close());
        engine.close();
    }

    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertThat(scheduler.runUntil(future::isDone, 60_000)).isTrue();
        return future.join();
    }

    <T> T onOwner(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        owner.execute(() -> {
            try {
                call.get().whenComplete((value, failure) -> {
                    if (failure == null) {
                        outcome.complete(value);
                    } else {
                        outcome.completeExceptionally(failure);
                    }
                });
            } catch (RuntimeException e) {
                outcome.completeExceptionally(e);
            }
        });
        return await(outcome);
    }

    void onOwner(Runnable task) {
        onOwner(() -> {
            task.run();
            return CompletableFuture.completedFuture(true);
        });
    }

    void run(long millis) {
        scheduler.runForMillis(millis);
    }

    // --- writing

    static SimpleRecord entry(long timestamp, @Nullable String key, @Nullable String value) {
        return new SimpleRecord(timestamp, bytes(key), bytes(value));
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@code key=value}, {@code key} for a tombstone. */
    long append(String... entries) {
        return append(CompressionType.NONE, -1, entries);
    }

    long append(CompressionType type, long producerId, String... entries) {
        return append(type, producerId, false, entries);
    }

    long append(CompressionType type, long producerId, boolean transactional, String... entries) {
        SimpleRecord[] records = new SimpleRecord[entries.length];
        for (int i = 0; i < entries.length; i++) {
            int at = entries[i].indexOf('=');
            records[i] = entry(
                    scheduler.clock().millis(),
                    at < 0 ? entries[i] : entries[i].substring(0, at),
                    at < 0 ? null : entries[i].substring(at + 1));
        }
        ByteBuf bytes = Unpooled.wrappedBuffer(MemoryRecords.withRecords(
                        (byte) 2,
                        0,
                        Compression.of(type).build(),
                        TimestampType.CREATE_TIME,
                        producerId,
                        (short) (producerId < 0 ? -1 : 0),
                        producerId < 0 ? -1 : sequence++,
                        -1,
                        transactional,
                        records)
                .buffer());
        long base = onOwner(() -> {
            CompletableFuture<Long> done = new CompletableFuture<>();
            store.append(new RecordBatch(bytes), Durability.FSYNC, (offset, failure) -> {
                if (failure == null) {
                    done.complete(offset);
                } else {
                    done.completeExceptionally(failure);
                }
            });
            return done;
        });
        for (int i = 0; i < entries.length; i++) {
            int at = entries[i].indexOf('=');
            log.add(new Item(
                    base + i,
                    at < 0 ? entries[i] : entries[i].substring(0, at),
                    at < 0 ? null : entries[i].substring(at + 1)));
        }
        if (producerId >= 0) {
            producers.put(producerId, base);
        }
        return base;
    }

    void appendWithoutKey(String value) {
        ByteBuf bytes = Unpooled.wrappedBuffer(MemoryRecords.withRecords(
                        Compression.of(CompressionType.NONE).build(),
                        entry(scheduler.clock().millis(), null, value))
                .buffer());
        onOwner(() -> store.append(new RecordBatch(bytes), Durability.FSYNC, (offset, failure) -> {}));
    }

    // --- reading

    /** The compression of each batch. */
    List<Integer> attributes() {
        CompletableFuture<List<Integer>> done = new CompletableFuture<>();
        owner.execute(() -> store.read(
                store.stats().startOffset(), ReadLimits.ofBytes(1 << 20), owner, (owned, watermark, failure) -> {
                    List<Integer> found = new ArrayList<>();
                    RecordBatchReader reader = new RecordBatchReader().reset(owned);
                    while (reader.nextBatch()) {
                        found.add(reader.compression());
                    }
                    owned.release();
                    done.complete(found);
                }));
        return await(done);
    }

    /** One read; visits every record and every batch; answers where to go on, or -1 at the end. */
    long read(long from, int maxBytes, List<Item> items, List<Batch> batches) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        owner.execute(() -> store.read(from, ReadLimits.ofBytes(maxBytes), owner, (owned, watermark, failure) -> {
            if (owned == null) {
                done.completeExceptionally(failure);
                return;
            }
            long next = -1;
            RecordBatchReader reader = new RecordBatchReader().reset(owned);
            while (reader.nextBatch()) {
                assertThat(reader.isIntact()).isTrue();
                next = reader.lastOffset() + 1;
                long latest = Long.MIN_VALUE;
                while (reader.nextRecord()) {
                    latest = Math.max(latest, reader.record().timestampMillis());
                    if (reader.record().offset() >= from) {
                        items.add(new Item(
                                reader.record().offset(),
                                text(reader.record().key()),
                                text(reader.record().value())));
                    }
                }
                if (reader.recordCount() > 0) {
                    assertThat(reader.maxTimestampMillis()).isEqualTo(latest);
                }
                batches.add(new Batch(
                        reader.baseOffset(),
                        reader.lastOffset(),
                        reader.recordCount(),
                        reader.producerId(),
                        reader.baseSequence(),
                        reader.deleteHorizonMillis()));
            }
            owned.release();
            done.complete(next);
        }));
        return await(done);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (long next = store.stats().startOffset(); next >= 0; ) {
            next = read(next, 10_000, items, new ArrayList<>());
        }
        return items;
    }

    List<Batch> batches() {
        List<Batch> batches = new ArrayList<>();
        for (long next = store.stats().startOffset(); next >= 0; ) {
            next = read(next, 10_000, new ArrayList<>(), batches);
        }
        return batches;
    }

    static Map<String, String> fold(List<Item> items) {
        Map<String, String> folded = new HashMap<>();
        for (Item item : items) {
            if (item.value() == null) {
                folded.remove(item.key());
            } else {
                folded.put(item.key(), item.value());
            }
        }
        return folded;
    }

    /** Values as {@code offset:key=value}. */
    List<String> texts() {
        return items().stream()
                .map(item -> item.offset() + ":" + item.key() + (item.value() == null ? "" : "=" + item.value()))
                .toList();
    }
}
