/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One life of a process that appends without end, one acknowledged batch after the other, while its shard is compacted; it
 * tells on its output what it has found and what was acknowledged, and lives until it is killed. Confined to its main thread
 * but for the loops of the shard.
 */
final class CompactionProcess implements AutoCloseable {
    static final ShardId SHARD = new ShardId(new TopicId(1, 2), 0);
    private static final ShardConfig CONFIG = new ShardConfig(-1, -1, -1, 1 << 20, true);
    private static final int KEYS = 60;

    private final SystemThreads.OwnLoop owner = SystemThreads.loop("owner");
    private final SystemThreads.OwnLoop background = SystemThreads.loop("retention");
    private final List<SystemThreads.OwnLoop> fileLoops = new ArrayList<>();
    private final DefaultEventExecutor fileReader =
            new DefaultEventExecutor(new DefaultThreadFactory("file-read", true));
    private final ShardEngine engine;
    private final ShardStore store;

    /** One record; a null value is a tombstone. */
    record Line(long offset, String key, @Nullable String value) {
        String text() {
            return offset + " " + key + " " + (value == null ? "-" : value) + " .";
        }

        /** Null when the process died in the middle of the line. */
        static @Nullable Line parse(String text) {
            String[] parts = text.split(" ");
            return parts.length == 4 && parts[3].equals(".")
                    ? new Line(Long.parseLong(parts[0]), parts[1], parts[2].equals("-") ? null : parts[2])
                    : null;
        }
    }

    CompactionProcess(String kind, Path directory, int epoch) {
        engine = kind.equals("file")
                ? fileEngine(directory)
                : new RocksDbEngine(directory, UnpooledByteBufAllocator.DEFAULT);
        store = engine.open(SHARD, CONFIG, epoch, owner.loop())
                .toCompletableFuture()
                .join();
    }

    private ShardEngine fileEngine(Path directory) {
        for (String name : List.of("write", "checkpoint")) {
            fileLoops.add(SystemThreads.loop("file-" + name));
        }
        NettyLoops readers = NettyLoops.of("file-read", List.of(fileReader));
        LogConfig log = LogConfig.defaults()
                .withWalFileBytes(4 << 20)
                .withCheckpointBytes(8 << 20)
                .withLowWaterBytes(0);
        LogDisk disk = new LogDisk(
                "one",
                new SystemDisk(directory),
                readers,
                fileLoops.get(0).loop(),
                fileLoops.get(1).loop(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                log);
        return new FileEngine(List.of(disk), new FileEngineConfig(16 * 1024, 64 * 1024, 100), () -> {});
    }

    /** Engine, directory, epoch, and the first offset that was not told yet. */
    public static void main(String[] args) {
        int epoch = Integer.parseInt(args[2]);
        CompactionProcess process = new CompactionProcess(args[0], Path.of(args[1]), epoch);
        PrintStream told = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        process.read(Long.parseLong(args[3])).forEach(line -> told.println(line.text()));
        told.flush();
        process.compact();
        process.appendForEver(new SimRandom(epoch), told);
    }

    private void compact() {
        RetentionConfig config = new RetentionConfig(1L << 30, 1 << 20, 4096, 16 * 1024, 5, 100, 1L << 40);
        RetentionWorker worker = new RetentionWorker(background.loop(), config, UnpooledByteBufAllocator.DEFAULT);
        worker.start();
        worker.add(
                SHARD,
                store,
                owner.loop(),
                new RetentionPolicy(Lifetime.LIMITS, true, 0, 0, Long.MAX_VALUE, 0.05, 300, 0, 1 << 20));
    }

    private void appendForEver(SimRandom random, PrintStream told) {
        while (true) {
            List<RecordBatches.Entry> entries = new ArrayList<>();
            List<Line> lines = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                Line line = new Line(
                        i, "k" + random.nextInt(KEYS), random.percent(25) ? null : "v" + random.nextInt(1 << 30));
                entries.add(RecordBatches.Entry.of(System.currentTimeMillis(), line.key(), line.value()));
                lines.add(line);
            }
            long base = append(RecordBatches.of(entries));
            for (int i = 0; i < lines.size(); i++) {
                told.println(new Line(base + i, lines.get(i).key(), lines.get(i).value()).text());
            }
            told.flush();
        }
    }

    private long append(RecordBatch owned) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        owner.loop()
                .execute(() -> store.append(owned, Durability.FSYNC, (offset, failure) -> {
                    if (failure == null) {
                        done.complete(offset);
                    } else {
                        done.completeExceptionally(failure);
                    }
                }));
        return done.join();
    }

    private <T> T onOwner(Supplier<CompletionStage<T>> call) {
        CompletableFuture<T> outcome = new CompletableFuture<>();
        owner.loop().execute(() -> call.get().whenComplete((value, failure) -> outcome.complete(value)));
        return outcome.join();
    }

    /** Every record from the offset on. */
    List<Line> read(long from) {
        List<Line> lines = new ArrayList<>();
        for (long next = Math.max(from, store.stats().startOffset()); next >= 0; ) {
            next = readOnce(next, lines);
        }
        return lines;
    }

    private long readOnce(long from, List<Line> lines) {
        CompletableFuture<ByteBuf> read = new CompletableFuture<>();
        store.read(from, ReadLimits.ofBytes(1 << 20), owner.loop(), (owned, watermark, failure) -> {
            if (owned == null) {
                read.completeExceptionally(failure);
            } else {
                read.complete(owned);
            }
        });
        ByteBuf bytes = read.join();
        long next = -1;
        RecordBatchReader reader = new RecordBatchReader().reset(bytes);
        while (reader.nextBatch()) {
            next = reader.lastOffset() + 1;
            while (reader.nextRecord()) {
                byte[] value = reader.record().value();
                if (reader.record().offset() >= from) {
                    lines.add(new Line(
                            reader.record().offset(),
                            new String(reader.record().key(), StandardCharsets.UTF_8),
                            value == null ? null : new String(value, StandardCharsets.UTF_8)));
                }
            }
        }
        bytes.release();
        return next;
    }

    /** How far compaction has come. */
    CompactionState compacted() {
        return onOwner(() -> store.getState(CompactionState.NAME).thenApply(snapshot -> {
            CompactionState state = CompactionState.decode(snapshot.owned(), 0);
            snapshot.owned().release();
            return state;
        }));
    }

    @Override
    public void close() {
        onOwner(store::close);
        engine.close();
        owner.close();
        background.close();
        fileLoops.forEach(SystemThreads.OwnLoop::close);
        fileReader.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
