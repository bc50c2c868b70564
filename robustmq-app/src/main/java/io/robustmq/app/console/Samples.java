/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The last quarter of an hour of a few numbers, every five seconds: what a counter says is kept as its rate. Its rings are twenty
 * kilobytes, made when the first sample is taken. Thread-safe: guarded by this.
 */
final class Samples {
    static final int PERIOD_SECONDS = 5;
    static final int COUNT = 15 * 60 / PERIOD_SECONDS;

    private static final double NANOS_PER_SECOND = 1e9;

    private final MeterRegistry registry;
    private final LongSupplier nanos;
    private final Runtime runtime = Runtime.getRuntime();
    private final double[][] rings = new double[Series.values().length][];
    private final double[] totals = new double[Series.values().length];
    private long lastNanos;
    private long taken;

    /** What is drawn: the sum of some meters. */
    enum Series {
        MESSAGES_IN(true, "robustmq.mqtt.publishes", "robustmq.kafka.produced.records"),
        MESSAGES_OUT(true, "robustmq.mqtt.deliveries"),
        BYTES_STORED(true, "robustmq.log.appended.size"),
        BYTES_FETCHED(true, "robustmq.kafka.fetched.bytes"),
        CONNECTIONS(false, "robustmq.net.connections"),
        SESSIONS(false, "robustmq.sessions.held"),
        HEAP(false);

        private final boolean isRate;
        private final List<String> meters;

        Series(boolean isRate, String... meters) {
            this.isRate = isRate;
            this.meters = List.of(meters);
        }
    }

    Samples(MeterRegistry registry, LongSupplier nanos) {
        this.registry = registry;
        this.nanos = nanos;
    }

    synchronized void take() {
        long now = nanos.getAsLong();
        double seconds = (now - lastNanos) / NANOS_PER_SECOND;
        for (Series series : Series.values()) {
            int i = series.ordinal();
            if (rings[i] == null) {
                rings[i] = new double[COUNT];
            }
            double total = read(series);
            // A rate needs the sample before.
            double rate = taken == 0 || seconds <= 0 ? 0 : Math.max(0, total - totals[i]) / seconds;
            rings[i][(int) (taken % COUNT)] = series.isRate ? rate : total;
            totals[i] = total;
        }
        lastNanos = now;
        taken++;
    }

    /** Takes a sample now when the last one is too old to speak of now: nobody has to wait for the first one. */
    synchronized void refresh() {
        if (taken == 0) {
            take();
        }
    }

    /** Oldest first. */
    synchronized double[] of(Series series) {
        double[] ring = rings[series.ordinal()];
        if (ring == null) {
            return new double[0];
        }
        int kept = (int) Math.min(taken, COUNT);
        double[] values = new double[kept];
        for (int i = 0; i < kept; i++) {
            values[i] = ring[(int) ((taken - kept + i) % COUNT)];
        }
        return values;
    }

    /** What a gauge says at this moment; 0 when there is none. */
    double gauge(String meter) {
        return registry.find(meter).gauges().stream().mapToDouble(Gauge::value).sum();
    }

    private double read(Series series) {
        if (series == Series.HEAP) {
            return (double) runtime.totalMemory() - runtime.freeMemory();
        }
        return series.meters.stream()
                .mapToDouble(name -> series.isRate
                        ? registry.find(name).functionCounters().stream()
                                .mapToDouble(FunctionCounter::count)
                                .sum()
                        : gauge(name))
                .sum();
    }

    static double max(double[] values) {
        return Arrays.stream(values).max().orElse(0);
    }
}
