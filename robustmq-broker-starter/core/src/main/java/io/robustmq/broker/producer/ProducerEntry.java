/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import org.jspecify.annotations.Nullable;

/**
 * One producer in one shard: the last batches that are committed, and those on their way behind them. Confined to the loop of
 * the shard's owner.
 */
final class ProducerEntry {
    /** As many as a client has in flight at most, as in Kafka. */
    static final int BATCHES_MAX = 5;

    static final short NO_EPOCH = -1;

    final long producerId;
    final long scope;
    private short epoch = NO_EPOCH;
    private int count;
    private int newest = -1;
    /** Last offsets; behind them last sequence and offset delta in one; behind them largest timestamps. */
    private final long[] batches = new long[3 * BATCHES_MAX];

    long lastMillis;
    /** Neighbours in the order of the last append. */
    @Nullable
    ProducerEntry older;

    @Nullable
    ProducerEntry newer;

    private @Nullable PendingAppend firstPending;
    private @Nullable PendingAppend lastPending;

    ProducerEntry(long producerId, long scope) {
        this.producerId = producerId;
        this.scope = scope;
    }

    /** Of the last batch that was taken, committed or not; {@link #NO_EPOCH} when there is none. */
    short tailEpoch() {
        PendingAppend last = lastPending;
        return last == null ? epoch : last.epoch;
    }

    int tailSequence() {
        PendingAppend last = lastPending;
        return last == null ? lastSequence(0) : last.lastSequence;
    }

    short epoch() {
        return epoch;
    }

    /** Batches that are committed and remembered. */
    int count() {
        return count;
    }

    private int place(int age) {
        return (newest - age + BATCHES_MAX) % BATCHES_MAX;
    }

    /** @param age 0 for the newest batch */
    long lastOffset(int age) {
        return batches[place(age)];
    }

    int lastSequence(int age) {
        return (int) (batches[BATCHES_MAX + place(age)] >>> 32);
    }

    int offsetDelta(int age) {
        return (int) batches[BATCHES_MAX + place(age)];
    }

    long timestampMillis(int age) {
        return batches[2 * BATCHES_MAX + place(age)];
    }

    long baseOffset(int age) {
        return lastOffset(age) - offsetDelta(age);
    }

    /** The age of the committed batch with exactly these sequence numbers; -1 when there is none. */
    int committedAge(int firstSequence, int lastSequence) {
        for (int age = 0; age < count; age++) {
            int delta = offsetDelta(age);
            if (lastSequence(age) == lastSequence && Sequences.minus(lastSequence, delta) == firstSequence) {
                return age;
            }
        }
        return -1;
    }

    @Nullable
    PendingAppend pending(short wantedEpoch, int firstSequence, int lastSequence) {
        for (PendingAppend each = firstPending; each != null; each = each.next) {
            if (each.epoch == wantedEpoch && each.firstSequence == firstSequence && each.lastSequence == lastSequence) {
                return each;
            }
        }
        return null;
    }

    boolean hasPending() {
        return firstPending != null;
    }

    void push(PendingAppend append) {
        PendingAppend last = lastPending;
        if (last == null) {
            firstPending = append;
        } else {
            last.next = append;
        }
        lastPending = append;
    }

    /** Appends complete in order, so it is the first. */
    void remove(PendingAppend append) {
        PendingAppend before = null;
        PendingAppend each = firstPending;
        while (each != null && each != append) {
            before = each;
            each = each.next;
        }
        if (each == null) {
            throw new IllegalStateException("an append has completed twice");
        }
        if (before == null) {
            firstPending = append.next;
        } else {
            before.next = append.next;
        }
        if (lastPending == append) {
            lastPending = before;
        }
        append.next = null;
    }

    /** Another epoch begins anew. */
    void committed(short batchEpoch, int lastSequence, long lastOffset, int offsetDelta, long timestampMillis) {
        if (batchEpoch != epoch) {
            epoch = batchEpoch;
            count = 0;
        }
        newest = (newest + 1) % BATCHES_MAX;
        count = Math.min(BATCHES_MAX, count + 1);
        batches[newest] = lastOffset;
        batches[BATCHES_MAX + newest] = (long) lastSequence << 32 | offsetDelta;
        batches[2 * BATCHES_MAX + newest] = timestampMillis;
    }
}
