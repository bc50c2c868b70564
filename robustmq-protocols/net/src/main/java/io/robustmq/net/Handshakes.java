/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.MemoryBudget;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The TLS handshakes under way. There are so many at most: when another one begins, the oldest of those that should
 * long be done gives way, so that whoever opens connections and says nothing locks nobody out; when none is that old,
 * the new one is refused, because then it is the node that cannot keep up. Thread-safe: a lock, held for a few
 * instructions.
 */
final class Handshakes {
    /** What a handshake holds from the hello to its end, heap and direct: some 42 KiB were measured. */
    static final int BYTES = 48 * 1024;

    private static final long PATIENCE_NANOS = 1_000_000_000L;

    private final int max;
    private final Clock clock;
    private final MemoryBudget memory;
    private final LinkedHashMap<ConnectionGate, Handshake> pending = new LinkedHashMap<>();
    private final LongAdder done = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder refused = new LongAdder();

    Handshakes(int max, Clock clock, MemoryBudget memory) {
        this.max = max;
        this.clock = clock;
        this.memory = memory;
    }

    /** Guarded by the lock of the handshakes. */
    private static final class Handshake {
        private final long beganNanos;
        private int bytes;

        private Handshake(long beganNanos) {
            this.beganNanos = beganNanos;
        }
    }

    /** Whether the connection may begin. */
    boolean begin(ConnectionGate gate) {
        ConnectionGate oldest = null;
        synchronized (pending) {
            if (pending.size() >= max) {
                oldest = oldestIfLate();
                if (oldest == null) {
                    refused.increment();
                    return false;
                }
                remove(oldest);
            }
            pending.put(gate, new Handshake(clock.nanos()));
        }
        if (oldest != null) {
            refused.increment();
            oldest.cut();
        }
        return true;
    }

    private @Nullable ConnectionGate oldestIfLate() {
        Map.Entry<ConnectionGate, Handshake> first =
                pending.entrySet().iterator().next();
        return clock.nanos() - first.getValue().beganNanos >= PATIENCE_NANOS ? first.getKey() : null;
    }

    /** The hello is there: from now on the handshake costs memory. */
    void computes(ConnectionGate gate) {
        synchronized (pending) {
            Handshake handshake = pending.get(gate);
            if (handshake != null && handshake.bytes == 0) {
                handshake.bytes = BYTES;
                memory.reserve(BYTES);
            }
        }
    }

    void done(ConnectionGate gate) {
        if (end(gate)) {
            done.increment();
        }
    }

    /** The connection is closed; a handshake that was not done has failed. */
    void gone(ConnectionGate gate) {
        if (end(gate)) {
            failed.increment();
        }
    }

    private boolean end(ConnectionGate gate) {
        synchronized (pending) {
            return remove(gate);
        }
    }

    private boolean remove(ConnectionGate gate) {
        Handshake ended = pending.remove(gate);
        if (ended == null) {
            return false;
        }
        if (ended.bytes > 0) {
            memory.release(ended.bytes);
        }
        return true;
    }

    TlsCounts counts() {
        int now;
        synchronized (pending) {
            now = pending.size();
        }
        return new TlsCounts(now, done.sum(), failed.sum(), refused.sum());
    }
}
