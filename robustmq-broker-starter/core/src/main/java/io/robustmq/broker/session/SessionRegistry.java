/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.protocol.SessionPort.Holder;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which client id on this node. Thread-safe: an acquire replaces the holder atomically, and holders that wait for
 * their predecessor pass its state on.
 */
final class SessionRegistry {
    private final ConcurrentHashMap<SessionKey, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong epochs = new AtomicLong();

    private record Entry(long epoch, Holder holder) {}

    /**
     * @param epoch higher than every one before
     * @param previous who held the client id; null for nobody
     */
    record Taken(long epoch, @Nullable Holder previous) {}

    Taken take(SessionKey key, Holder holder) {
        while (true) {
            Entry previous = entries.get(key);
            // Asked anew in each round: a later acquire that came first must win, and this one learns from its holder
            // that
            // it is over.
            Entry mine = new Entry(epochs.incrementAndGet(), holder);
            if (previous == null ? entries.putIfAbsent(key, mine) == null : entries.replace(key, previous, mine)) {
                return new Taken(mine.epoch, previous == null ? null : previous.holder);
            }
        }
    }

    /** The connection or what it left that holds the client id; null for none. */
    @Nullable
    Holder holder(SessionKey key) {
        Entry entry = entries.get(key);
        return entry == null ? null : entry.holder;
    }

    void release(SessionKey key, long epoch) {
        entries.computeIfPresent(key, (k, entry) -> entry.epoch == epoch ? null : entry);
    }

    long count() {
        return entries.mappingCount();
    }
}
