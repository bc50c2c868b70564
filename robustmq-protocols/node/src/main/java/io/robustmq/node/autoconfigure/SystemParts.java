/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RandomSource;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Clock, randomness and budget of this process. Thread-safe. */
final class SystemParts {
    static final Clock CLOCK = new Clock() {
        @Override
        public long millis() {
            return System.currentTimeMillis();
        }

        @Override
        public long nanos() {
            return System.nanoTime();
        }
    };

    static final RandomSource RANDOM = new RandomSource() {
        private final SecureRandom random = new SecureRandom();

        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public int nextInt(int bound) {
            return random.nextInt(bound);
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
        }
    };

    private SystemParts() {}

    /** Counts, and refuses above the limit. Thread-safe: one atomic. */
    static final class Budget implements MemoryBudget {
        private final AtomicLong used = new AtomicLong();
        private final AtomicLong refusals = new AtomicLong();
        private final long limit;

        Budget(long limit) {
            this.limit = limit;
        }

        @Override
        public boolean tryReserve(long bytes) {
            if (used.addAndGet(bytes) > limit) {
                used.addAndGet(-bytes);
                refusals.incrementAndGet();
                return false;
            }
            return true;
        }

        @Override
        public void reserve(long bytes) {
            used.addAndGet(bytes);
        }

        @Override
        public void release(long bytes) {
            used.addAndGet(-bytes);
        }

        @Override
        public long usedBytes() {
            return used.get();
        }

        @Override
        public long limitBytes() {
            return limit;
        }

        @Override
        public long refusals() {
            return refusals.get();
        }

        @Override
        public boolean underPressure() {
            return used.get() > limit;
        }

        @Override
        public Cancellable onPressure(PressureListener listener) {
            return () -> {};
        }
    }
}
