/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.tool.LogDump;
import io.robustmq.storage.log.tool.LogRepair;
import io.robustmq.storage.log.tool.LogVerify;
import io.robustmq.storage.log.tool.StoppedDisk;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tools on the disk of an engine that has been stopped, or killed. */
class LogToolsTest {
    private static final ShardId SHARD = new ShardId(new TopicId(7, 8), 2);
    private static final ShardConfig CONFIG =
            new ShardConfig(-1, -1, -1, 1 << 20, false, Durability.FSYNC, -1, 8192, -1);

    private final SimScheduler scheduler = new SimScheduler(5);
    private final SimDisk disk = new SimDisk(scheduler, "d");
    private final InlineLoop loop = new InlineLoop();
    private FileEngine engine;
    private ShardStore store;

    @BeforeEach
    void fill() {
        start();
        for (int at = 0; at < 40; at++) {
            append("value-" + at + "x".repeat(900));
        }
        loop.execute(() -> store.putState("producers", 3, Unpooled.copyInt(77)));
    }

    @AfterEach
    void stop() {
        if (engine != null) {
            engine.close();
        }
    }

    private void start() {
        LogDisk log = new LogDisk(
                "sim",
                disk,
                loop,
                loop,
                loop,
                SystemClock.INSTANCE,
                scheduler.random("format"),
                TestLimits.LOG.withWalFileBytes(1 << 17).withCheckpointBytes(1 << 20));
        engine = new FileEngine(List.of(log), TestLimits.ENGINE, () -> {});
        store = engine.open(SHARD, CONFIG, epoch++, loop).toCompletableFuture().join();
    }

    private int epoch = 1;

    private void append(String value) {
        RecordBatch built = RecordBatches.ofValues(1000, value);
        List<RmqException> failures = new ArrayList<>();
        loop.execute(() -> store.append(built, Durability.FSYNC, (base, failure) -> failures.add(failure)));
        assertThat(failures).hasSize(1).containsOnlyNulls();
    }

    private void close() {
        engine.close();
        engine = null;
    }

    private void kill() {
        disk.crash();
        engine.disks().forEach(LogDisk::abandon);
        engine = null;
    }

    private List<String> dump(boolean records) {
        List<String> lines = new ArrayList<>();
        try (StoppedDisk stopped = new StoppedDisk(disk, null)) {
            new LogDump(stopped, lines::add).segments(records);
        }
        return lines;
    }

    private List<Damage> verify() {
        try (StoppedDisk stopped = new StoppedDisk(disk, null)) {
            return new LogVerify(stopped).run().damages();
        }
    }

    private List<String> repair(boolean acceptLoss, int expectedLeft) {
        List<String> said = new ArrayList<>();
        try (StoppedDisk stopped = new StoppedDisk(disk, null)) {
            assertThat(new LogRepair(stopped, acceptLoss, said::add).run()).isEqualTo(expectedLeft);
        }
        return said;
    }

    private List<String> files(String suffix) {
        String directory = "streams/" + SHARD + "/0-1";
        return disk.list(directory).stream()
                .filter(name -> name.endsWith(suffix))
                .map(name -> directory + "/" + name)
                .toList();
    }

    private void damage(String path, long position) {
        disk.rot(path, position);
    }

    private List<Long> offsets() {
        List<Long> offsets = new ArrayList<>();
        long[] next = {store.stats().startOffset()};
        boolean[] more = {true};
        while (more[0]) {
            store.read(next[0], ReadLimits.ofBytes(1 << 20), loop, (owned, highWatermark, failure) -> {
                assertThat(failure).isNull();
                more[0] = owned.isReadable();
                RecordBatchReader reader = new RecordBatchReader().reset(owned);
                while (reader.nextBatch()) {
                    offsets.add(reader.baseOffset());
                    next[0] = reader.lastOffset() + 1;
                }
                owned.release();
            });
        }
        return offsets;
    }

    @Test
    void aRunningNodeIsLeftAlone() {
        assertThatThrownBy(() -> new StoppedDisk(disk, null))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.UNAVAILABLE))
                .hasMessageContaining("stop it first");
        assertThatThrownBy(() -> new StoppedDisk(new SimDisk(scheduler, "other"), null))
                .hasMessageContaining("no log is kept there");
    }

    @Test
    void aDumpShowsBatchesRecordsAndTheLog() {
        close();
        assertThat(dump(false)).hasSize(40).allMatch(line -> line.contains("\"crc\":\"right\""));
        assertThat(dump(true)).hasSize(40);
        assertThat(dump(true).get(3))
                .contains("\"offset\":3", "\"timestamp\":1000", "\"key\":null", "\"value\":\"value-3x");
        List<String> lines = new ArrayList<>();
        try (StoppedDisk stopped = new StoppedDisk(disk, SHARD.toString())) {
            new LogDump(stopped, lines::add).log();
        }
        assertThat(lines.get(lines.size() - 1)).contains("\"verdict\":\"CLEAN\"");
        try (StoppedDisk stopped = new StoppedDisk(disk, "no such shard")) {
            lines.clear();
            new LogDump(stopped, lines::add).segments(false);
        }
        assertThat(lines).isEmpty();
    }

    @Test
    void afterACrashTheLogHoldsWhatTheCheckpointDoesNot() {
        kill();
        List<String> lines = new ArrayList<>();
        try (StoppedDisk stopped = new StoppedDisk(disk, null)) {
            new LogDump(stopped, lines::add).log();
        }
        assertThat(lines.stream().filter(line -> line.contains("\"type\":\"BATCH\"")))
                .hasSize(40);
        assertThat(verify()).isEmpty();
    }

    @Test
    void soundFilesPassAndStayAsTheyAre() {
        close();
        assertThat(verify()).isEmpty();
        assertThat(repair(true, 0)).isEmpty();
        start();
        assertThat(offsets()).hasSize(40);
    }

    @Test
    void indexesAndDerivedStateAreMendedWithoutLoss() {
        close();
        damage(files(".idx").get(0), 30);
        damage("streams/" + SHARD + "/0-1/state-producers", 25);
        assertThat(verify()).hasSize(2);
        assertThat(repair(false, 0)).hasSize(2);
        assertThat(verify()).isEmpty();
        start();
        assertThat(offsets()).hasSize(40);
    }

    @Test
    void aDamagedSegmentIsGivenUpOnlyWhenToldSo() {
        close();
        String path = files(".seg").get(1);
        damage(path, 2500);
        List<Damage> found = verify();
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path()).isEqualTo(path);
        long lost = found.get(0).fromOffset();
        assertThat(found.get(0).toOffset()).isEqualTo(lost + 1);
        assertThat(repair(false, 1)).singleElement().asString().contains("damage is left");
        assertThat(verify()).hasSize(1);
        assertThat(repair(true, 0).get(0))
                .contains("lost: shard " + SHARD + " offsets [" + lost + ", " + (lost + 1) + ")");
        assertThat(verify()).isEmpty();
        assertThat(disk.list("quarantine")).hasSize(1);
        start();
        assertThat(offsets()).hasSize(39).doesNotContain(lost);
        append("goes on");
        assertThat(offsets()).hasSize(40).endsWith(40L);
    }

    @Test
    void aMissingSegmentIsNamedAndGivenUp() {
        close();
        disk.delete(files(".seg").get(1));
        assertThat(verify())
                .singleElement()
                .satisfies(damage -> assertThat(damage.reason()).contains("missing"));
        assertThat(repair(true, 0).get(0)).contains("lost: shard " + SHARD);
        assertThat(verify()).isEmpty();
        start();
        assertThat(offsets()).hasSizeLessThan(40).endsWith(39L);
    }

    @Test
    void aDamagedCheckpointIsNamed() {
        close();
        String newest = disk.list("").stream()
                .filter(name -> name.startsWith("checkpoint-"))
                .reduce((a, b) -> b)
                .orElseThrow();
        damage(newest, 40);
        assertThat(verify()).extracting(Damage::path).contains(newest);
    }

    @Test
    void damageInTheLogBelowWhatWasForcedIsNamedAndEndedOnlyWhenToldSo() {
        kill();
        String wal = disk.list("wal").stream()
                .filter(name -> !name.startsWith("spare"))
                .findFirst()
                .orElseThrow();
        // The header of the sixth group; a group is a page.
        damage("wal/" + wal, 5 * 4096 + 20);
        assertThat(verify()).extracting(Damage::path).containsExactly("wal/" + wal);
        assertThat(repair(false, 1)).singleElement().asString().contains("--accept-loss");
        assertThat(repair(true, 0)).anyMatch(line -> line.startsWith("lost: shard " + SHARD));
        assertThat(verify()).isEmpty();
        start();
        assertThat(offsets()).hasSizeLessThan(40);
        append("goes on");
        assertThat(offsets()).isNotEmpty();
    }

    @Test
    void whatANewerBuildWroteIsRefused() {
        close();
        try (DiskFile format = disk.open("format")) {
            ByteBuf text = Unpooled.copiedBuffer("{\"version\": 9,", java.nio.charset.StandardCharsets.UTF_8);
            format.write(0, text);
        }
        assertThatThrownBy(this::verify)
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.NOT_SUPPORTED))
                .hasMessageContaining("version 9");
    }
}
