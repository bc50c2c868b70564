/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.protocol.SessionPort.Holder;
import java.util.NavigableMap;
import java.util.TreeMap;
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

    private final AtomicLong durable = new AtomicLong();
    private final TenantCounts volatiles = new TenantCounts();

    private record Entry(long epoch, Holder holder, boolean durable) {}

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
            Entry mine = new Entry(epochs.incrementAndGet(), holder, false);
            if (previous == null ? entries.putIfAbsent(key, mine) == null : entries.replace(key, previous, mine)) {
                if (previous != null && previous.durable) {
                    durable.decrementAndGet();
                }
                if (previous == null || previous.durable) {
                    volatiles.add(key.tenant(), 1);
                }
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

    /** What the holder has is kept, and counted elsewhere. */
    void markDurable(SessionKey key, long epoch) {
        Entry entry = entries.get(key);
        if (entry != null
                && entry.epoch == epoch
                && entries.replace(key, entry, new Entry(epoch, entry.holder, true))) {
            durable.incrementAndGet();
            volatiles.add(key.tenant(), -1);
        }
    }

    void release(SessionKey key, long epoch) {
        Entry entry = entries.get(key);
        if (entry == null || entry.epoch != epoch || !entries.remove(key, entry)) {
            return;
        }
        if (entry.durable) {
            durable.decrementAndGet();
        } else {
            volatiles.add(key.tenant(), -1);
        }
    }

    /**
     * Holders of what is not kept, by client id; walks over all.
     *
     * @param clientId only this one; null for all
     */
    NavigableMap<String, Holder> volatileHolders(
            String tenant, @Nullable String clientId, String afterClientId, int limit) {
        NavigableMap<String, Holder> first = new TreeMap<>();
        entries.forEach((key, entry) -> {
            if (!entry.durable
                    && key.tenant().equals(tenant)
                    && (clientId == null || key.clientId().equals(clientId))
                    && key.clientId().compareTo(afterClientId) > 0) {
                first.put(key.clientId(), entry.holder);
                if (first.size() > limit) {
                    first.pollLastEntry();
                }
            }
        });
        return first;
    }

    /** Holders of what is not kept. */
    long volatileCount() {
        return Math.max(0, entries.mappingCount() - durable.get());
    }

    /** The same of one tenant. */
    long volatileCount(String tenant) {
        return volatiles.of(tenant);
    }
}
