/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.system.SystemClock;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A loop without a thread: whoever submits a task runs it, and all that follow from it, before the call returns, one at a
 * time. What it schedules never runs. Thread-safe, so that a disk that is not can be used by an engine on many threads.
 */
final class InlineLoop implements Loop, LoopGroup {
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private @Nullable Thread running;

    @Override
    public void execute(Runnable task) {
        synchronized (this) {
            tasks.add(task);
            if (running != null) {
                return;
            }
            running = Thread.currentThread();
        }
        for (Runnable next = next(); next != null; next = next()) {
            next.run();
        }
    }

    private synchronized @Nullable Runnable next() {
        Runnable next = tasks.poll();
        if (next == null) {
            running = null;
        }
        return next;
    }

    @Override
    public Cancellable schedule(long delayMillis, Runnable task) {
        return () -> {};
    }

    @Override
    public synchronized boolean inLoop() {
        return running == Thread.currentThread();
    }

    @Override
    public String name() {
        return "inline";
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public Clock clock() {
        return SystemClock.INSTANCE;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public Loop get(int index) {
        return this;
    }

    @Override
    public @Nullable Loop current() {
        return inLoop() ? this : null;
    }
}
