/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatchBuilder;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.memory.MemoryEngine;
import io.robustmq.storage.memory.MemoryEngineConfig;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first 100 records of one subject out of 100,000 in a warm shard of 2 GiB. Subjects come in random order, so that the 100
 * records lie all over the shard: nearly every one in a batch of its own. The shard is written below {@code java.io.tmpdir} and
 * deleted at the end.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 3, time = 10)
@Fork(
        value = 1,
        jvmArgsAppend = {"-Xmx1g", "-XX:MaxDirectMemorySize=4g"})
public class SubjectReadBenchmark {
    private static final Logger LOG = LoggerFactory.getLogger(SubjectReadBenchmark.class);
    private static final int RECORDS = 100;
    private static final int BATCH_BYTES = 64 * 1024;
    private static final int PAYLOAD_BYTES = 140;
    private static final int BATCHES_IN_FLIGHT = 64;
    private static final SubjectRule RULE = SubjectRule.ofKeys(Spelling.SLASH);

    @Param({"memory", "rocksdb", "file"})
    public String engine;

    @Param("2048")
    public int mebibytes;

    @Param("100000")
    public int subjects;

    private final SystemThreads.OwnLoop owner = SystemThreads.loop("owner");
    private final SystemThreads.OwnLoop reader = SystemThreads.loop("reader");
    private final SubjectIndexes indexes =
            new SubjectIndexes(reader.loop(), SystemRandom.INSTANCE, IndexConfig.defaults());
    private Path directory;
    private ShardEngine shards;
    private ShardStore store;

    private ShardEngine open() {
        PooledByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
        return switch (engine) {
            case "memory" -> new MemoryEngine(allocator, MemoryEngineConfig.ofTotalBytes(4L << 30));
            case "rocksdb" -> new RocksDbEngine(directory, allocator);
            case "file" -> file();
            default -> throw RmqError.INVALID_CONFIG.exception("no engine '" + engine + "' here");
        };
    }

    private ShardEngine file() {
        SystemThreads.OwnLoop writer = SystemThreads.loop("writer");
        SystemThreads.OwnLoop background = SystemThreads.loop("background");
        DefaultEventExecutor readers = new DefaultEventExecutor();
        LogDisk disk = new LogDisk(
                "bench",
                new SystemDisk(directory),
                NettyLoops.of("disk-reader", List.of(readers)),
                writer.loop(),
                background.loop(),
                SystemClock.INSTANCE,
                SystemRandom.INSTANCE,
                LogConfig.defaults());
        return new FileEngine(List.of(disk), FileEngineConfig.defaults(), () -> {
            writer.close();
            background.close();
            readers.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        });
    }

    @Setup(Level.Trial)
    public void setUp() throws IOException {
        directory = Files.createTempDirectory("subject-read");
        shards = open();
        Loop loop = owner.loop();
        ShardConfig config = new ShardConfig(-1, 4L << 30, -1, 1 << 20, false);
        CompletableFuture<ShardStore> opened = new CompletableFuture<>();
        loop.execute(() -> shards.open(new ShardId(new TopicId(1, 1), 0), config, 1, loop)
                .whenComplete((found, failure) -> {
                    if (failure == null) {
                        opened.complete(found);
                    } else {
                        opened.completeExceptionally(failure);
                    }
                }));
        store = opened.join();
        fill();
        long indexing = System.nanoTime();
        while (read(subject(0)).scanned() > RECORDS * 4000L) {
            continue;
        }
        LOG.info(
                "indexed within {} ms; {} KiB of tails, {} KiB cached, {} blocks",
                (System.nanoTime() - indexing) / 1_000_000,
                indexes.tailBytes() / 1024,
                indexes.cachedBytes() / 1024,
                indexes.blocksSealed.sum());
    }

    private void fill() {
        ByteBuf payload = Unpooled.wrappedBuffer(new byte[PAYLOAD_BYTES]);
        RecordBatchBuilder builder = new RecordBatchBuilder(BATCH_BYTES);
        Semaphore inFlight = new Semaphore(BATCHES_IN_FLIGHT);
        long written = 0;
        while (written < (long) mebibytes << 20) {
            builder.begin(1);
            byte[] subject = subject(ThreadLocalRandom.current().nextInt(subjects));
            while (builder.fits(subject.length, PAYLOAD_BYTES, 0)) {
                ByteBuf key = Unpooled.wrappedBuffer(subject);
                builder.append(1, key, 0, subject.length, payload, 0, PAYLOAD_BYTES, new byte[0], 0, 0, 0);
                subject = subject(ThreadLocalRandom.current().nextInt(subjects));
            }
            var batch = builder.build(PooledByteBufAllocator.DEFAULT);
            written += batch.sizeBytes();
            inFlight.acquireUninterruptibly();
            owner.loop()
                    .execute(() -> store.append(batch, Durability.OS_BUFFER, (base, failure) -> {
                        inFlight.release();
                        if (failure != null) {
                            throw failure;
                        }
                    }));
        }
        inFlight.acquireUninterruptibly(BATCHES_IN_FLIGHT);
    }

    private static byte[] subject(int number) {
        return ("plant/line-" + number % 100 + "/machine-" + number / 100 + "/temp")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private FilteredRead.Read read(byte[] subject) {
        SubjectFilter filter = new SubjectFilter(Spelling.SLASH, new String(subject, StandardCharsets.US_ASCII));
        return indexes.read(
                        store,
                        owner.loop(),
                        RULE,
                        new SubjectMatcher(List.of(filter)),
                        FilteredRead.EARLIEST,
                        FilteredRead.LATEST,
                        (record, text, published) -> {})
                .readAtMost(RECORDS)
                .toCompletableFuture()
                .join();
    }

    @Benchmark
    public FilteredRead.Read firstHundred() {
        return read(subject(ThreadLocalRandom.current().nextInt(subjects)));
    }

    @TearDown(Level.Trial)
    public void tearDown() throws IOException {
        indexes.close();
        shards.close();
        owner.close();
        reader.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder()).forEach(SubjectReadBenchmark::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
