/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Where members say which messages of the log nobody gets any more: those of other loops are told together. Thread-safe: what is
 * told is told on the window's loop.
 */
final class Settling implements Runnable {
    private final Loop loop;
    private final Settled told;
    private final ConcurrentLinkedQueue<Entry> there = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    private record Entry(
            ShardId shard, long offset, @Nullable Runnable noted) {}

    /** Called on the window's loop. */
    @FunctionalInterface
    interface Settled {
        void settle(ShardId shard, long offset, @Nullable Runnable noted);
    }

    Settling(Loop loop, Settled told) {
        this.loop = loop;
        this.told = told;
    }

    /** @param noted runs when that is known after a crash; null when nobody asks */
    void settled(WindowEntry entry, @Nullable Runnable noted) {
        ShardId shard = Objects.requireNonNull(entry.shard());
        if (loop.inLoop()) {
            told.settle(shard, entry.offset(), noted);
            return;
        }
        there.add(new Entry(shard, entry.offset(), noted));
        if (announced.compareAndSet(false, true)) {
            loop.execute(this);
        }
    }

    /** On the window's loop. */
    @Override
    public void run() {
        announced.set(false);
        Entry next;
        while ((next = there.poll()) != null) {
            told.settle(next.shard, next.offset, next.noted);
        }
    }
}
