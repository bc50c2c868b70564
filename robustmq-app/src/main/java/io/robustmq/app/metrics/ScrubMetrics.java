/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.ScrubStatus;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What the scrub of each disk has read and found. Stateless. */
final class ScrubMetrics {
    private static final String PREFIX = "robustmq.storage.scrub.";

    private ScrubMetrics() {}

    static void bind(MeterRegistry registry, FileEngine engine, LogDisk disk) {
        counter(registry, engine, disk, "bytes", "Bytes read by the scrub", ScrubStatus::bytes);
        counter(
                registry,
                engine,
                disk,
                "rounds",
                "Rounds of the scrub through all sealed segments",
                ScrubStatus::rounds);
        counter(
                registry,
                engine,
                disk,
                "damages",
                "Damaged ranges that the scrub found, in each round again",
                ScrubStatus::damages);
        Gauge.builder(
                        PREFIX + "damaged.shards",
                        engine,
                        e -> e.scrubStatus(disk).damaged().size())
                .description("Shards on the disk with damage that the scrub found and that is still there")
                .tag("disk", disk.name())
                .register(registry);
        TimeGauge.builder(
                        PREFIX + "last.round",
                        engine,
                        TimeUnit.MILLISECONDS,
                        e -> e.scrubStatus(disk).lastRoundMillis())
                .description("When the last whole round ended, since the epoch; 0 for never")
                .tag("disk", disk.name())
                .register(registry);
    }

    private static void counter(
            MeterRegistry registry,
            FileEngine engine,
            LogDisk disk,
            String name,
            String text,
            ToDoubleFunction<ScrubStatus> value) {
        FunctionCounter.builder(PREFIX + name, engine, e -> value.applyAsDouble(e.scrubStatus(disk)))
                .description(text)
                .tag("disk", disk.name())
                .register(registry);
    }
}
