/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Forces many files from a few threads: a journalling file system commits once for all that wait for it, while one behind the
 * other each waits for a commit of its own. Thread-safe: the threads are shared by all disks and go when there is nothing to do.
 */
final class ParallelForces {
    private static final int THREADS = 8;
    private static final ExecutorService POOL = SystemThreads.pool("disk-force", THREADS);

    private ParallelForces() {}

    /** The caller is one of those who force. */
    static void run(List<Runnable> forces) {
        if (forces.isEmpty()) {
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();
        Runnable share = () -> {
            for (int at = next.getAndIncrement(); at < forces.size(); at = next.getAndIncrement()) {
                try {
                    forces.get(at).run();
                } catch (RuntimeException e) {
                    failure.compareAndSet(null, e);
                    next.set(forces.size());
                }
            }
        };
        CompletableFuture<?>[] helpers = new CompletableFuture<?>[Math.min(THREADS, forces.size()) - 1];
        Arrays.setAll(helpers, helper -> CompletableFuture.runAsync(share, POOL));
        share.run();
        CompletableFuture.allOf(helpers).join();
        RuntimeException first = failure.get();
        if (first != null) {
            throw first;
        }
    }
}
