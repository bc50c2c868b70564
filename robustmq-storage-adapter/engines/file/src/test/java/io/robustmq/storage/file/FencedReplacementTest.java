/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.RmqError;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compaction takes its time, and the shard may have another owner at its end. */
class FencedReplacementTest {
    @TempDir
    Path directory;

    @Test
    void aReplacementUnderWayEndsWithItsOwner() {
        try (ConformanceBench bench = new ConformanceBench(new SystemFileFixture(directory))) {
            ShardStore old = bench.open(1);
            for (String each : List.of("a", "b", "c", "d")) {
                bench.append(old, bench.batch(each));
            }
            CompletionStage<Void> replacing = old.replace(new OffsetRange(0, 3), List.of());
            CompletionStage<ShardStore> opening =
                    bench.engine().open(ConformanceBench.SHARD, ConformanceBench.CONFIG, 2, bench.loop());
            bench.awaitFailure(replacing, RmqError.FENCED);
            ShardStore young = bench.await(opening);
            assertThat(bench.readAll(young, 0, 10_000))
                    .extracting(ConformanceBench.Item::value)
                    .containsExactly("a", "b", "c", "d");
            bench.await(young.replace(new OffsetRange(0, 3), List.of()));
            assertThat(bench.readAll(young, 0, 10_000))
                    .extracting(ConformanceBench.Item::value)
                    .containsExactly("d");
        }
    }
}
