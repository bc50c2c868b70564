/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A file system that is really full: a small one in memory, where the machine lets us mount it (Linux, root). How much is left at
 * the start decides what meets the end first: a new file of the write-ahead log, a segment, a checkpoint, a table.
 */
class FullFileSystemTest {
    private static final int SIZE_BYTES = 24 << 20;
    private static final int SHARDS = 4;
    private static final int VALUE_BYTES = 8000;
    private static final int REFUSED_ENOUGH = 40;
    private static final long SECONDS_MAX = 20;

    @TempDir
    Path directory;

    private final Map<Integer, List<String>> acknowledged = new HashMap<>();
    private final Map<Integer, ShardStore> stores = new HashMap<>();
    private Path mounted;
    private boolean isMounted;
    private ConformanceBench bench;
    private int epoch;
    private int sequence;

    private record OnSmall(String engine, Path directory, long lowWaterBytes) implements EngineFixture {
        @Override
        public ShardEngine start() {
            return CrashEngines.start(engine, directory, lowWaterBytes);
        }

        @Override
        public long heldBytes() {
            return 0;
        }

        @Override
        public Duration deadline() {
            return Duration.ofSeconds(SECONDS_MAX);
        }
    }

    @BeforeEach
    void mount() throws Exception {
        mounted = Files.createDirectory(directory.resolve("small"));
        isMounted = run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_BYTES, "tmpfs", mounted.toString());
        assumeTrue(isMounted);
    }

    @AfterEach
    void unmount() throws Exception {
        if (bench != null) {
            bench.close();
        }
        if (isMounted) {
            assertThat(run("umount", mounted.toString())).isTrue();
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException thereIsNoSuchCommand) {
            return false;
        }
    }

    private void start(String name, long lowWaterBytes) {
        bench = new ConformanceBench(new OnSmall(name, mounted.resolve("data"), lowWaterBytes));
        epoch++;
        for (int shard = 0; shard < SHARDS; shard++) {
            stores.put(shard, bench.open(CrashEngines.shard(shard), CrashEngines.CONFIG, epoch));
        }
    }

    private Path ballast(long bytes) throws IOException {
        Path file = mounted.resolve("ballast");
        try (OutputStream out = Files.newOutputStream(file)) {
            out.write(new byte[(int) bytes]);
        }
        return file;
    }

    /** Why not; null when it was acknowledged. */
    private @Nullable RmqException append(int shard) {
        String value = shard + "-" + ++sequence + "-" + "x".repeat(VALUE_BYTES);
        RmqException failure = bench.tryAppend(stores.get(shard), RecordBatches.ofValues(1000, value), Durability.FSYNC)
                .failure();
        if (failure == null) {
            acknowledged.computeIfAbsent(shard, none -> new ArrayList<>()).add(value);
        }
        return failure;
    }

    /** Until the disk has refused many times. */
    private List<RmqException> appendUntilRefused() {
        List<RmqException> refused = new ArrayList<>();
        for (int append = 0; refused.size() < REFUSED_ENOUGH; append++) {
            assertThat(append).as("it fills some time").isLessThan(2 * SIZE_BYTES / VALUE_BYTES);
            RmqException failure = append(append % SHARDS);
            if (failure != null) {
                refused.add(failure);
            }
        }
        return refused;
    }

    private List<String> values(int shard) {
        ShardStore store = stores.get(shard);
        return bench.readAll(store, store.stats().startOffset(), 1 << 20).stream()
                .map(ConformanceBench.Item::value)
                .toList();
    }

    /** What nobody was promised may have stayed, but behind or beside, never in place of it. */
    private void nothingAcknowledgedIsLost() {
        for (int shard = 0; shard < SHARDS; shard++) {
            List<String> expected = acknowledged.getOrDefault(shard, List.of());
            assertThat(values(shard).stream().filter(expected::contains).map(FullFileSystemTest::head))
                    .containsExactlyElementsOf(
                            expected.stream().map(FullFileSystemTest::head).toList());
        }
    }

    private static String head(String value) {
        return value.substring(0, value.indexOf('x'));
    }

    private void awaitAppends() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        // Each lies on one of the engine's disks, which look for space by themselves.
        for (int shard = 0; shard < SHARDS; shard++) {
            RmqException failure = append(shard);
            while (failure != null && System.nanoTime() < deadline) {
                failure = append(shard);
            }
            assertThat(failure).isNull();
        }
    }

    private void restart(String name) {
        bench.close();
        start(name, 0);
    }

    @ParameterizedTest
    @CsvSource({"7_000_000", "7_300_000", "7_900_000", "8_500_000", "12_000_001"})
    void theFileEngineGoesOnWhenThereIsSpace(String ballast) throws Exception {
        Path filler = ballast(Long.parseLong(ballast.replace("_", "")));
        start("file", 0);
        List<RmqException> refused = appendUntilRefused();
        assertThat(refused).extracting(RmqException::error).containsOnly(RmqError.STORAGE_FULL);
        assertThat(bench.engine().health()).extracting(EngineDisk::state).contains(EngineDisk.State.FULL);
        nothingAcknowledgedIsLost();
        Files.delete(filler);
        awaitAppends();
        nothingAcknowledgedIsLost();
        restart("file");
        nothingAcknowledgedIsLost();
        awaitAppends();
    }

    @ParameterizedTest
    @CsvSource({"9_000_000", "11_000_000", "12_500_001", "14_000_000"})
    void theRocksDbEngineGoesOnWhenThereIsSpace(String ballast) throws Exception {
        Path filler = ballast(Long.parseLong(ballast.replace("_", "")));
        start("rocksdb", 0);
        List<RmqException> refused = appendUntilRefused();
        assertThat(refused).extracting(RmqException::error).containsOnly(RmqError.STORAGE_FULL);
        assertThat(bench.engine().health()).extracting(EngineDisk::state).containsOnly(EngineDisk.State.FULL);
        nothingAcknowledgedIsLost();
        Files.delete(filler);
        awaitAppends();
        assertThat(bench.engine().health()).allMatch(EngineDisk::takesWrites);
        nothingAcknowledgedIsLost();
        restart("rocksdb");
        nothingAcknowledgedIsLost();
        awaitAppends();
    }

    /** A process that ends while nothing can be written, not even a last checkpoint, has lost nothing. */
    @ParameterizedTest
    @CsvSource({"file", "rocksdb"})
    void aRestartOnAFullDiskLosesNothing(String name) throws Exception {
        Path filler = ballast(9_000_000);
        start(name, 0);
        List<RmqException> refused = appendUntilRefused();
        assertThat(refused.get(0).error()).isEqualTo(RmqError.STORAGE_FULL);
        assertThat(bench.engine().health()).anyMatch(disk -> !disk.takesWrites());
        nothingAcknowledgedIsLost();
        bench.close();
        Files.delete(filler);
        start(name, 0);
        nothingAcknowledgedIsLost();
        awaitAppends();
        nothingAcknowledgedIsLost();
    }

    /** With a low-water mark nothing ever meets the end, and all goes on by itself. */
    @ParameterizedTest
    @CsvSource({"file", "rocksdb"})
    void theLowWaterMarkIsMetFirst(String name) throws Exception {
        Path filler = ballast(6_000_000);
        // The space is looked at once a second, or once in so many bytes.
        start(name, 10 << 20);
        List<RmqException> refused = appendUntilRefused();
        assertThat(refused).extracting(RmqException::error).containsOnly(RmqError.STORAGE_FULL);
        assertThat(bench.engine().health()).anySatisfy(disk -> {
            assertThat(disk.state()).isEqualTo(EngineDisk.State.FULL);
            assertThat(disk.reason()).contains("low-water mark");
            assertThat(disk.refusedAppends()).isPositive();
        });
        nothingAcknowledgedIsLost();
        Files.delete(filler);
        awaitAppends();
        nothingAcknowledgedIsLost();
        restart(name);
        nothingAcknowledgedIsLost();
    }
}
