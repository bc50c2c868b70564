/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.ScrubConfig;
import io.robustmq.storage.log.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScrubMetricsTest {
    private static final int MINUTE = 60_000;
    private static final ShardId SHARD = new ShardId(new TopicId(3, 4), 5);
    private static final ShardConfig CONFIG = new ShardConfig(-1, -1, -1, 1 << 14, false);

    private final SimScheduler scheduler = new SimScheduler(7);
    private final SimDisk disk = new SimDisk(scheduler, "disk");
    private final Loop owner = scheduler.loops("owner", 1).get(0);
    private final LogDisk log = new LogDisk(
            "disk",
            disk,
            scheduler.loops("read", 1),
            scheduler.loops("write", 1).get(0),
            scheduler.loops("background", 1).get(0),
            owner.clock(),
            scheduler.random("format"),
            LogConfig.defaults()
                    .withWalFileBytes(1 << 20)
                    .withCheckpointBytes(1 << 20)
                    .withLowWaterBytes(0));
    private final FileEngine engine = new FileEngine(
            List.of(log),
            new FileEngineConfig(1 << 14, 1 << 14, 10),
            new ScrubConfig(1 << 20, 60 * MINUTE, MINUTE),
            () -> {});
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    private double value(String name) {
        return registry.get("robustmq.storage.scrub." + name)
                .tag("disk", "disk")
                .meter()
                .measure()
                .iterator()
                .next()
                .getValue();
    }

    @Test
    void damageOfARunningDiskIsCountedAndShown() {
        new DiskMetrics(() -> engine).bindTo(registry);
        CompletableFuture<ShardStore> opened =
                engine.open(SHARD, CONFIG, 1, owner).toCompletableFuture();
        assertThat(scheduler.runUntil(opened::isDone, MINUTE)).isTrue();
        List<RmqException> outcomes = new ArrayList<>();
        for (int at = 0; at < 40; at++) {
            owner.execute(() -> opened.join()
                    .append(
                            RecordBatches.ofValues(1000, "x".repeat(1000)),
                            Durability.FSYNC,
                            (base, failure) -> outcomes.add(failure)));
        }
        assertThat(scheduler.runUntil(() -> outcomes.size() == 40, MINUTE)).isTrue();
        assertThat(outcomes).containsOnlyNulls();
        assertThat(value("bytes")).isZero();
        assertThat(value("last.round")).isZero();
        String directory = Objects.requireNonNull(log.stream(new StreamId(SHARD, 0)))
                .segments()
                .directory();
        String first = disk.list(directory).stream()
                .filter(name -> name.endsWith(".seg"))
                .findFirst()
                .orElseThrow();
        disk.rot(directory + "/" + first, 5000);
        scheduler.runForMillis(2 * MINUTE);
        assertThat(value("bytes")).isPositive();
        assertThat(value("rounds")).isEqualTo(1);
        assertThat(value("damages")).isEqualTo(1);
        assertThat(value("damaged.shards")).isEqualTo(1);
        assertThat(value("last.round")).isPositive();
    }
}
