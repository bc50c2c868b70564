/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.protocol.SessionPort;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Who holds which client id on this node. Thread-safe: an acquire replaces the holder atomically, and holders that wait for
 * their predecessor pass its state on.
 */
final class SessionRegistry implements SessionPort {
    private final ConcurrentHashMap<Key, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong epochs = new AtomicLong();

    private record Key(String tenant, String clientId) {}

    private record Entry(long epoch, Holder holder) {}

    @Override
    public CompletionStage<Lease> acquire(String tenant, String clientId, Holder holder) {
        long epoch = epochs.incrementAndGet();
        Key key = new Key(tenant, clientId);
        Entry mine = new Entry(epoch, holder);
        Entry previous;
        while (true) {
            previous = entries.get(key);
            if (previous != null && previous.epoch > epoch) {
                // A later acquire came first; it must win, and this one learns from its holder that it is over.
                epoch = epochs.incrementAndGet();
                mine = new Entry(epoch, holder);
                continue;
            }
            if (previous == null ? entries.putIfAbsent(key, mine) == null : entries.replace(key, previous, mine)) {
                break;
            }
        }
        long granted = epoch;
        if (previous == null) {
            return CompletableFuture.completedStage(new Lease(granted, null));
        }
        return handOver(previous.holder, granted).thenApply(state -> new Lease(granted, state));
    }

    private static CompletionStage<@Nullable Object> handOver(Holder holder, long epoch) {
        try {
            return holder.takeOver(epoch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public void release(String tenant, String clientId, long connectionEpoch) {
        entries.computeIfPresent(
                new Key(tenant, clientId), (key, entry) -> entry.epoch == connectionEpoch ? null : entry);
    }

    @Override
    public long count() {
        return entries.mappingCount();
    }
}
