/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ManualLoop;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Price of one append and one read, in nanoseconds and in bytes allocated on the heap. Run its main method. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class MemoryEngineBenchmark {

    /** {@code large}: 16 KiB of 100-byte records; {@code small}: five of them. */
    @Param({"large", "small"})
    public String batch = "small";

    private final AppendCallback appended = this::completed;
    private final ReadCallback read = this::completed;
    private final ReadLimits limits = ReadLimits.ofBytes(64 * 1024);
    private MemoryEngine engine;
    private ManualLoop loop;
    private ShardStore store;
    private RecordBatch template;
    private long lastOffset;
    private int lastBytes;

    @Setup(Level.Trial)
    public void open() {
        ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        loop = new ManualLoop();
        engine = new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(512L * 1024 * 1024));
        ShardConfig config = new ShardConfig(86_400_000L, 64L * 1024 * 1024, -1, 1 << 20, false);
        store = engine.open(new ShardId(new TopicId(1, 1), 0), config, 1, loop)
                .toCompletableFuture()
                .join();
        String[] values = new String[batch.equals("large") ? 148 : 5];
        java.util.Arrays.fill(values, "x".repeat(100));
        RecordBatch heap = RecordBatches.ofValues(loop.millis(), values);
        ByteBuf direct = Unpooled.directBuffer(heap.sizeBytes());
        direct.writeBytes(heap.buffer());
        heap.release();
        template = new RecordBatch(direct);
        // A full ring, so that every append evicts.
        while (engine.evictedBatches() < 1000) {
            append();
        }
    }

    @TearDown(Level.Trial)
    public void close() {
        template.release();
        engine.close();
    }

    private void completed(long baseOffset, @Nullable RmqException failure) {
        if (failure != null) {
            throw failure;
        }
        lastOffset = baseOffset;
    }

    private void completed(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure) {
        if (owned == null) {
            throw new IllegalStateException(failure);
        }
        lastBytes = owned.readableBytes();
        owned.release();
    }

    /** One append into a full ring: copy, index, evict; the handed over buffer is the template, retained. */
    @Benchmark
    public long append() {
        template.buffer().retain();
        store.append(template, Durability.MEMORY, appended);
        return lastOffset;
    }

    /** One append, and a read of the last 64 KiB or less. */
    @Benchmark
    public int appendAndReadTail() {
        template.buffer().retain();
        store.append(template, Durability.MEMORY, appended);
        store.read(lastOffset, limits, loop, read);
        return lastBytes;
    }

    public static void main(String[] arguments) throws RunnerException {
        new Runner(new OptionsBuilder()
                        .include(MemoryEngineBenchmark.class.getName())
                        .addProfiler(GCProfiler.class)
                        .build())
                .run();
    }
}
