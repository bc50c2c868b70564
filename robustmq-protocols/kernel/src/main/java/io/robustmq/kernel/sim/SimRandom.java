/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.RandomSource;

/** SplitMix64: the same numbers for the same seed on every machine. Confined to the thread of the simulation. */
public final class SimRandom implements RandomSource {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public SimRandom(long seed) {
        this.state = seed;
    }

    /** A stream of its own for that use, so that one more draw elsewhere does not shift it. Does not draw from this one. */
    public SimRandom fork(String use) {
        long hash = state;
        for (int i = 0; i < use.length(); i++) {
            hash = mix(hash + GOLDEN_GAMMA + use.charAt(i));
        }
        return new SimRandom(hash);
    }

    static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public long nextLong() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    @Override
    public int nextInt(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound is 1 or more, not " + bound);
        }
        return (int) Math.multiplyHigh(nextLong() >>> 1, 2L * bound);
    }

    /** Uniform in [0, bound). */
    public long nextLong(long bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("a bound is 1 or more, not " + bound);
        }
        return Long.remainderUnsigned(nextLong(), bound);
    }

    /** True so many times in a hundred. */
    public boolean percent(int percent) {
        return percent > 0 && nextInt(100) < percent;
    }

    @Override
    public void nextBytes(byte[] bytes) {
        for (int i = 0; i < bytes.length; ) {
            long bits = nextLong();
            for (int n = Math.min(Long.BYTES, bytes.length - i); n > 0; n--) {
                bytes[i++] = (byte) bits;
                bits >>>= Byte.SIZE;
            }
        }
    }
}
