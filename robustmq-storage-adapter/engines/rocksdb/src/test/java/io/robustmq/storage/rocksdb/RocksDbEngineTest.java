/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.storage.Durability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;
import org.rocksdb.TickerType;

/** What this engine promises beyond the suite: forces counted, groups, disk trouble, damage, formats, space. */
class RocksDbEngineTest {
    @TempDir
    Path temp;

    private Path directory;
    private ConformanceBench bench;
    private RocksDbEngine engine;
    private @Nullable RocksDBException nextFailure;
    private volatile boolean onlyForcesFail;
    private long minFreeBytes;

    @BeforeEach
    void start() {
        directory = temp.resolve("broker").resolve("rocksdb");
        bench = new ConformanceBench(new Fixture());
    }

    @AfterEach
    void stop() {
        bench.close();
    }

    /** Starts over what was left; counts what RocksDB does and fails when it is told to. */
    private final class Fixture implements EngineFixture, DeviceProbe {
        @Override
        public RocksDbEngine start() {
            RocksDbEngineConfig config = new RocksDbEngineConfig(8L << 20, minFreeBytes, 64L << 20, 16, true);
            engine = new RocksDbEngine(directory, UnpooledByteBufAllocator.DEFAULT, config, this);
            return engine;
        }

        @Override
        public void before(boolean force) throws RocksDBException {
            RocksDBException failure = nextFailure;
            if (failure != null && (force || !onlyForcesFail)) {
                nextFailure = null;
                throw failure;
            }
        }

        @Override
        public long heldBytes() {
            return 0;
        }
    }

    private static ShardId shard(int partition) {
        return new ShardId(ConformanceBench.SHARD.topic(), partition);
    }

    private long walSyncs() {
        Statistics statistics = engine.statistics();
        return statistics == null ? -1 : statistics.getTickerCount(TickerType.WAL_FILE_SYNCED);
    }

    // --- durability, by the number of forces

    @Test
    void fsyncForcesBeforeItIsAcknowledged() {
        ShardStore store = bench.open(1);
        for (int append = 1; append <= 20; append++) {
            long before = engine.forces();
            long syncsBefore = walSyncs();
            bench.append(store, bench.batch("v"), Durability.FSYNC);
            assertThat(engine.forces()).isEqualTo(before + 1);
            assertThat(walSyncs()).as("as RocksDB counts them").isEqualTo(syncsBefore + 1);
        }
    }

    @Test
    void whatIsLeftToTheOperatingSystemIsNeverForced() {
        ShardStore store = bench.open(1);
        long before = engine.forces();
        long syncsBefore = walSyncs();
        for (int append = 0; append < 50; append++) {
            bench.append(store, bench.batch("v"), append % 2 == 0 ? Durability.OS_BUFFER : Durability.MEMORY);
        }
        assertThat(engine.forces()).isEqualTo(before);
        assertThat(walSyncs()).isEqualTo(syncsBefore);
    }

    @Test
    void aFlushIntervalForcesOnceForAll() {
        ShardConfig config = new ShardConfig(
                -1, -1, -1, 1 << 20, false, Durability.OS_BUFFER, 50, ShardConfig.DEFAULT_SEGMENT_BYTES, -1);
        ShardStore one = bench.open(shard(1), config, 1);
        ShardStore other = bench.open(shard(2), config, 1);
        long before = engine.forces();
        List<Long> done = new ArrayList<>();
        for (int append = 0; append < 100; append++) {
            (append % 2 == 0 ? one : other)
                    .append(bench.batch("v"), Durability.OS_BUFFER, (base, failure) -> done.add(base));
        }
        bench.awaitUntil("all are acknowledged", () -> done.size() == 100);
        bench.awaitUntil("the interval is over", () -> engine.forces() > before);
        assertThat(engine.forces()).isBetween(before + 1, before + 3);
        bench.append(one, bench.batch("v"), Durability.FSYNC);
        long after = engine.forces();
        bench.append(one, bench.batch("w"), Durability.OS_BUFFER);
        bench.awaitUntil("the next interval is over", () -> engine.forces() == after + 1);
    }

    @Test
    void aThousandShardsCostFewForces() {
        List<ShardStore> stores = new ArrayList<>();
        List<java.util.concurrent.CompletionStage<ShardStore>> opening = new ArrayList<>();
        for (int shard = 0; shard < 1000; shard++) {
            opening.add(engine.open(shard(shard), ConformanceBench.CONFIG, 1, bench.loop()));
        }
        opening.forEach(stage -> stores.add(bench.await(stage)));
        assertThat(engine.forces()).as("epochs share forces too").isLessThan(100);
        long before = engine.forces();
        List<Long> done = new ArrayList<>();
        for (ShardStore store : stores) {
            store.append(bench.batch("v"), Durability.FSYNC, (base, failure) -> done.add(base));
        }
        bench.awaitUntil("all are acknowledged", () -> done.size() == 1000);
        assertThat(engine.forces() - before).isBetween(1L, 100L);
        assertThat(engine.shards()).isEqualTo(1000);
    }

    // --- a node without such topics pays nothing

    @Test
    void nothingIsMadeBeforeItIsNeeded() {
        assertThat(bench.await(engine.stored())).isEmpty();
        bench.await(engine.destroy(shard(1)));
        assertThat(engine.isOpen()).isFalse();
        assertThat(directory).doesNotExist();
        bench.open(1);
        assertThat(engine.isOpen()).isTrue();
        assertThat(directory).isDirectory();
    }

    /** A fenced owner may still read, but not what it no longer knows of. */
    @Test
    void whoKnowsAShardThatWasLoadedAnewIsTold() {
        ShardStore old = bench.open(1);
        bench.append(old, bench.batch("a"), Durability.FSYNC);
        ShardStore young = bench.open(2);
        assertThat(bench.read(old, 0).values()).containsExactly("a");
        bench.await(young.close());
        ShardStore youngest = bench.open(3);
        bench.await(youngest.deletePrefix(1));
        bench.readRefused(old, 0, RmqError.CLOSED, "closed");
        bench.awaitFailure(old.offsetForTimestamp(0), RmqError.CLOSED);
        bench.appendRefused(old, bench.batch("late"), RmqError.FENCED);
        assertThat(engine.appends()).isEqualTo(1);
    }

    // --- trouble

    @Test
    void aFailedForceIsNeverTriedAgain() {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("kept"), Durability.FSYNC);
        nextFailure = new RocksDBException("IO error: fdatasync: Input/output error");
        long before = engine.groups();
        assertThat(bench.tryAppend(store, bench.batch("lost"), Durability.FSYNC)
                        .failure()
                        .error())
                .isEqualTo(RmqError.STORAGE_FAILED);
        bench.appendRefused(store, bench.batch("later"), RmqError.STORAGE_FAILED);
        bench.awaitFailure(store.putState("s", 1, bench.bytes("x")), RmqError.STORAGE_FAILED);
        bench.awaitFailure(store.deletePrefix(1), RmqError.STORAGE_FAILED);
        bench.awaitFailure(engine.open(shard(9), ConformanceBench.CONFIG, 1, bench.loop()), RmqError.STORAGE_FAILED);
        assertThat(engine.groups()).isEqualTo(before);
        assertThat(engine.failure()).isNotNull();
        assertDisk(EngineDisk.State.FAILED, "fdatasync");
        assertThat(bench.read(store, 0).values()).as("reads go on").containsExactly("kept");
        assertThat(store.stats().endOffset()).isEqualTo(1);
        bench.restart();
        assertThat(bench.read(bench.open(2), 0).values()).containsExactly("kept");
        assertThat(engine.health()).allMatch(EngineDisk::takesWrites);
    }

    private void assertDisk(EngineDisk.State state, String reason) {
        assertThat(engine.health()).singleElement().satisfies(disk -> {
            assertThat(disk.state()).isEqualTo(state);
            assertThat(disk.reason()).contains(reason);
            assertThat(disk.advice()).isNotEmpty();
            assertThat(disk.refusedAppends()).isPositive();
        });
    }

    private static RocksDBException noSpace(String where) {
        return new RocksDBException("IO error: No space left on device: While " + where);
    }

    /** Asks again and again, as publishers do; answers where it was put. */
    private long appendOnceThereIsSpace(ShardStore store, String value) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        var answer = bench.tryAppend(store, bench.batch(value), Durability.FSYNC);
        while (answer.failure() != null && System.nanoTime() < deadline) {
            assertThat(answer.failure().error()).isEqualTo(RmqError.STORAGE_FULL);
            answer = bench.tryAppend(store, bench.batch(value), Durability.FSYNC);
        }
        assertThat(answer.failure()).isNull();
        return answer.baseOffset();
    }

    @Test
    void aFullDiskGoesOnWhenThereIsSpace() {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("kept"), Durability.FSYNC);
        bench.append(store, bench.batch("too"), Durability.OS_BUFFER);
        nextFailure = noSpace("appending to file");
        bench.appendRefused(store, bench.batch("lost"), RmqError.STORAGE_FULL);
        bench.appendRefused(store, bench.batch("later"), RmqError.STORAGE_FULL);
        assertDisk(EngineDisk.State.FULL, "No space left");
        assertThat(bench.read(store, 0).values()).containsExactly("kept", "too");
        assertThat(appendOnceThereIsSpace(store, "next")).isEqualTo(2);
        assertThat(engine.failure()).isNull();
        assertThat(engine.health()).allMatch(EngineDisk::takesWrites);
        assertThat(bench.read(store, 0).values()).containsExactly("kept", "too", "next");
        bench.restart();
        assertThat(bench.read(bench.open(2), 0).values()).containsExactly("kept", "too", "next");
    }

    /** What was staged with the write that failed is as if it had never been asked for. */
    @Test
    void whatAFullDiskRefusedHasNoEffectOnceItGoesOn() {
        ShardStore store = bench.open(1);
        for (int append = 0; append < 5; append++) {
            bench.append(store, bench.batch("v" + append), Durability.FSYNC);
        }
        ShardStore other = bench.open(shard(7), ConformanceBench.CONFIG, 1);
        nextFailure = noSpace("open a file for appending");
        bench.awaitFailure(
                engine.open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 2, bench.loop()), RmqError.STORAGE_FULL);
        assertThat(appendOnceThereIsSpace(store, "same owner")).isEqualTo(5);
        nextFailure = noSpace("appending to file");
        bench.awaitFailure(store.deletePrefix(3), RmqError.STORAGE_FULL);
        assertThat(appendOnceThereIsSpace(other, "one")).isZero();
        assertThat(store.stats().startOffset()).isZero();
        assertThat(store.stats().endOffset()).isEqualTo(6);
        nextFailure = noSpace("appending to file");
        bench.awaitFailure(engine.open(shard(8), ConformanceBench.CONFIG, 1, bench.loop()), RmqError.STORAGE_FULL);
        assertThat(appendOnceThereIsSpace(other, "two")).isEqualTo(1);
        assertThat(bench.await(engine.stored())).doesNotContain(shard(8));
        ShardStore next = bench.open(2);
        bench.appendRefused(store, bench.batch("fenced"), RmqError.FENCED);
        assertThat(bench.await(next.deletePrefix(3))).isEqualTo(3);
        assertThat(bench.read(next, 3).values()).containsExactly("v3", "v4", "same owner");
        bench.append(bench.open(shard(8), ConformanceBench.CONFIG, 1), bench.batch("new"), Durability.FSYNC);
    }

    /** Nobody knows what a device has kept whose force failed, whatever the reason. */
    @Test
    void aForceWithoutSpaceIsNotTriedAgain() {
        ShardStore store = bench.open(1);
        nextFailure = noSpace("fdatasync file");
        bench.appendRefused(store, bench.batch("lost"), RmqError.STORAGE_FULL);
        bench.appendRefused(store, bench.batch("later"), RmqError.STORAGE_FULL);
        assertDisk(EngineDisk.State.READ_ONLY, "No space left");
        assertThat(engine.health().get(0).advice()).contains("start the node again");
    }

    @Test
    void aForceThatFailsAfterAFullDiskIsNotTriedAgain() {
        ShardConfig config = new ShardConfig(
                -1, -1, -1, 1 << 20, false, Durability.OS_BUFFER, 50, ShardConfig.DEFAULT_SEGMENT_BYTES, -1);
        ShardStore store = bench.open(shard(1), config, 1);
        nextFailure = noSpace("appending to file");
        bench.appendRefused(store, bench.batch("lost"), RmqError.STORAGE_FULL);
        assertThat(appendOnceThereIsSpace(store, "kept")).isZero();
        onlyForcesFail = true;
        nextFailure = noSpace("appending to file");
        bench.append(store, bench.batch("too"), Durability.OS_BUFFER);
        bench.awaitUntil("the force in the background fails", () -> engine.failure() != null);
        bench.appendRefused(store, bench.batch("later"), RmqError.STORAGE_FULL);
        assertDisk(EngineDisk.State.READ_ONLY, "No space left");
        assertThat(bench.read(store, 0).values()).containsExactly("kept", "too");
    }

    @Test
    void appendsAreRefusedBeforeTheDiskIsFull() {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("kept"), Durability.FSYNC);
        minFreeBytes = Long.MAX_VALUE;
        bench.restart();
        ShardStore next = bench.open(2);
        bench.appendRefused(next, bench.batch("refused"), RmqError.STORAGE_FULL);
        assertThat(engine.refusedAppends()).isEqualTo(1);
        assertDisk(EngineDisk.State.FULL, "low-water mark");
        assertThat(engine.failure()).as("it goes on when there is space again").isNull();
        assertThat(bench.read(next, 0).values()).containsExactly("kept");
        assertThat(bench.await(next.deletePrefix(1))).as("space can be made").isEqualTo(1);
    }

    @Test
    void moreThanTheWriterCanTakeIsRefused() {
        ShardConfig config = new ShardConfig(-1, -1, -1, 80 << 20, false);
        ShardStore store = bench.open(config, 1);
        RecordBatch huge = bench.batchOfBytes(65 << 20);
        bench.appendRefused(store, huge, RmqError.OVERLOADED);
        assertThat(engine.queuedBytes()).isZero();
        bench.append(store, bench.batch("small"), Durability.FSYNC);
    }

    // --- damage

    @Test
    void aDamagedBatchIsNeverHandedOut() {
        ShardStore store = bench.open(1);
        RecordBatch batch = bench.batch("value");
        int lastByte = batch.buffer().writerIndex() - 1;
        batch.buffer().setByte(lastByte, batch.buffer().getByte(lastByte) ^ 1);
        bench.append(store, batch, Durability.FSYNC);
        bench.readRefused(store, 0, RmqError.CORRUPT_DATA, "damaged");
        assertThat(engine.corruptReads()).isEqualTo(1);
    }

    private Path log() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Path::compareTo)
                    .orElseThrow();
        }
    }

    private static void flip(Path file, long position) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ 0x40)).flip();
            channel.write(one, position);
        }
    }

    @Test
    void damageBelowWhatWasForcedIsNoTornTail() throws IOException {
        ShardStore store = bench.open(1);
        for (int append = 0; append < 20; append++) {
            bench.append(store, bench.batch("value " + append), Durability.FSYNC);
        }
        engine.close();
        flip(log(), Files.size(log()) / 2);
        bench.restart();
        bench.awaitFailure(engine.open(shard(3), ConformanceBench.CONFIG, 2, bench.loop()), RmqError.CORRUPT_DATA);
    }

    @Test
    void damageIsFoundByWhatLiesBehindItToo() throws IOException {
        ShardStore store = bench.open(1);
        for (int append = 0; append < 20; append++) {
            bench.append(store, bench.batchOfBytes(10_000), Durability.FSYNC);
        }
        engine.close();
        flip(log(), 50_000);
        Files.delete(directory.resolve(ForcedMark.FILE));
        bench.restart();
        bench.awaitFailure(engine.open(shard(3), ConformanceBench.CONFIG, 2, bench.loop()), RmqError.CORRUPT_DATA);
    }

    @Test
    void aLogThatEndsTooEarlyIsNoTornTail() throws IOException {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("kept"), Durability.FSYNC);
        long end = Files.size(log());
        bench.append(store, bench.batch("lost"), Durability.FSYNC);
        engine.close();
        try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
            channel.truncate(end);
        }
        bench.restart();
        bench.awaitFailure(engine.open(shard(3), ConformanceBench.CONFIG, 2, bench.loop()), RmqError.CORRUPT_DATA);
    }

    @Test
    void damageToTheLastForcedGroupIsFoundToo() throws IOException {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("value"), Durability.FSYNC);
        long end = Files.size(log());
        bench.append(store, bench.batch("last"), Durability.FSYNC);
        engine.close();
        flip(log(), end + 20);
        bench.restart();
        bench.awaitFailure(engine.open(shard(3), ConformanceBench.CONFIG, 2, bench.loop()), RmqError.CORRUPT_DATA);
    }

    @Test
    void aTornTailEndsTheLog() throws IOException {
        ShardStore store = bench.open(1);
        bench.append(store, bench.batch("forced"), Durability.FSYNC);
        bench.append(store, bench.batch("told"), Durability.OS_BUFFER);
        long forced = Files.size(log());
        bench.append(store, bench.batch("torn"), Durability.OS_BUFFER);
        long torn = Files.size(log());
        engine.close();
        try (FileChannel channel = FileChannel.open(log(), StandardOpenOption.WRITE)) {
            channel.truncate(torn);
        }
        flip(log(), forced + 30);
        bench.restart();
        ShardStore after = bench.open(2);
        assertThat(bench.read(after, 0).values()).containsExactly("forced", "told");
        assertThat(bench.append(after, bench.batch("next"), Durability.FSYNC)).isEqualTo(2);
    }

    @Test
    void aNewerFormatIsRefused() throws RocksDBException {
        bench.open(1);
        engine.close();
        try (Database database =
                Database.open(directory, new SystemDisk(directory), RocksDbEngineConfig.defaults(), DeviceProbe.NONE)) {
            database.rocks().put(Keys.VERSION, Keys.number(Database.FORMAT + 1));
        }
        bench.restart();
        assertThat(bench.awaitFailure(
                        engine.open(shard(3), ConformanceBench.CONFIG, 2, bench.loop()), RmqError.NOT_SUPPORTED))
                .hasMessageContaining("newer version")
                .hasMessageContaining(directory.toString());
    }

    // --- space

    @Test
    void aLongPrefixGoesInSteps() {
        ShardStore large = bench.open(1);
        int[] acknowledged = new int[1];
        for (int append = 0; append < 50_000; append++) {
            large.append(RecordBatches.ofValues(1, "v"), Durability.OS_BUFFER, (base, failure) -> acknowledged[0]++);
        }
        bench.awaitUntil("all are acknowledged", () -> acknowledged[0] == 50_000);
        long groups = engine.groups();
        assertThat(bench.await(large.deletePrefix(49_990))).isEqualTo(49_990);
        assertThat(engine.groups()).isGreaterThanOrEqualTo(groups + 3);
        assertThat(bench.readAll(large, 49_990, 1000)).hasSize(10);
        RecordBatch one = RecordBatches.ofValues(1, "v");
        assertThat(large.stats().bytes()).isEqualTo(10L * one.sizeBytes());
        one.release();
    }

    private long bytesOnDisk() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".sst"))
                    .mapToLong(RocksDbEngineTest::size)
                    .sum();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException gone) {
            return 0;
        }
    }

    @Test
    void spaceIsReturnedToTheDisk() {
        ShardConfig config = new ShardConfig(-1, -1, -1, 2 << 20, false);
        ShardStore large = bench.open(shard(1), config, 1);
        ShardStore small = bench.open(shard(2), config, 1);
        Random random = new Random(7);
        bench.append(small, bench.batch("stays"), Durability.FSYNC);
        for (int append = 0; append < 64; append++) {
            byte[] noise = new byte[1 << 20];
            random.nextBytes(noise);
            RecordBatches.Entry entry = new RecordBatches.Entry(1, null, noise, List.of());
            bench.append(large, RecordBatches.of(entry), Durability.OS_BUFFER);
        }
        bench.awaitUntil("tables are written", () -> bytesOnDisk() > 30L << 20);
        assertThat(bench.await(large.deletePrefix(64))).isEqualTo(64);
        bench.awaitUntil("the tables shrink", () -> bytesOnDisk() < 8L << 20);
        assertThat(engine.clearedBytes()).isGreaterThan(64L << 20);
        assertThat(bench.read(small, 0).values()).containsExactly("stays");
    }
}
