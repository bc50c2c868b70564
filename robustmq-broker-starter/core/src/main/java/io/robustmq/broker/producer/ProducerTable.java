/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.util.collection.LongCollections;
import io.netty.util.collection.LongObjectHashMap;
import io.netty.util.collection.LongObjectMap;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;

/**
 * The producers of one shard, in the order in which they appended last, and Kafka's rules of what each may append next.
 * Confined to the loop of the shard's owner.
 */
final class ProducerTable {
    private static final LongObjectMap<ProducerEntry> NONE = LongCollections.emptyMap();

    private final ProducerConfig config;
    private final ProducerCounters counters;
    private LongObjectMap<ProducerEntry> entries = NONE;
    private @Nullable ProducerEntry oldest;
    private @Nullable ProducerEntry newest;

    ProducerTable(ProducerConfig config, ProducerCounters counters) {
        this.config = config;
        this.counters = counters;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Nullable
    ProducerEntry oldest() {
        return oldest;
    }

    @Nullable
    ProducerEntry find(long producerId, long scope) {
        ProducerEntry entry = entries.get(key(producerId, scope));
        return entry != null && entry.producerId == producerId && entry.scope == scope ? entry : null;
    }

    /** Ids are given in turn, and scopes are hashes: only somebody who wants to meets another one's entry, and then replaces it. */
    private static long key(long producerId, long scope) {
        return scope == 0 ? producerId : (producerId ^ scope) * 0x9E3779B97F4A7C15L;
    }

    /**
     * Why a batch that was not appended before cannot be next; null when it can. A producer of which nothing is known, because
     * it is new or was forgotten, may begin anywhere, as in Kafka since KIP-360.
     */
    static @Nullable RmqException check(
            @Nullable ProducerEntry entry, long producerId, short epoch, int firstSequence) {
        short known = entry == null ? ProducerEntry.NO_EPOCH : entry.tailEpoch();
        if (epoch < known) {
            return RmqError.PRODUCER_FENCED.exception(
                    "producer " + producerId + " has epoch " + known + ", and " + epoch + " is older");
        }
        if (entry == null || known == ProducerEntry.NO_EPOCH) {
            return null;
        }
        if (epoch > known) {
            return firstSequence == 0
                    ? null
                    : RmqError.OUT_OF_SEQUENCE.exception("producer " + producerId + " begins epoch " + epoch
                            + " with sequence number " + firstSequence + " instead of 0");
        }
        return Sequences.follows(entry.tailSequence(), firstSequence)
                ? null
                : RmqError.OUT_OF_SEQUENCE.exception("producer " + producerId + " sends sequence number "
                        + firstSequence + " after " + entry.tailSequence());
    }

    ProducerEntry add(long producerId, long scope, long nowMillis) {
        makeRoom();
        if (entries == NONE) {
            entries = new LongObjectHashMap<>(1);
        }
        ProducerEntry entry = new ProducerEntry(producerId, scope);
        entry.lastMillis = nowMillis;
        ProducerEntry replaced = entries.put(key(producerId, scope), entry);
        if (replaced != null) {
            unlink(replaced);
            counters.evicted.increment();
        } else {
            counters.known.incrementAndGet();
        }
        linkNewest(entry);
        return entry;
    }

    /** Those with appends under way stay: what becomes of these must be known. */
    private void makeRoom() {
        boolean full = entries.size() >= config.producersMax()
                || !entries.isEmpty() && counters.known.get() >= config.nodeProducersMax();
        if (!full) {
            return;
        }
        for (ProducerEntry each = oldest; each != null; each = each.newer) {
            if (!each.hasPending()) {
                remove(each);
                counters.evicted.increment();
                return;
            }
        }
    }

    /** It has appended just now. */
    void touch(ProducerEntry entry, long nowMillis) {
        entry.lastMillis = nowMillis;
        if (newest != entry && isLinked(entry)) {
            unlink(entry);
            linkNewest(entry);
        }
    }

    private boolean isLinked(ProducerEntry entry) {
        return entry.older != null || entry.newer != null || oldest == entry;
    }

    void remove(ProducerEntry entry) {
        if (find(entry.producerId, entry.scope) == entry) {
            entries.remove(key(entry.producerId, entry.scope));
            unlink(entry);
            counters.known.decrementAndGet();
        }
    }

    void expire(long nowMillis) {
        ProducerEntry each = oldest;
        while (each != null && nowMillis - each.lastMillis >= config.expirationMillis()) {
            ProducerEntry next = each.newer;
            if (!each.hasPending()) {
                remove(each);
                counters.expired.increment();
            }
            each = next;
        }
        if (entries.isEmpty()) {
            // A map never shrinks.
            entries = NONE;
        }
    }

    /** Forgets everybody; the shard is closed. */
    void clear() {
        counters.known.addAndGet(-entries.size());
        entries = NONE;
        oldest = null;
        newest = null;
    }

    /** A committed batch as the log has it; without effect when it is known already. */
    void replay(
            long producerId,
            long scope,
            short epoch,
            int lastSequence,
            long lastOffset,
            int offsetDelta,
            long timestampMillis,
            long nowMillis) {
        ProducerEntry entry = find(producerId, scope);
        if (entry == null) {
            entry = add(producerId, scope, nowMillis);
        } else if (entry.count() > 0 && entry.lastOffset(0) >= lastOffset) {
            return;
        }
        entry.committed(epoch, lastSequence, lastOffset, offsetDelta, timestampMillis);
        touch(entry, nowMillis);
    }

    private void linkNewest(ProducerEntry entry) {
        entry.older = newest;
        entry.newer = null;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
    }

    private void unlink(ProducerEntry entry) {
        ProducerEntry before = entry.older;
        ProducerEntry after = entry.newer;
        if (before == null) {
            oldest = after;
        } else {
            before.newer = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.older = before;
        }
        entry.older = null;
        entry.newer = null;
    }
}
