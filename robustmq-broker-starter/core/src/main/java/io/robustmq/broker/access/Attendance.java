/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.AccessListener;
import io.robustmq.protocol.Admission;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.Grants;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The connections that are to be told of changes; many changes in a short time are told once. Thread-safe: a concurrent set,
 * bounded by the limit of connections.
 */
final class Attendance {
    private static final long GATHER_MILLIS = 20;

    private final Welcome welcome;
    private final Clock clock;
    private final Set<Entry> entries = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private volatile @Nullable Loop timers;

    /** Whether a client would be let in as it was. */
    @FunctionalInterface
    interface Welcome {
        /** Null when it would, else why not. */
        @Nullable
        String problem(ClientIdentity client, String proof);
    }

    /** One connection. Compared by identity. */
    private static final class Entry {
        final ClientIdentity client;
        final String proof;
        final AccessListener listener;

        Entry(ClientIdentity client, String proof, AccessListener listener) {
            this.client = client;
            this.proof = proof;
            this.listener = listener;
        }
    }

    Attendance(Welcome welcome, Clock clock) {
        this.welcome = welcome;
        this.clock = clock;
    }

    void open(Loop loop) {
        timers = loop;
    }

    Cancellable add(ClientIdentity client, Admission admission, AccessListener listener) {
        String proof = admission.proof();
        Entry entry = new Entry(client, proof, listener);
        entries.add(entry);
        // Between the answer to its attempt and now, its user may have gone.
        String problem = welcome.problem(client, proof);
        if (problem != null) {
            listener.noLongerWelcome(problem);
        }
        Loop loop = timers;
        long expires = admission.grants().expiresAtMillis();
        if (expires == Grants.NEVER || loop == null) {
            return () -> entries.remove(entry);
        }
        long left = Math.max(0, expires - clock.millis());
        Cancellable end = loop.schedule(left, () -> listener.noLongerWelcome("the log-in has expired"));
        return () -> {
            end.cancel();
            entries.remove(entry);
        };
    }

    void changed() {
        Loop loop = timers;
        if (loop != null && !entries.isEmpty() && scheduled.compareAndSet(false, true)) {
            loop.schedule(GATHER_MILLIS, this::tell);
        }
    }

    private void tell() {
        scheduled.set(false);
        for (Entry each : entries) {
            String problem = welcome.problem(each.client, each.proof);
            if (problem != null) {
                each.listener.noLongerWelcome(problem);
            } else {
                each.listener.rulesChanged();
            }
        }
    }
}
