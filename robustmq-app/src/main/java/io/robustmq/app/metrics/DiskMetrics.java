/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.log.LogDisk;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What the disks of durable topics do, by disk; nothing on a node without them. Thread-safe: immutable. */
final class DiskMetrics implements MeterBinder {
    private final Supplier<@Nullable FileEngine> engine;

    DiskMetrics(Supplier<@Nullable FileEngine> engine) {
        this.engine = engine;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FileEngine present = engine.get();
        if (present != null) {
            present.disks().forEach(disk -> {
                bind(registry, disk);
                ScrubMetrics.bind(registry, present, disk);
            });
        }
    }

    private static void bind(MeterRegistry registry, LogDisk disk) {
        gauge(registry, disk, "streams", "Shards on the disk", LogDisk::streamCount);
        gauge(
                registry,
                disk,
                "wal.size",
                "Bytes of the write-ahead log",
                d -> d.metrics().walBytes());
        gauge(
                registry,
                disk,
                "waiting.size",
                "Bytes that wait for the writer",
                d -> d.metrics().waitingBytes());
        gauge(
                registry,
                disk,
                "waiting.calls",
                "Calls that wait for the writer",
                d -> d.metrics().waitingCalls());
        gauge(
                registry,
                disk,
                "files.open",
                "Segment files that are open",
                d -> d.segmentDisk().handles().openFiles());
        counter(registry, disk, "batches", "Batches appended", d -> d.metrics().batches());
        counter(
                registry,
                disk,
                "bytes",
                "Bytes of batches appended",
                d -> d.metrics().bytes());
        counter(
                registry,
                disk,
                "groups",
                "Turns of the writer",
                d -> d.metrics().groups());
        counter(
                registry,
                disk,
                "syncs",
                "Times that something was made durable for those who waited",
                DiskMetrics::syncs);
        bindCounts(registry, disk);
    }

    private static void bindCounts(MeterRegistry registry, LogDisk disk) {
        counter(registry, disk, "checkpoints", "Checkpoints taken", LogDisk::checkpoints);
        counter(
                registry,
                disk,
                "read.errors",
                "Reads that failed",
                there -> there.counts().readErrors());
        counter(
                registry,
                disk,
                "retired",
                "Records that retention dropped",
                there -> there.counts().retiredRecords());
        counter(
                registry,
                disk,
                "pins.overrun",
                "Pins that lost records",
                there -> there.counts().overrunPins());
    }

    private static double syncs(LogDisk disk) {
        return disk.metrics().syncedWrites()
                + disk.metrics().walForces()
                + disk.metrics().segmentForces();
    }

    private static void gauge(
            MeterRegistry registry, LogDisk disk, String name, String text, ToDoubleFunction<LogDisk> value) {
        Gauge.builder("robustmq.disk." + name, disk, value)
                .description(text)
                .tag("disk", disk.name())
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry, LogDisk disk, String name, String text, ToDoubleFunction<LogDisk> value) {
        FunctionCounter.builder("robustmq.disk." + name, disk, value)
                .description(text)
                .tag("disk", disk.name())
                .register(registry);
    }
}
