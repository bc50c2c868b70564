/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.Durability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.ScrubConfig;
import io.robustmq.storage.log.StreamId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FileStorageTest {
    private static final int MINUTE = 60_000;
    private static final ShardId SHARD = new ShardId(new TopicId(3, 4), 5);
    private static final ShardConfig CONFIG = new ShardConfig(-1, -1, -1, 1 << 14, false);

    private final SimScheduler scheduler = new SimScheduler(7);
    private final SimDisk disk = new SimDisk(scheduler, "disk");
    private final Loop owner = scheduler.loops("owner", 1).get(0);
    private final FileEngine engine = new FileEngine(
            List.of(new LogDisk(
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
                            .withLowWaterBytes(0))),
            new FileEngineConfig(1 << 14, 1 << 14, 10),
            new ScrubConfig(1 << 20, 60 * MINUTE, MINUTE),
            () -> {});

    private Map<String, Object> details() {
        Map<String, Object> details = new HashMap<>();
        FileStorage.of(engine).contribute(details::put);
        return details;
    }

    @Test
    void healthNamesTheShardsThatTheScrubFoundDamaged() {
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
        scheduler.runForMillis(2 * MINUTE);
        assertThat(details()).doesNotContainKey("damagedSegments");

        LogDisk log = engine.disks().get(0);
        String directory = Objects.requireNonNull(log.stream(new StreamId(SHARD, 0)))
                .segments()
                .directory();
        disk.rot(
                directory + "/"
                        + disk.list(directory).stream()
                                .filter(name -> name.endsWith(".seg"))
                                .findFirst()
                                .orElseThrow(),
                5000);
        assertThat(engine.scrubNow(log)).isTrue();
        scheduler.runForMillis(MINUTE);
        assertThat(Objects.requireNonNull(details().get("damagedSegments")).toString())
                .contains(SHARD + " on disk: " + directory)
                .contains("offsets [4, 5)");
        assertThat(engine.health()).allMatch(there -> there.state() == EngineDisk.State.SERVING);
    }
}
