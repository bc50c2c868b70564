/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Slows down those who guess passwords: after a few wrong ones each further one costs their address twice the time of the
 * one before. By address and not by account, so that nobody locks others out. Thread-safe: guarded by this.
 */
final class FailedAttempts {
    static final int FREE = 5;
    static final long WAIT_SECONDS_MAX = 64;
    static final int ADDRESSES_MAX = 10_000;
    private static final long FORGOTTEN_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int SUBNET_BYTES = 8;

    private final LongSupplier nanos;
    private final LinkedHashMap<String, State> states = new LinkedHashMap<>(16, 0.75f, true);
    private long failures;

    FailedAttempts(LongSupplier nanos) {
        this.nanos = nanos;
    }

    private record State(int failures, long lastNanos, long openNanos) {}

    /** Seconds until the address may try again, 0 for now. */
    synchronized long secondsToWait(@Nullable InetAddress address) {
        State state = states.get(key(address));
        if (state == null) {
            return 0;
        }
        long left = state.openNanos - nanos.getAsLong();
        return left <= 0 ? 0 : TimeUnit.NANOSECONDS.toSeconds(left - 1) + 1;
    }

    synchronized void failed(@Nullable InetAddress address) {
        failures++;
        long now = nanos.getAsLong();
        String key = key(address);
        State before = states.get(key);
        int count = before == null || now - before.lastNanos > FORGOTTEN_NANOS ? 1 : before.failures + 1;
        long wait = count < FREE ? 0 : Math.min(WAIT_SECONDS_MAX, 1L << Math.min(count - FREE, 30));
        states.put(key, new State(count, now, now + TimeUnit.SECONDS.toNanos(wait)));
        if (states.size() > ADDRESSES_MAX) {
            states.remove(states.keySet().iterator().next());
        }
    }

    synchronized long failures() {
        return failures;
    }

    synchronized int addresses() {
        return states.size();
    }

    /** One household's IPv6 addresses share their first half. */
    private static String key(@Nullable InetAddress address) {
        if (address instanceof Inet6Address six) {
            return Arrays.toString(Arrays.copyOf(six.getAddress(), SUBNET_BYTES));
        }
        return address == null ? "" : address.getHostAddress();
    }
}
