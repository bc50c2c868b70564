/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/**
 * Bytes that the node may hold for payloads in flight: reserved when a publish is accepted, released when it is
 * completed. Above the high mark reads are paused, below the low mark they go on. Thread-safe.
 */
public interface MemoryBudget {

    /** Reserves the bytes if they fit into the limit; false changes nothing and is counted. */
    boolean tryReserve(long bytes);

    /** Reserves the bytes even beyond the limit, for what was accepted already and must be completed. */
    void reserve(long bytes);

    /** Gives back what was reserved. */
    void release(long bytes);

    long usedBytes();

    long limitBytes();

    /** How often a reservation was refused. */
    long refusals();

    /** Whether the use is above the high mark, or has been and is not yet below the low mark again. */
    boolean underPressure();

    /** Called with true when pressure begins and with false when it ends, on the thread that caused it: enqueue, do not work. */
    Cancellable onPressure(PressureListener listener);

    /** See {@link #onPressure}. */
    @FunctionalInterface
    interface PressureListener {
        void pressureChanged(boolean underPressure);
    }
}
