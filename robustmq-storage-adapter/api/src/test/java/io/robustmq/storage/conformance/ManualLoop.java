/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A loop that its test turns by hand, with a clock of its own. Tasks come from any thread; all else is the test thread's. */
public final class ManualLoop implements Loop, Clock {
    private final Thread thread = Thread.currentThread();
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::dueMillis).thenComparingLong(Timer::number));
    private long nowMillis = 1_700_000_000_000L;
    private long timerNumber;

    private record Timer(long dueMillis, long number, Runnable task) {}

    /** Runs what waits, and what that enqueues. */
    public void turn() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    /** Lets time pass, running each timer at its time. */
    public void advance(long millis) {
        long end = nowMillis + millis;
        turn();
        while (!timers.isEmpty() && timers.peek().dueMillis() <= end) {
            Timer timer = timers.poll();
            nowMillis = Math.max(nowMillis, timer.dueMillis());
            timer.task().run();
            turn();
        }
        nowMillis = end;
    }

    /** Timers that wait. */
    public int timers() {
        return timers.size();
    }

    @Override
    public String name() {
        return "manual";
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public boolean inLoop() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
    }

    @Override
    public Cancellable schedule(long delayMillis, Runnable task) {
        Timer timer = new Timer(nowMillis + delayMillis, timerNumber++, task);
        timers.add(timer);
        return () -> timers.remove(timer);
    }

    @Override
    public Clock clock() {
        return this;
    }

    @Override
    public long millis() {
        return nowMillis;
    }

    @Override
    public long nanos() {
        return nowMillis * 1_000_000;
    }
}
