/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs the tasks of many simulated loops on one thread, in an order that only the seed decides, in virtual time that passes
 * when nothing is due. The same seed gives the same run; {@link #traceHash} proves it. Confined to the thread that calls
 * it, the thread of the simulation.
 *
 * <p>A task takes no time unless it says so with {@link #consume}, as the simulated disk does: then its loop is busy until
 * that time has passed, and what it hands to other loops arrives there no earlier.
 */
public final class SimScheduler {
    /** A simulation without end is a bug of the test or of the code; this many events are beyond every test of ours. */
    private static final long MAX_EVENTS = 50_000_000;

    private final long seed;
    private final SimRandom choices;
    private final SimRandom root;
    private final SimClock clock;
    private final List<SimLoop> loops = new ArrayList<>();
    private final List<SimLoop> due = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();
    private int loopsMade;
    private long nowNanos;
    private long consumedNanos;
    private long sequence;
    private long events;
    private long traceHash;
    private @Nullable SimLoop running;

    public SimScheduler(long seed) {
        this.seed = seed;
        this.root = new SimRandom(SimRandom.mix(seed));
        this.choices = root.fork("scheduler");
        this.clock = newClock("clock");
        this.traceHash = seed;
    }

    private SimClock newClock(String name) {
        return new SimClock(this, root.fork(name).nextLong());
    }

    public long seed() {
        return seed;
    }

    /** The virtual time, for what belongs to no node. */
    public SimClock clock() {
        return clock;
    }

    /** Random numbers for that use: the same for the same seed and name. */
    public SimRandom random(String use) {
        return root.fork(use);
    }

    /** The loops of one more node, {@code prefix-0}, {@code prefix-1}, ... */
    public SimLoopGroup loops(String namePrefix, int size) {
        SimLoopGroup group = new SimLoopGroup(this, namePrefix, newClock(namePrefix), loopsMade, size);
        loopsMade += size;
        for (int i = 0; i < size; i++) {
            loops.add(group.get(i));
        }
        return group;
    }

    void forget(SimLoopGroup group) {
        loops.removeIf(loop -> loop.group() == group);
    }

    /** Called after every event: invariants of the whole system, checked against a model. */
    public void afterEachEvent(Runnable check) {
        checks.add(check);
    }

    /** Runs one task, letting time pass to the next one if none is due; false if there is none at all. */
    public boolean step() {
        return step(Long.MAX_VALUE - 1);
    }

    private boolean step(long untilNanos) {
        long next = collectDue();
        if (due.isEmpty()) {
            if (next > untilNanos) {
                return false;
            }
            nowNanos = next;
            collectDue();
        }
        run(due.get(due.size() == 1 ? 0 : choices.nextInt(due.size())));
        return true;
    }

    /** Collects the loops that can run now and answers when the next one can. */
    private long collectDue() {
        due.clear();
        long next = Long.MAX_VALUE;
        for (SimLoop loop : loops) {
            long at = loop.dueNanos();
            if (at <= nowNanos) {
                due.add(loop);
            }
            next = Math.min(next, at);
        }
        return next;
    }

    private void run(SimLoop loop) {
        if (running != null) {
            throw new IllegalStateException("a task must not run the scheduler that runs it");
        }
        SimLoop.Task task = loop.take();
        if (++events > MAX_EVENTS) {
            throw new IllegalStateException("no end after " + MAX_EVENTS + " events, seed " + seed);
        }
        traceHash = SimRandom.mix(traceHash + 31 * nowNanos + 7 * task.sequence + loop.number());
        running = loop;
        consumedNanos = 0;
        try {
            task.work.run();
            checks.forEach(Runnable::run);
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("seed " + seed + ", event " + events + " on " + loop.name() + ": " + e, e);
        } finally {
            loop.busyUntil(nowNanos + consumedNanos);
            consumedNanos = 0;
            running = null;
        }
    }

    /** Runs everything that is due now, and what follows from it, without letting time pass. */
    public void runDue() {
        while (step(nowNanos)) {
            continue;
        }
    }

    /** Lets that much time pass and runs everything that falls due in it, its end included. */
    public void runForMillis(long millis) {
        long end = nowNanos + millis * 1_000_000;
        while (step(end)) {
            continue;
        }
        nowNanos = end;
    }

    /** Runs until no task and no timer is left. */
    public void runUntilQuiet() {
        while (step()) {
            continue;
        }
    }

    /** Runs until the condition holds, for at most that much virtual time; answers whether it does. */
    public boolean runUntil(BooleanSupplier condition, long maxMillis) {
        long end = nowNanos + maxMillis * 1_000_000;
        while (!condition.getAsBoolean()) {
            if (!step(end)) {
                nowNanos = end;
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    /** The running task says that it took so long, as a blocking call would. */
    public void consume(long nanos) {
        if (nanos < 0) {
            throw RmqError.INVALID_REQUEST.exception("time does not run backwards");
        }
        if (running == null) {
            nowNanos += nanos;
        } else {
            consumedNanos += nanos;
        }
    }

    /** A number that differs, all but surely, when anything ran in another order or at another time. */
    public long traceHash() {
        return traceHash;
    }

    public long events() {
        return events;
    }

    /** The time of the running task, or of the simulation between tasks. */
    long localNanos() {
        return nowNanos + consumedNanos;
    }

    long nextSequence() {
        return sequence++;
    }

    @Nullable
    SimLoop running() {
        return running;
    }
}
