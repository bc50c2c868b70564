/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import java.util.UUID;

/** The only source of randomness in core code. Thread-safe unless an implementation says otherwise. */
public interface RandomSource {

    long nextLong();

    /** Uniform in [0, bound). */
    int nextInt(int bound);

    void nextBytes(byte[] bytes);

    /** A random (version 4) UUID. */
    default UUID nextUuid() {
        long most = (nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x0000_0000_0000_4000L;
        long least = (nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(most, least);
    }
}
