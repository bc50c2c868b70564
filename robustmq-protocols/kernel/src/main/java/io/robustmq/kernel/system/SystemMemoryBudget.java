/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RmqError;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The budget on one atomic counter, exact to the byte: it is touched once a run of messages, not once a message, so
 * striping would buy nothing. Uses no clock, no random numbers and no threads, so simulations use it as it is. Thread-safe.
 */
public final class SystemMemoryBudget implements MemoryBudget {
    private final long limitBytes;
    private final long highMarkBytes;
    private final long lowMarkBytes;
    private final AtomicLong used = new AtomicLong();
    private final LongAdder refusals = new LongAdder();
    private final List<PressureListener> listeners = new CopyOnWriteArrayList<>();
    private final Object transition = new Object();
    private volatile boolean pressure;

    /** High mark at 80 %, low mark at 60 % of the limit. */
    public SystemMemoryBudget(long limitBytes) {
        this(limitBytes, limitBytes / 5 * 4, limitBytes / 5 * 3);
    }

    public SystemMemoryBudget(long limitBytes, long highMarkBytes, long lowMarkBytes) {
        if (lowMarkBytes < 0 || lowMarkBytes > highMarkBytes || highMarkBytes > limitBytes) {
            throw RmqError.INVALID_CONFIG.exception("a memory budget needs 0 <= low mark <= high mark <= limit, not "
                    + lowMarkBytes + ", " + highMarkBytes + ", " + limitBytes);
        }
        this.limitBytes = limitBytes;
        this.highMarkBytes = highMarkBytes;
        this.lowMarkBytes = lowMarkBytes;
    }

    @Override
    public boolean tryReserve(long bytes) {
        requireNotNegative(bytes);
        long before;
        do {
            before = used.get();
            if (bytes > limitBytes - before) {
                refusals.increment();
                return false;
            }
        } while (!used.compareAndSet(before, before + bytes));
        changed(before + bytes);
        return true;
    }

    @Override
    public void reserve(long bytes) {
        requireNotNegative(bytes);
        changed(used.addAndGet(bytes));
    }

    @Override
    public void release(long bytes) {
        requireNotNegative(bytes);
        long after = used.addAndGet(-bytes);
        if (after < 0) {
            used.addAndGet(bytes);
            throw RmqError.INTERNAL.exception(bytes + " bytes released that were not reserved");
        }
        changed(after);
    }

    private static void requireNotNegative(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("not a number of bytes: " + bytes);
        }
    }

    private void changed(long usedBytes) {
        if (pressure ? usedBytes < lowMarkBytes : usedBytes > highMarkBytes) {
            settle();
        }
    }

    /**
     * Tells the listeners one after the other, true and false in turn. Looks again after each change: a thread that changed
     * the use meanwhile either saw the new flag and waits for the lock, or its change is seen here.
     */
    private void settle() {
        synchronized (transition) {
            while (pressure ? used.get() < lowMarkBytes : used.get() > highMarkBytes) {
                boolean now = !pressure;
                pressure = now;
                listeners.forEach(listener -> listener.pressureChanged(now));
            }
        }
    }

    @Override
    public long usedBytes() {
        return used.get();
    }

    @Override
    public long limitBytes() {
        return limitBytes;
    }

    @Override
    public long refusals() {
        return refusals.sum();
    }

    @Override
    public boolean underPressure() {
        return pressure;
    }

    @Override
    public Cancellable onPressure(PressureListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }
}
