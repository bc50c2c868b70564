/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The phases of a run by the clock and by processor time: warm up, then measure, with a tick each second that is told the
 * phase and what was counted before, and answers what is counted now. Confined to the main thread.
 */
final class RunClock {
    private final CommonOptions options;
    private final @Nullable ServerProcess server;

    RunClock(CommonOptions options) {
        this.options = options;
        this.server = ServerProcess.of(options);
    }

    /**
     * @param nanos of the clock
     * @param serverNanos of processor time; -1 when it is not known which process that is
     * @param ownNanos of processor time of this process
     */
    record Measured<C>(C counts, long nanos, long serverNanos, long ownNanos) {}

    <C> void warmUp(C none, BiFunction<String, C, C> tick) {
        long begin = System.nanoTime();
        long cpuBegin = serverNanos();
        C before = none;
        while (System.nanoTime() - begin < options.warmup.toNanos()
                || serverNanos() - cpuBegin < options.warmupCpu.toNanos()) {
            Duration left = options.warmup.minusNanos(System.nanoTime() - begin);
            pause(left.isNegative() || left.isZero() ? Duration.ofSeconds(1) : left);
            before = tick.apply("warm", before);
        }
    }

    <C> Measured<C> measure(C first, BiFunction<String, C, C> tick, Supplier<C> counts) {
        long begin = System.nanoTime();
        long end = begin + options.duration.toNanos();
        long serverBegin = serverNanos();
        long ownBegin = ownNanos();
        C before = first;
        while (System.nanoTime() < end) {
            pause(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
            before = tick.apply("run", before);
        }
        C last = counts.get();
        long nanos = System.nanoTime() - begin;
        long serverNanos = server == null ? -1 : serverNanos() - serverBegin;
        return new Measured<>(last, nanos, serverNanos, ownNanos() - ownBegin);
    }

    /** Fails when the server has ended. */
    long serverNanos() {
        return server == null ? 0 : server.cpuNanos();
    }

    /** Processor time of this process. */
    static long ownNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean own
                ? own.getProcessCpuTime()
                : 0;
    }

    /** At most a second. */
    static void pause(Duration wanted) {
        try {
            TimeUnit.NANOSECONDS.sleep(Math.min(wanted.toNanos(), TimeUnit.SECONDS.toNanos(1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException(BenchException.FAILED, "interrupted");
        }
    }
}
