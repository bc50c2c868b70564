/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What consumers of one shard still need. A holder says under a name from which offset on, and up to which limits it may
 * keep records; what lies below all of that goes, as the topic's {@link Lifetime} says: by the limits, which are told to the
 * engine as a pin; when all have confirmed; or when the one group has. Holds are as durable as their holder: nothing of them
 * is stored here, and every holder registers again before {@link #serve} tells that the shard is complete; until then
 * nothing goes for want of interest. Confined to the loop of the shard's owner, but for the volatile figures.
 */
public final class Holds {
    static final String PIN = "holds";
    private static final int HOLDS_MAX = 100_000;

    private final ShardStore store;
    private final Loop owner;
    private final RetentionCounters counters;
    private final Runnable used;
    private final Map<String, Hold> byName = new HashMap<>();
    private Lifetime lifetime;
    private boolean serving;
    private long pinned = -1;
    private volatile int count;
    private volatile long lowest = -1;

    /**
     * @param used told when there is something to sweep
     */
    Holds(ShardStore store, Loop owner, Lifetime lifetime, RetentionCounters counters, Runnable used) {
        this.store = store;
        this.owner = owner;
        this.lifetime = lifetime;
        this.counters = counters;
        this.used = used;
    }

    /**
     * How much one holder may keep behind the newest record; -1 for no limit. Bytes are counted by the shard's average
     * record.
     */
    public record Limits(long records, long bytes, long ageMillis) {
        public static final Limits NONE = new Limits(-1, -1, -1);

        public Limits {
            if (records < -1 || bytes < -1 || ageMillis < -1) {
                throw RmqError.INVALID_CONFIG.exception("a limit of a hold is -1 (none) or more");
            }
        }
    }

    /** Learns what it has lost. */
    @FunctionalInterface
    public interface Holder {

        /** Records from {@code fromOffset} to before {@code toOffset} went although they were held. On the owner's loop. */
        void overrun(long fromOffset, long toOffset);
    }

    /** One holder's place. Confined to the loop of the shard's owner. */
    public final class Hold {
        private final String name;
        private final Limits limits;
        private final Holder holder;
        private long offset;
        private long overrunRecords;

        private Hold(String name, long offset, Limits limits, Holder holder) {
            this.name = name;
            this.offset = offset;
            this.limits = limits;
            this.holder = holder;
        }

        public String name() {
            return name;
        }

        /** The lowest offset that is still needed. */
        public long offset() {
            return offset;
        }

        /** Records that went although they were held. */
        public long overrunRecords() {
            return overrunRecords;
        }

        /** Everything below is not needed any more; never goes back. */
        public void confirm(long lowestNeeded) {
            assert owner.inLoop();
            offset = Math.max(offset, lowestNeeded);
        }

        /** Nothing is needed any more. */
        public void release() {
            assert owner.inLoop();
            if (byName.remove(name, this)) {
                count = byName.size();
                used.run();
            }
        }
    }

    /**
     * Holds everything from the offset on, from now on. A name that is there already is taken over, as by a holder that
     * comes back. Fails with POLICY_VIOLATION when a work queue has another group, QUOTA_EXCEEDED when there are too many.
     */
    public Hold hold(String name, long offset, Limits limits, Holder holder) {
        assert owner.inLoop();
        boolean known = byName.containsKey(name);
        if (lifetime == Lifetime.WORK_QUEUE && !known && !byName.isEmpty()) {
            throw RmqError.POLICY_VIOLATION.exception(
                    "a work queue has one consumer group: it is " + byName.keySet() + " and cannot be '" + name + "'");
        }
        if (!known && byName.size() >= HOLDS_MAX) {
            throw RmqError.QUOTA_EXCEEDED.exception("a shard has at most " + HOLDS_MAX + " holds");
        }
        Hold hold = new Hold(name, offset, limits, holder);
        byName.put(name, hold);
        count = byName.size();
        if (lifetime == Lifetime.LIMITS && (pinned < 0 || offset < pinned)) {
            pinAt(offset);
        }
        used.run();
        return hold;
    }

    /** Every holder that lived through the last owner is registered again. */
    public void serve() {
        assert owner.inLoop();
        serving = true;
        used.run();
    }

    void lifetime(Lifetime changed) {
        assert owner.inLoop();
        if (changed != Lifetime.LIMITS && pinned >= 0) {
            unpin();
        }
        lifetime = changed;
    }

    /** How many there are. */
    public int count() {
        return count;
    }

    /** The lowest offset that is held, as of the last sweep; -1 when nothing is. */
    public long lowest() {
        return lowest;
    }

    /** Whether there is nothing to sweep, now and later. */
    boolean isIdle() {
        assert owner.inLoop();
        return lifetime == Lifetime.LIMITS && byName.isEmpty() && pinned < 0;
    }

    // --- what may go

    /** Reports what was lost, moves the pin, and drops what nobody holds; answers with the number of records dropped. */
    CompletionStage<Long> sweep() {
        assert owner.inLoop();
        ShardStats stats = store.stats();
        reportOverrun(stats.startOffset());
        return ageBounds(stats).thenCompose(ages -> sweep(stats, ages));
    }

    private void reportOverrun(long start) {
        for (Hold hold : byName.values()) {
            if (hold.offset < start) {
                long from = hold.offset;
                hold.overrunRecords += start - from;
                hold.offset = start;
                counters.recordsOverrun.add(start - from);
                hold.holder.overrun(from, start);
            }
        }
    }

    /** For each limit in age the offset below which records are older than that. */
    private CompletionStage<Map<Long, Long>> ageBounds(ShardStats stats) {
        Set<Long> ages = new TreeSet<>();
        for (Hold hold : byName.values()) {
            if (hold.limits.ageMillis() >= 0 && hold.offset < stats.highWatermark()) {
                ages.add(hold.limits.ageMillis());
            }
        }
        Map<Long, Long> bounds = new HashMap<>();
        return ageBounds(
                ages.iterator(), bounds, stats.highWatermark(), owner.clock().millis());
    }

    private CompletionStage<Map<Long, Long>> ageBounds(
            Iterator<Long> ages, Map<Long, Long> bounds, long highWatermark, long nowMillis) {
        if (!ages.hasNext()) {
            return CompletableFuture.completedFuture(bounds);
        }
        long age = ages.next();
        return store.offsetForTimestamp(nowMillis - age).thenCompose(found -> {
            bounds.put(age, found.offset() < 0 ? highWatermark : found.offset());
            return ageBounds(ages, bounds, highWatermark, nowMillis);
        });
    }

    private CompletionStage<Long> sweep(ShardStats stats, Map<Long, Long> ages) {
        long held = Long.MAX_VALUE;
        for (Hold hold : byName.values()) {
            held = Math.min(held, bound(hold, stats, ages));
        }
        lowest = byName.isEmpty() ? -1 : held;
        if (lifetime == Lifetime.LIMITS) {
            if (byName.isEmpty()) {
                unpin();
            } else if (held != pinned) {
                pinAt(held);
            }
            return CompletableFuture.completedFuture(0L);
        }
        boolean waits = byName.isEmpty() && (lifetime == Lifetime.WORK_QUEUE || !serving);
        long target = Math.min(held, stats.highWatermark());
        if (waits || !serving || target <= stats.startOffset()) {
            return CompletableFuture.completedFuture(0L);
        }
        return store.deletePrefix(target).thenApply(start -> {
            long dropped = start - stats.startOffset();
            reportOverrun(start);
            counters.recordsConfirmed.add(dropped);
            return dropped;
        });
    }

    /** What the hold keeps within its limits begins here. */
    private static long bound(Hold hold, ShardStats stats, Map<Long, Long> ages) {
        long end = stats.highWatermark();
        long bound = hold.offset;
        Limits limits = hold.limits;
        if (limits.records() >= 0) {
            bound = Math.max(bound, end - limits.records());
        }
        if (limits.bytes() >= 0 && stats.bytes() > limits.bytes()) {
            double share = (double) limits.bytes() / stats.bytes();
            bound = Math.max(bound, end - (long) (share * (end - stats.startOffset())));
        }
        Long young = limits.ageMillis() < 0 ? null : ages.get(limits.ageMillis());
        return young == null ? bound : Math.max(bound, young);
    }

    private void pinAt(long offset) {
        store.pin(PIN, offset);
        pinned = offset;
    }

    private void unpin() {
        if (pinned >= 0) {
            store.unpin(PIN);
            pinned = -1;
        }
    }
}
