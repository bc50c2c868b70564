/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A loop whose tasks the scheduler interleaves with those of the others. Confined to the thread of the simulation. */
public final class SimLoop implements Loop {
    private final SimScheduler scheduler;
    private final SimLoopGroup group;
    private final int number;
    private final int index;
    private final PriorityQueue<Task> tasks = new PriorityQueue<>();
    private long busyUntilNanos;
    private boolean stopped;

    SimLoop(SimScheduler scheduler, SimLoopGroup group, int number, int index) {
        this.scheduler = scheduler;
        this.group = group;
        this.number = number;
        this.index = index;
    }

    @Override
    public String name() {
        return group.namePrefix() + "-" + index;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return scheduler.running() == this;
    }

    @Override
    public void execute(Runnable task) {
        submit(0, task);
    }

    @Override
    public Cancellable schedule(long delayMillis, Runnable task) {
        return submit(Math.max(0, delayMillis) * 1_000_000, task);
    }

    /** A delay finer than the interface offers, for the simulated network. */
    Cancellable submit(long delayNanos, Runnable work) {
        if (stopped) {
            throw RmqError.CLOSED.exception("loop " + name() + " has been stopped");
        }
        Task task = new Task(scheduler.localNanos() + delayNanos, scheduler.nextSequence(), work);
        tasks.add(task);
        return () -> task.cancelled = true;
    }

    @Override
    public Clock clock() {
        return group.clock();
    }

    SimLoopGroup group() {
        return group;
    }

    int number() {
        return number;
    }

    /** When the next task can run, or Long.MAX_VALUE if there is none. */
    long dueNanos() {
        Task head = head();
        return head == null ? Long.MAX_VALUE : Math.max(head.readyNanos, busyUntilNanos);
    }

    private @Nullable Task head() {
        Task head = tasks.peek();
        while (head != null && head.cancelled) {
            tasks.poll();
            head = tasks.peek();
        }
        return head;
    }

    Task take() {
        return tasks.remove();
    }

    void busyUntil(long nanos) {
        busyUntilNanos = nanos;
    }

    /** Its thread dies: what is queued never runs, and nothing is accepted any more. */
    void stop() {
        stopped = true;
        tasks.clear();
    }

    @Override
    public String toString() {
        return name();
    }

    static final class Task implements Comparable<Task> {
        final long readyNanos;
        final long sequence;
        final Runnable work;
        boolean cancelled;

        Task(long readyNanos, long sequence, Runnable work) {
            this.readyNanos = readyNanos;
            this.sequence = sequence;
            this.work = work;
        }

        @Override
        public int compareTo(Task other) {
            int byTime = Long.compare(readyNanos, other.readyNanos);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }
    }
}
