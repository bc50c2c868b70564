/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Clock;
import io.robustmq.protocol.ClientIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Slows down who tries passwords. Wrong ones are answered later and later; after some, one user from one address, and after many,
 * the address, is refused for a while without a look at the password. A user is never shut out by what others do from elsewhere,
 * and an address that many share not by one of its clients. Thread-safe: guarded by this.
 */
final class LoginGuard {
    static final int PAIR_FAILURES_MAX = 10;
    static final int ADDRESS_FAILURES_MAX = 100;
    static final int FREE_FAILURES = 2;
    static final long DELAY_MILLIS_MAX = 5_000;
    static final long REFUSE_MILLIS = 1_000;
    static final long REFUSE_MILLIS_MAX = 60_000;
    private static final long DELAY_MILLIS = 100;
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(10);
    private static final int DOUBLINGS_MAX = 16;

    private final Clock clock;
    private final Map<String, Failures> table;

    final LongAdder failed = new LongAdder();
    final LongAdder refused = new LongAdder();

    /** Of one user, one address, or both. Guarded by the guard. */
    private static final class Failures {
        int count;
        long lastNanos;
        boolean refusing;
        long refusedUntilNanos;
    }

    LoginGuard(int entriesMax, Clock clock) {
        this.clock = clock;
        this.table = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
                return size() > entriesMax;
            }
        };
    }

    /** Whether the attempt is refused as it is. */
    synchronized boolean refuses(ClientIdentity client) {
        boolean yes = refuses(pair(client)) || refuses(address(client));
        if (yes) {
            refused.increment();
        }
        return yes;
    }

    private boolean refuses(String key) {
        Failures known = table.get(key);
        return known != null && known.refusing && clock.nanos() - known.refusedUntilNanos < 0;
    }

    /** A wrong password; answers after how many milliseconds the client is to be told. */
    synchronized long failed(ClientIdentity client) {
        failed.increment();
        int pair = count(pair(client), PAIR_FAILURES_MAX);
        int address = count(address(client), ADDRESS_FAILURES_MAX);
        int user = count(user(client), Integer.MAX_VALUE);
        int worst = Math.max(Math.max(pair, user), address / (ADDRESS_FAILURES_MAX / PAIR_FAILURES_MAX));
        if (worst <= FREE_FAILURES) {
            return 0;
        }
        return Math.min(DELAY_MILLIS_MAX, DELAY_MILLIS << Math.min(worst - FREE_FAILURES - 1, DOUBLINGS_MAX));
    }

    private int count(String key, int max) {
        long now = clock.nanos();
        Failures known = table.computeIfAbsent(key, absent -> new Failures());
        if (known.count > 0 && now - known.lastNanos >= FORGET_NANOS) {
            known.count = 0;
            known.refusing = false;
        }
        known.lastNanos = now;
        known.count++;
        if (known.count >= max) {
            long millis = Math.min(REFUSE_MILLIS_MAX, REFUSE_MILLIS << Math.min(known.count - max, DOUBLINGS_MAX));
            known.refusing = true;
            known.refusedUntilNanos = now + TimeUnit.MILLISECONDS.toNanos(millis);
        }
        return known.count;
    }

    /** The right password: what happened before was a mistake of somebody who may. */
    synchronized void succeeded(ClientIdentity client) {
        table.remove(pair(client));
        table.remove(address(client));
    }

    synchronized int size() {
        return table.size();
    }

    private static String pair(ClientIdentity client) {
        return "p" + client.remoteAddress() + " " + client.tenant() + " " + client.userName();
    }

    private static String address(ClientIdentity client) {
        return "a" + client.remoteAddress();
    }

    private static String user(ClientIdentity client) {
        return "u" + client.tenant() + " " + client.userName();
    }
}
