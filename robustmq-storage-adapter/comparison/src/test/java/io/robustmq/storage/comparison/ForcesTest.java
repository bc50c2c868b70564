/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.storage.Durability;
import java.nio.file.Path;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a force costs: many shards beside one, and groups beside a bare loop of synced writes in the same minute. */
@Tag("comparison")
class ForcesTest {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int ROUNDS = Integer.getInteger("comparison.rounds", 5);

    @TempDir
    Path directory;

    /** The same 16 MiB in flight, in one shard and in a thousand; every batch forced before it is acknowledged. */
    @Test
    void aThousandShardsBesideOne() throws Exception {
        Workload workload = Workload.of(1024, BATCH_BYTES, CompressionType.NONE);
        long batches = Long.getLong("comparison.batches", 60_000);
        double[] one = new double[ROUNDS];
        double[] thousand = new double[ROUNDS];
        for (int round = -1; round < ROUNDS; round++) {
            double single = megabytes(workload, 1, batches, "one" + round);
            double many = megabytes(workload, 1000, batches, "many" + round);
            if (round >= 0) {
                one[round] = single;
                thousand[round] = many;
            }
        }
        Report.line(
                "fsync, 16 MiB in flight: 1 shard %.0f MB/s, 1000 shards %.0f MB/s, ratio %.2f",
                Measured.median(one), Measured.median(thousand), Measured.median(thousand) / Measured.median(one));
        assertThat(Measured.median(thousand)).isPositive();
    }

    private double megabytes(Workload workload, int shards, long batches, String name) throws Exception {
        try (EngineBench bench = EngineBench.file(directory.resolve(name))) {
            var stores = bench.open(shards, Durability.FSYNC);
            bench.warmUp(stores);
            Measured measured =
                    new AppendDriver(stores, workload, Durability.FSYNC, 1024, false).run(bench.owner(), batches);
            bench.destroy(shards);
            return measured.megabytesPerSecond();
        }
    }

    /** Batches of 3 KiB, so that one is one block of 4 KiB in the log; the bare loop writes as much at a time. */
    @Test
    void groupsBesideABareLoop() throws Exception {
        Workload workload = Workload.of(1024, 3000, CompressionType.NONE);
        int operations = Integer.getInteger("comparison.forces", 30_000);
        try (EngineBench bench = EngineBench.file(directory.resolve("forces"))) {
            var stores = bench.open(1, Durability.FSYNC);
            bench.warmUp(stores);
            for (int inFlight : new int[] {1, 2, 4, 16, 64, 256}) {
                double[] ratios = new double[ROUNDS];
                double[] ours = new double[ROUNDS];
                double[] batches = new double[ROUNDS];
                int groupBytes = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    long syncs = bench.syncs();
                    long bytes = bench.logBytes();
                    Measured measured = new AppendDriver(stores, workload, Durability.FSYNC, inFlight, false)
                            .run(bench.owner(), operations);
                    long groups = bench.syncs() - syncs;
                    groupBytes = (int) AlignedMemory.align((bench.logBytes() - bytes) / groups);
                    ours[round] = groups / measured.wallSeconds();
                    batches[round] = measured.operationsPerSecond();
                    Measured bare = bareLoop("bare" + inFlight + "-" + round, groupBytes, (int) Math.min(5000, groups));
                    ratios[round] = ours[round] / bare.operationsPerSecond();
                }
                Report.line(
                        "%3d in flight, %6d B a group: %.0f groups/s, %.2f of a bare loop of such writes, %.0f batches/s",
                        inFlight, groupBytes, Measured.median(ours), Measured.median(ratios), Measured.median(batches));
                assertThat(Measured.median(ratios)).isPositive();
            }
            bench.destroy(1);
        }
    }

    private Measured bareLoop(String name, int bytes, int operations) throws Exception {
        SystemDisk disk = new SystemDisk(directory.resolve(name));
        long size = 64L << 20;
        ByteBuf aligned = AlignedMemory.allocate(bytes).writeZero(bytes);
        try (var file = disk.create("file", size)) {
            file.writeThrough(0, aligned);
            return Measured.of(operations, (long) operations * bytes, () -> {
                for (int i = 0; i < operations; i++) {
                    file.writeThrough(i % (size / bytes) * bytes, aligned);
                }
            });
        } finally {
            aligned.release();
            disk.delete("file");
        }
    }
}
