/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.Durability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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
    private SystemThreads.OwnLoop owner;
    private ShardEngine engine;
    private int epoch;
    private int sequence;

    @BeforeEach
    void mount() throws Exception {
        mounted = Files.createDirectory(directory.resolve("small"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + SIZE_BYTES, "tmpfs", mounted.toString()));
        owner = SystemThreads.loop("owner");
    }

    @AfterEach
    void unmount() throws Exception {
        if (engine != null) {
            engine.close();
        }
        if (owner != null) {
            owner.close();
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

    private void start(String name, long lowWaterBytes) throws Exception {
        engine = CrashEngines.start(name, mounted.resolve("data"), lowWaterBytes);
        epoch++;
        for (int shard = 0; shard < SHARDS; shard++) {
            stores.put(
                    shard,
                    engine.open(CrashEngines.shard(shard), CrashEngines.CONFIG, epoch, owner.loop())
                            .toCompletableFuture()
                            .get(SECONDS_MAX, TimeUnit.SECONDS));
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
    private @Nullable RmqException append(int shard) throws Exception {
        String value = shard + "-" + ++sequence + "-" + "x".repeat(VALUE_BYTES);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Loop loop = owner.loop();
        loop.execute(() -> {
            RecordBatch batch = RecordBatches.ofValues(1000, value);
            stores.get(shard).append(batch, Durability.FSYNC, (base, failure) -> {
                if (failure == null) {
                    done.complete(null);
                } else {
                    done.completeExceptionally(failure);
                }
            });
        });
        try {
            done.get(SECONDS_MAX, TimeUnit.SECONDS);
            acknowledged.computeIfAbsent(shard, none -> new ArrayList<>()).add(value);
            return null;
        } catch (java.util.concurrent.ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(RmqException.class);
            return (RmqException) e.getCause();
        }
    }

    /** Until the disk has refused many times. */
    private List<RmqException> appendUntilRefused() throws Exception {
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

    private List<String> values(int shard) throws Exception {
        ShardStore store = stores.get(shard);
        List<String> values = new ArrayList<>();
        long[] next = {store.stats().startOffset()};
        boolean more = true;
        while (more) {
            CompletableFuture<Boolean> done = new CompletableFuture<>();
            store.read(next[0], ReadLimits.ofBytes(1 << 20), owner.loop(), (owned, highWatermark, failure) -> {
                if (failure != null) {
                    done.completeExceptionally(failure);
                    return;
                }
                boolean some = owned.isReadable();
                RecordBatchReader reader = new RecordBatchReader().reset(owned);
                while (reader.nextBatch()) {
                    while (reader.nextRecord()) {
                        values.add(new String(reader.record().value(), StandardCharsets.UTF_8));
                    }
                    next[0] = reader.lastOffset() + 1;
                }
                owned.release();
                done.complete(some);
            });
            more = done.get(SECONDS_MAX, TimeUnit.SECONDS);
        }
        return values;
    }

    /** What nobody was promised may have stayed, but behind or beside, never in place of it. */
    private void nothingAcknowledgedIsLost() throws Exception {
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

    private void awaitAppends() throws Exception {
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

    private void restart(String name) throws Exception {
        engine.close();
        start(name, 0);
    }

    @ParameterizedTest
    @CsvSource({"7_000_000", "7_300_000", "7_900_000", "8_500_000", "12_000_001"})
    void theFileEngineGoesOnWhenThereIsSpace(String ballast) throws Exception {
        Path filler = ballast(Long.parseLong(ballast.replace("_", "")));
        start("file", 0);
        List<RmqException> refused = appendUntilRefused();
        assertThat(refused).extracting(RmqException::error).containsOnly(RmqError.STORAGE_FULL);
        assertThat(engine.health()).extracting(EngineDisk::state).contains(EngineDisk.State.FULL);
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
        assertThat(engine.health()).extracting(EngineDisk::state).containsOnly(EngineDisk.State.FULL);
        nothingAcknowledgedIsLost();
        Files.delete(filler);
        awaitAppends();
        assertThat(engine.health()).allMatch(EngineDisk::takesWrites);
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
        assertThat(engine.health()).anyMatch(disk -> !disk.takesWrites());
        nothingAcknowledgedIsLost();
        engine.close();
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
        assertThat(engine.health()).anySatisfy(disk -> {
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
