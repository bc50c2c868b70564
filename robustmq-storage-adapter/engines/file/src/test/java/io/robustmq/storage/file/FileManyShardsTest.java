/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogDiskMetrics;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
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

/** What many shards cost on one disk with the limits of a node: time, memory, file handles, forces; reported and bounded. */
class FileManyShardsTest {
    private static final Logger LOG = LoggerFactory.getLogger(FileManyShardsTest.class);

    /** With retention by time, so that each of them has its timer. */
    private static final ShardConfig CONFIG = new ShardConfig(86_400_000, 64 << 20, -1, 1 << 20, false);

    private static final long HEAP_BYTES_PER_SHARD_MAX = 4096;
    private static final long NATIVE_BYTES_MAX = 64L << 20;
    private static final long CLOSE_MILLIS_MAX = 10_000;
    private static final long FREE_BYTES_MIN = 4L << 30;

    @TempDir
    Path temp;

    private SystemFileFixture fixture;
    private ConformanceBench bench;

    @BeforeEach
    void start() {
        fixture =
                new SystemFileFixture(List.of(temp.resolve("disk")), FileEngineConfig.defaults(), LogConfig.defaults());
        bench = new ConformanceBench(fixture);
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    @Test
    void aTenthOfWhatANodeMayHold() throws IOException {
        openMany(1000, 20);
    }

    @Test
    @Tag("soak")
    void asManyAsANodeMayHold() throws IOException {
        assertThat(temp.toFile().getUsableSpace()).as("free space").isGreaterThan(FREE_BYTES_MIN);
        openMany(10_000, 60);
    }

    @Test
    void aTenthOfThemIsClosedSoon() {
        closeMany(1000);
    }

    @Test
    @Tag("soak")
    void allOfThemAreClosedSoon() {
        closeMany(10_000);
    }

    /** Each has a file and a name that nobody has forced. */
    private void closeMany(int shards) {
        fill(openAll(shards, 1));
        long began = System.nanoTime();
        fixture.engine().close();
        long closeMillis = millisSince(began);
        fixture.start();
        began = System.nanoTime();
        List<ShardStore> stores = openAll(shards, 2);
        long openMillis = millisSince(began);
        LOG.info("{} shards: closed in {} ms, opened in {} ms", shards, closeMillis, openMillis);
        assertThat(closeMillis).isLessThan(CLOSE_MILLIS_MAX);
        for (ShardStore store : stores) {
            assertThat(store.stats().endOffset()).isEqualTo(1);
        }
    }

    /** Killed, so that all of it is replayed. */
    private void openMany(int shards, int secondsMax) throws IOException {
        long began = System.nanoTime();
        List<ShardStore> created = openAll(shards, 1);
        long createMillis = millisSince(began);
        began = System.nanoTime();
        fill(created);
        long fillMillis = millisSince(began);
        LogDiskMetrics filled = disk().metrics();
        bench.crash();
        long heapBefore = usedHeap();
        began = System.nanoTime();
        List<ShardStore> stores = openAll(shards, 2);
        long openMillis = millisSince(began);
        long heapBytes = (usedHeap() - heapBefore) / shards;
        for (ShardStore store : stores) {
            assertThat(store.stats().endOffset()).isEqualTo(1);
        }
        for (int shard = 0; shard < shards; shard += 7) {
            assertThat(bench.read(stores.get(shard), 0).values()).containsExactly("a small record");
        }
        long handles = fileHandles();
        LOG.info(
                "{} shards: created in {} ms, a record each in {} ms, together {} forces; killed; opened in {} ms"
                        + " with {} forces, {} bytes of heap each, {} KiB of native memory, {} files open",
                shards,
                createMillis,
                fillMillis,
                forces(filled),
                openMillis,
                forces(disk().metrics()),
                heapBytes,
                nativeBytes() >> 10,
                handles);
        assertThat(openMillis).isLessThan(TimeUnit.SECONDS.toMillis(secondsMax));
        assertThat(forces(filled)).as("shards share forces").isLessThan(shards);
        assertThat(forces(disk().metrics())).as("shards share forces").isLessThan(shards / 2);
        assertThat(heapBytes).isLessThan(HEAP_BYTES_PER_SHARD_MAX);
        assertThat(nativeBytes()).isLessThan(NATIVE_BYTES_MAX);
        assertThat(handles).isLessThan(LogConfig.defaults().openFilesMax() + 16);
    }

    private LogDisk disk() {
        return fixture.engine().disks().get(0);
    }

    private static long forces(LogDiskMetrics metrics) {
        return metrics.syncedWrites() + metrics.walForces() + metrics.segmentForces();
    }

    private static long millisSince(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
    }

    private static ShardId shard(int number) {
        return new ShardId(new TopicId(1, number / 100), number % 100);
    }

    private List<ShardStore> openAll(int shards, int epoch) {
        List<CompletionStage<ShardStore>> opening = new ArrayList<>(shards);
        for (int shard = 0; shard < shards; shard++) {
            opening.add(fixture.engine().open(shard(shard), CONFIG, epoch, bench.loop()));
        }
        List<ShardStore> stores = new ArrayList<>(shards);
        opening.forEach(stage -> stores.add(bench.await(stage)));
        return stores;
    }

    private void fill(List<ShardStore> stores) {
        int[] answered = new int[1];
        List<RmqException> failures = new ArrayList<>();
        for (ShardStore store : stores) {
            store.append(
                    RecordBatches.ofValues(bench.loop().millis(), "a small record"),
                    Durability.FSYNC,
                    (base, failure) -> {
                        answered[0]++;
                        if (failure != null) {
                            failures.add(failure);
                        }
                    });
        }
        bench.awaitUntil("all are answered", () -> answered[0] == stores.size());
        assertThat(failures).isEmpty();
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long nativeBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    /** As the operating system lists them; below the directory of the disk only. */
    private long fileHandles() throws IOException {
        Path listing = Path.of("/proc/self/fd");
        if (!Files.isDirectory(listing)) {
            return 0;
        }
        try (Stream<Path> handles = Files.list(listing)) {
            return handles.filter(this::isBelowDisk).count();
        }
    }

    private boolean isBelowDisk(Path handle) {
        try {
            return Files.readSymbolicLink(handle).startsWith(temp);
        } catch (IOException gone) {
            return false;
        }
    }
}
