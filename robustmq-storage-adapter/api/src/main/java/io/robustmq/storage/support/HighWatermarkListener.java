/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.support;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * One listener of a store: however many appends there are in between, one task waits in its loop. Thread-safe: signalled by
 * whoever commits, runs on its own loop.
 */
public final class HighWatermarkListener implements Runnable, Cancellable {
    private final LongSupplier highWatermark;
    private final Consumer<HighWatermarkListener> removal;
    private final Loop loop;
    private final LongConsumer listener;
    private final AtomicBoolean enqueued = new AtomicBoolean();
    private volatile boolean cancelled;
    private long told;

    /**
     * @param highWatermark of the store; any thread may ask
     * @param removal takes this listener off its store
     */
    public HighWatermarkListener(
            LongSupplier highWatermark, Loop loop, LongConsumer listener, Consumer<HighWatermarkListener> removal) {
        this.highWatermark = highWatermark;
        this.removal = removal;
        this.loop = loop;
        this.listener = listener;
        told = highWatermark.getAsLong();
    }

    /** There may be a new one. */
    public void signal() {
        if (!enqueued.get() && enqueued.compareAndSet(false, true)) {
            loop.execute(this);
        }
    }

    @Override
    public void run() {
        // Cleared before the value is read: an append in between enqueues again rather than being missed.
        enqueued.set(false);
        long latest = highWatermark.getAsLong();
        if (!cancelled && latest > told) {
            told = latest;
            listener.accept(latest);
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        removal.accept(this);
    }
}
