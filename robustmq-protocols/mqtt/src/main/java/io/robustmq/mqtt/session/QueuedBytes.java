/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import java.util.concurrent.atomic.AtomicLong;

/** Messages and their bytes that wait for all sessions of the node together. Thread-safe. */
public final class QueuedBytes {
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final long bytesMax;

    public QueuedBytes(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** One message more; false when the limit of the node is reached, and nothing was added then. */
    boolean tryAdd(long bytes) {
        if (used.addAndGet(bytes) <= bytesMax) {
            messages.incrementAndGet();
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    void remove(long bytes, int count) {
        used.addAndGet(-bytes);
        messages.addAndGet(-count);
    }

    public long messages() {
        return messages.get();
    }

    public long usedBytes() {
        return used.get();
    }

    public long limitBytes() {
        return bytesMax;
    }
}
