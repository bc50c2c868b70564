/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * One listener of a store: however many appends there are in between, one task waits in its loop. Thread-safe: signalled on
 * the owner's loop, runs on its own.
 */
final class HighWatermarkListener implements Runnable, Cancellable {
    private final MemoryStore store;
    private final Loop loop;
    private final LongConsumer listener;
    private final AtomicBoolean enqueued = new AtomicBoolean();
    private volatile boolean cancelled;
    private long told;

    HighWatermarkListener(MemoryStore store, Loop loop, LongConsumer listener, long highWatermark) {
        this.store = store;
        this.loop = loop;
        this.listener = listener;
        told = highWatermark;
    }

    void signal() {
        if (!enqueued.get() && enqueued.compareAndSet(false, true)) {
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        // Cleared before the value is read: an append in between enqueues again rather than being missed.
        enqueued.set(false);
        long highWatermark = store.highWatermark();
        if (!cancelled && highWatermark > told) {
            told = highWatermark;
            listener.accept(highWatermark);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        store.remove(this);
    }
}
