/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.event.SlowLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Finds and names tasks that hold a loop too long, by samples, at no cost for a task: a thread of its own sends each loop a
 * probe now and then; while one waits longer than the threshold, the stack of the loop's thread says who is at work.
 * Handlers of I/O events are found as well as tasks. A loop that waits for a processor is reported too; its stack then
 * shows Netty waiting for events. Thread-safe.
 */
public final class LoopWatchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoopWatchdog.class);
    private static final Duration DEFAULT_THRESHOLD = Duration.ofMillis(10);
    private static final Duration DEFAULT_PERIOD = Duration.ofMillis(50);
    private static final long LOG_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock = SystemClock.INSTANCE;
    private final Probe[] probes;
    private final long thresholdNanos;
    private final long periodNanos;
    private final StallListener listener;
    private final LongAdder stalls = new LongAdder();
    private final LongAccumulator longestNanos = new LongAccumulator(Math::max, 0);
    private final Thread thread;
    private volatile boolean closed;

    /** Called on the loop that was held, after it. */
    @FunctionalInterface
    public interface StallListener {
        void stalled(Loop loop, String culprit, long nanos);
    }

    private LoopWatchdog(LoopGroup loops, Duration threshold, Duration period, StallListener listener) {
        this.thresholdNanos = threshold.toNanos();
        this.periodNanos = Math.max(period.toNanos(), thresholdNanos);
        this.listener = listener;
        this.probes = new Probe[loops.size()];
        for (int i = 0; i < probes.length; i++) {
            probes[i] = new Probe(loops.get(i));
        }
        this.thread = new Thread(this::watch, "loop-watchdog");
        this.thread.setDaemon(true);
    }

    /** Watches for tasks over 10 ms, twenty times a second. */
    public static LoopWatchdog start(LoopGroup loops) {
        return start(loops, DEFAULT_THRESHOLD, DEFAULT_PERIOD, (loop, culprit, nanos) -> {});
    }

    public static LoopWatchdog start(LoopGroup loops, Duration threshold, Duration period, StallListener listener) {
        LoopWatchdog watchdog = new LoopWatchdog(loops, threshold, period, listener);
        watchdog.thread.start();
        return watchdog;
    }

    private void watch() {
        while (!closed) {
            for (Probe probe : probes) {
                probe.send();
            }
            LockSupport.parkNanos(this, thresholdNanos);
            for (Probe probe : probes) {
                probe.inspect();
            }
            LockSupport.parkNanos(this, periodNanos - thresholdNanos);
        }
    }

    /** How often a loop was found held over the threshold. */
    public long stalls() {
        return stalls.sum();
    }

    public long longestStallNanos() {
        return longestNanos.get();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }

    /** Sent and inspected by the watchdog's thread, run by the loop. */
    private final class Probe implements Runnable {
        private final Loop loop;
        /** Written by the watchdog before sending, by the loop when it ran. */
        private volatile boolean underWay;
        /** Written by the watchdog only. */
        private volatile long sentNanos;
        /** Written by the watchdog before sending, ended by the loop. */
        private SlowLoop event = new SlowLoop();
        /** Written by the watchdog only. */
        private volatile @Nullable String culprit;
        /** Written by the loop only. */
        private volatile @Nullable Thread loopThread;
        /** Touched by the loop only. */
        private long nextLogNanos;

        private boolean gone;

        Probe(Loop loop) {
            this.loop = loop;
            this.nextLogNanos = clock.nanos();
        }

        void send() {
            if (underWay || gone) {
                return;
            }
            culprit = null;
            event = new SlowLoop();
            event.begin();
            sentNanos = clock.nanos();
            underWay = true;
            try {
                loop.execute(this);
            } catch (RmqException e) {
                gone = true; // shut down
            }
        }

        void inspect() {
            Thread held = loopThread;
            if (underWay && culprit == null && held != null && clock.nanos() - sentNanos >= thresholdNanos) {
                culprit = name(held.getStackTrace());
            }
        }

        @Override
        public void run() {
            long now = clock.nanos();
            long heldNanos = now - sentNanos;
            String name = culprit;
            loopThread = Thread.currentThread();
            if (name != null) {
                event.commit(loop.name(), name);
            }
            underWay = false;
            // Without a name the probe came through between two looks, or this loop was never seen before.
            if (name != null) {
                report(name, heldNanos, now);
            }
        }

        private void report(String name, long heldNanos, long now) {
            stalls.increment();
            longestNanos.accumulate(heldNanos);
            if (now - nextLogNanos >= 0) {
                nextLogNanos = now + LOG_INTERVAL_NANOS;
                // Ten times the threshold is a fault to look into; less is a cold start or a busy machine.
                Level level = heldNanos >= 10 * thresholdNanos ? Level.WARN : Level.DEBUG;
                LOG.atLevel(level)
                        .log("loop {} was held for {} ms or more by {}", loop.name(), heldNanos / 1_000_000, name);
            }
            listener.stalled(loop, name, heldNanos);
        }
    }

    /** The innermost frame of ours, else the innermost of all. */
    static String name(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (!type.startsWith("java.") && !type.startsWith("jdk.") && !type.startsWith("sun.") && !isNetty(type)) {
                return describe(frame);
            }
        }
        return stack.length == 0 ? "a thread that has ended" : describe(stack[0]);
    }

    private static String describe(StackTraceElement frame) {
        return frame.getClassName() + "." + frame.getMethodName() + ":" + frame.getLineNumber();
    }

    private static boolean isNetty(String type) {
        return type.startsWith("io.netty.") || type.startsWith("reactor.");
    }
}
