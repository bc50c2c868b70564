/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Calls on their way to one writer, bounded in bytes and count; links the calls themselves. Thread-safe: many put, one takes. */
final class Inbox {
    private final long maxBytes;
    private final int maxCount;
    private final AtomicReference<@Nullable WriteOp> newest = new AtomicReference<>();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();

    Inbox(long maxBytes, int maxCount) {
        this.maxBytes = maxBytes;
        this.maxCount = maxCount;
    }

    /** Takes room for one call, until {@link #release}; false when there is none. One larger than all room may come alone. */
    boolean reserve(int length) {
        long after = bytes.addAndGet(length);
        int waiting = count.incrementAndGet();
        if (waiting > 1 && (after > maxBytes || waiting > maxCount)) {
            release(length);
            return false;
        }
        return true;
    }

    /** Counts a call that came another way. */
    void enter() {
        count.incrementAndGet();
    }

    void release(int length) {
        release(length, 1);
    }

    void release(long length, int calls) {
        bytes.addAndGet(-length);
        count.addAndGet(-calls);
    }

    long bytes() {
        return bytes.get();
    }

    int count() {
        return count.get();
    }

    /** Answers whether it was empty, so that the writer has to be woken. */
    boolean put(WriteOp op) {
        WriteOp before;
        do {
            before = newest.get();
            op.next = before;
        } while (!newest.compareAndSet(before, op));
        return before == null;
    }

    /** All that waits, oldest first. */
    @Nullable
    WriteOp takeAll() {
        WriteOp op = newest.getAndSet(null);
        WriteOp oldest = null;
        while (op != null) {
            WriteOp before = op.next;
            op.next = oldest;
            oldest = op;
            op = before;
        }
        return oldest;
    }
}
