/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * How much all sessions of the node have subscribed to. A filter counts as one for each 256 bytes of it that have begun, so that
 * long ones cannot take more memory than short ones. Thread-safe.
 */
public final class Subscribed {
    private static final int BYTES_OF_ONE = 256;

    private final AtomicLong used = new AtomicLong();
    private final LongAdder filters = new LongAdder();
    private final LongAdder shared = new LongAdder();
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
        filters.increment();
    }

    void remove(String filter) {
        used.addAndGet(-weight(filter));
        filters.decrement();
    }

    /** One of a group. */
    void addShared(String filter) {
        add(filter);
        shared.increment();
    }

    void removeShared(String filter) {
        remove(filter);
        shared.decrement();
    }

    /** Of all sessions. */
    public long filters() {
        return filters.sum();
    }

    /** Of these, those of groups. */
    public long shared() {
        return shared.sum();
    }

    public long used() {
        return used.get();
    }
}
