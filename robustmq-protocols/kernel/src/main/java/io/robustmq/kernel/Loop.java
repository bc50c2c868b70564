/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

/**
 * One thread's queue of tasks, and the unit of confinement: state belongs to one loop and is touched by its tasks only.
 * Tasks never block. Thread-safe: every method may be called from any thread.
 */
public interface Loop {

    /** A short name for logs and metrics, {@code net-0}. */
    String name();

    /** Position in its {@link LoopGroup}, from 0, so that per-loop state can live in arrays. */
    int index();

    /** Whether the caller runs on this loop; confined classes assert it. */
    boolean inLoop();

    /**
     * Runs the task later on this loop, in the order of submission per submitting thread. A task submitted from the loop
     * itself runs at the end of the current turn, after the I/O events that are already due.
     */
    void execute(Runnable task);

    /** Runs the task once, no earlier than after the delay. */
    Cancellable schedule(long delayMillis, Runnable task);

    /** The clock that this loop's timers follow. */
    Clock clock();
}
