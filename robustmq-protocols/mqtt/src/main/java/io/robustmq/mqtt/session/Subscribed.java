/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much all sessions of the node have subscribed to. A filter counts as one for each 256 bytes of it that have begun, so that
 * long ones cannot take more memory than short ones. Thread-safe.
 */
public final class Subscribed {
    private static final int BYTES_OF_ONE = 256;

    private final AtomicLong used = new AtomicLong();
    private final long max;

    public Subscribed(long max) {
        this.max = max;
    }

    private static int weight(String filter) {
        return 1 + filter.length() / BYTES_OF_ONE;
    }

    /** Others may add at the same time: the limit may be passed by as many as there are loops. */
    boolean mayAdd(String filter) {
        return used.get() + weight(filter) <= max;
    }

    void add(String filter) {
        used.addAndGet(weight(filter));
    }

    void remove(String filter) {
        used.addAndGet(-weight(filter));
    }

    public long used() {
        return used.get();
    }
}
