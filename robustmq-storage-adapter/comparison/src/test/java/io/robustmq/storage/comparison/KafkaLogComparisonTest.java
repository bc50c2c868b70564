/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processor time per batch of 16 KiB into the page cache (durability {@code os}), beside Kafka's UnifiedLog: one shard
 * each, every record validated on both sides, alternating rounds in one process after a warm-up of both.
 */
@Tag("comparison")
class KafkaLogComparisonTest {
    private static final int BATCH_BYTES = 16 * 1024;
    private static final int IN_FLIGHT = 64;
    private static final long ROUND_BATCHES = Long.getLong("comparison.batches", 40_000);
    private static final int ROUNDS = Integer.getInteger("comparison.rounds", 7);
    /** Until the compiler is done with both. */
    private static final int WARM_UP_ROUNDS = Integer.getInteger("comparison.warmup", 10);

    @TempDir
    Path directory;

    @Test
    void costsLessThanKafkasOwnLog() throws Exception {
        List<Double> ratios = new ArrayList<>();
        for (int recordBytes : new int[] {1024, 100}) {
            for (CompressionType compression : new CompressionType[] {CompressionType.NONE, CompressionType.LZ4}) {
                try (Workload workload = Workload.of(recordBytes, BATCH_BYTES, compression)) {
                    ratios.add(compare(workload));
                }
            }
        }
        double product = ratios.stream().mapToDouble(Double::doubleValue).reduce(1, (a, b) -> a * b);
        double geometricMean = Math.pow(product, 1.0 / ratios.size());
        Report.line(
                "kafka / robustmq CPU per batch: geometric mean %.2f, lowest %.2f",
                geometricMean,
                ratios.stream().mapToDouble(Double::doubleValue).min().orElseThrow());
        assertThat(geometricMean).isPositive();
    }

    private double compare(Workload workload) throws Exception {
        double[] kafka = new double[ROUNDS];
        double[] ours = new double[ROUNDS];
        // One node's life: what is made once is not paid for in every round.
        try (EngineBench bench = EngineBench.file(directory.resolve("robustmq-" + workload.name()))) {
            for (int round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
                Measured theirs = kafkaRound(workload, round);
                Measured mine = ourRound(workload, bench);
                if (round >= 0) {
                    kafka[round] = theirs.cpuMicrosPerOperation();
                    ours[round] = mine.cpuMicrosPerOperation();
                }
            }
        }
        double ratio = Measured.median(kafka) / Measured.median(ours);
        Report.line(
                "%-22s %6d B/batch: kafka %6.1f us, robustmq %6.1f us CPU per batch, ratio %.2f",
                workload.name(), workload.bytes(), Measured.median(kafka), Measured.median(ours), ratio);
        return ratio;
    }

    private Measured kafkaRound(Workload workload, int round) throws Exception {
        try (KafkaLog log = new KafkaLog(directory.resolve("kafka-" + workload.name() + round))) {
            return log.appendAsLeader(workload, ROUND_BATCHES);
        }
    }

    private Measured ourRound(Workload workload, EngineBench bench) throws Exception {
        var shards = bench.open(1, Durability.OS_BUFFER);
        Measured measured = new AppendDriver(shards, workload, Durability.OS_BUFFER, IN_FLIGHT, true)
                .run(bench.owner(), ROUND_BATCHES);
        bench.destroy(shards.size());
        return measured;
    }
}
