/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What very many tiny shards cost: time to open, memory, file handles; reported and bounded. */
class RocksDbManyShardsTest {
    private static final Logger LOG = LoggerFactory.getLogger(RocksDbManyShardsTest.class);

    /** With retention by time, so that each of them has its timer. */
    private static final ShardConfig CONFIG = new ShardConfig(86_400_000, 1 << 20, -1, 1 << 20, false);

    private static final int RECORDS = 3;
    private static final long HEAP_BYTES_PER_SHARD_MAX = 1600;
    private static final long FILE_HANDLES_MAX = 300;
    private static final long NATIVE_BYTES_MAX = 48L << 20;

    @TempDir
    Path temp;

    private RocksDbEngine engine;
    private ConformanceBench bench;

    @BeforeEach
    void start() {
        bench = new ConformanceBench(new Fixture());
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    private final class Fixture implements EngineFixture {
        @Override
        public RocksDbEngine start() {
            engine = new RocksDbEngine(temp.resolve("rocksdb"), UnpooledByteBufAllocator.DEFAULT);
            return engine;
        }

        @Override
        public long heldBytes() {
            return 0;
        }
    }

    @Test
    void aTenthOfWhatANodeMayHold() throws IOException {
        openMany(10_000, 60);
    }

    @Test
    @Tag("soak")
    void asManyAsANodeMayHold() throws IOException {
        openMany(100_000, 300);
    }

    private void openMany(int shards, int secondsMax) throws IOException {
        fill(shards);
        bench.restart();
        long heapBefore = usedHeap();
        long before = System.nanoTime();
        List<ShardStore> stores = openAll(shards, 2);
        long openMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
        long heapBytes = (usedHeap() - heapBefore) / shards;
        for (int shard = 0; shard < shards; shard += shards / 100) {
            assertThat(bench.read(stores.get(shard), 0).values()).hasSize(RECORDS);
        }
        long handles = fileHandles();
        LOG.info(
                "{} shards: opened in {} ms with {} forces, {} bytes of heap each, {} KiB of native memory, {} files open",
                shards,
                openMillis,
                engine.forces(),
                heapBytes,
                engine.memoryBytes() >> 10,
                handles);
        assertThat(openMillis).isLessThan(TimeUnit.SECONDS.toMillis(secondsMax));
        assertThat(heapBytes).isLessThan(HEAP_BYTES_PER_SHARD_MAX);
        assertThat(engine.memoryBytes()).isLessThan(NATIVE_BYTES_MAX);
        assertThat(handles).isLessThan(FILE_HANDLES_MAX);
        stores.forEach(store -> store.close());
        bench.awaitUntil("closed shards cost nothing", () -> engine.shards() == 0);
    }

    private static ShardId shard(int number) {
        return new ShardId(new TopicId(1, number / 100), number % 100);
    }

    private List<ShardStore> openAll(int shards, int epoch) {
        List<CompletionStage<ShardStore>> opening = new ArrayList<>(shards);
        for (int shard = 0; shard < shards; shard++) {
            opening.add(engine.open(shard(shard), CONFIG, epoch, bench.loop()));
        }
        List<ShardStore> stores = new ArrayList<>(shards);
        opening.forEach(stage -> stores.add(bench.await(stage)));
        return stores;
    }

    private void fill(int shards) {
        List<ShardStore> stores = openAll(shards, 1);
        int[] acknowledged = new int[1];
        for (int record = 0; record < RECORDS; record++) {
            for (ShardStore store : stores) {
                store.append(
                        io.robustmq.kernel.record.RecordBatches.ofValues(
                                bench.loop().millis(), "a small record"),
                        Durability.FSYNC,
                        (base, failure) -> acknowledged[0] += failure == null ? 1 : 0);
            }
        }
        bench.awaitUntil("all are acknowledged", () -> acknowledged[0] == shards * RECORDS);
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** As the operating system lists them; below the directory of the engine only. */
    private long fileHandles() throws IOException {
        Path listing = Path.of("/proc/self/fd");
        if (!Files.isDirectory(listing)) {
            return 0;
        }
        try (Stream<Path> handles = Files.list(listing)) {
            return handles.filter(this::isBelowEngine).count();
        }
    }

    private boolean isBelowEngine(Path handle) {
        try {
            return Files.readSymbolicLink(handle).startsWith(temp);
        } catch (IOException gone) {
            return false;
        }
    }
}
