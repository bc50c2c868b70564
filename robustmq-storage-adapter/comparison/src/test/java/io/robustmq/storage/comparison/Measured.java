/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * What a round cost: the process's processor time, all threads counted, and the wall clock.
 *
 * @param operations batches, or whatever the round counted
 */
record Measured(long operations, long bytes, double wallSeconds, double cpuSeconds) {

    /** A round. */
    interface Round {
        void run() throws Exception;
    }

    static Measured of(long operations, long bytes, Round round) throws Exception {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        long cpu = system.getProcessCpuTime();
        long wall = System.nanoTime();
        round.run();
        return new Measured(
                operations, bytes, (System.nanoTime() - wall) / 1e9, (system.getProcessCpuTime() - cpu) / 1e9);
    }

    double cpuMicrosPerOperation() {
        return cpuSeconds * 1e6 / operations;
    }

    double megabytesPerSecond() {
        return bytes / 1e6 / wallSeconds;
    }

    double operationsPerSecond() {
        return operations / wallSeconds;
    }

    static double median(double... values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
