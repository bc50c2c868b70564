/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.coordinator.StateMachine;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One partition of {@code __delayed}: what waits, by due time, and where in the log it is; the messages themselves stay there.
 * Only what is committed is shown. Confined to its coordinator's loop.
 */
final class DelayedMachine implements StateMachine {
    private static final short STATE_VERSION = 1;
    private static final int SEQUENCE_BITS = 20;

    private final int partition;
    private final Totals totals;
    private final TreeSet<Entry> entries = new TreeSet<>();
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private final HashSet<DelayedId> leaving = new HashSet<>();
    private @Nullable Listener listener;
    private long lastSequence;
    private boolean loading = true;

    /**
     * A message that waits. Immutable; about 90 bytes with its place in the tree.
     *
     * @param offset of its record
     * @param sizeBytes of its record
     */
    record Entry(long dueMillis, long sequence, long offset, int sizeBytes) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byTime = Long.compare(dueMillis, other.dueMillis);
            return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
        }

        DelayedId id(int partition) {
            return new DelayedId(partition, dueMillis, sequence);
        }

        static Entry probe(DelayedId id) {
            return new Entry(id.dueMillis(), id.sequence(), -1, 0);
        }
    }

    /** @param sizeBytes 0 when the message goes */
    private record Change(long offset, DelayedId id, int sizeBytes) {}

    /** Told on the coordinator's loop. */
    interface Listener {
        /** Something waits that did not. */
        void added();

        /** What the shard says has been read, for the first time or again. */
        void loaded();
    }

    DelayedMachine(int partition, Totals totals) {
        this.partition = partition;
        this.totals = totals;
    }

    void listener(Listener told) {
        listener = told;
    }

    int partition() {
        return partition;
    }

    /** While the shard is read, what is shown may have been removed behind it. */
    boolean isLoading() {
        return loading;
    }

    /** A number above all that the partition has seen, and above those it has forgotten unless the clock went back. */
    long nextSequence(long nowMillis) {
        return Math.max(lastSequence + 1, nowMillis << SEQUENCE_BITS);
    }

    /** What is committed, by due time. */
    SortedSet<Entry> entries() {
        return entries;
    }

    /** What is due behind that id, which may be another partition's. */
    SortedSet<Entry> entriesAfter(DelayedId id) {
        return entries.tailSet(Entry.probe(id), partition > id.partition());
    }

    @Nullable
    Entry find(DelayedId id) {
        Entry probe = Entry.probe(id);
        Entry found = entries.ceiling(probe);
        return found != null && found.compareTo(probe) == 0 ? found : null;
    }

    /** Whether it is there and its removal is not under way. */
    boolean waits(DelayedId id) {
        return find(id) != null && !leaving.contains(id);
    }

    @Override
    public void replay(CoordinatorRecord record, long offset) {
        DelayedId id = DelayedId.ofKey(partition, record.key());
        lastSequence = Math.max(lastSequence, id.sequence());
        Change change = new Change(offset, id, record.value() == null ? 0 : record.sizeBytes());
        if (loading) {
            apply(change);
            return;
        }
        changes.add(change);
        if (change.sizeBytes == 0) {
            leaving.add(id);
        }
    }

    @Override
    public void committed(long offset) {
        boolean added = false;
        for (Change next = changes.peek(); next != null && next.offset < offset; next = changes.peek()) {
            changes.remove();
            added |= apply(next);
        }
        if (added && listener != null) {
            listener.added();
        }
    }

    private boolean apply(Change change) {
        Entry previous = find(change.id);
        if (previous != null) {
            entries.remove(previous);
            totals.remove(previous.sizeBytes);
        }
        leaving.remove(change.id);
        if (change.sizeBytes == 0) {
            return false;
        }
        add(new Entry(change.id.dueMillis(), change.id.sequence(), change.offset, change.sizeBytes));
        return true;
    }

    private void add(Entry entry) {
        entries.add(entry);
        totals.add(entry.sizeBytes);
    }

    @Override
    public void reset() {
        entries.forEach(entry -> totals.remove(entry.sizeBytes));
        entries.clear();
        changes.clear();
        leaving.clear();
        loading = true;
    }

    @Override
    public void loaded() {
        loading = false;
        if (listener != null) {
            listener.loaded();
        }
    }

    // --- snapshots

    @Override
    public short stateVersion() {
        return STATE_VERSION;
    }

    @Override
    public StateDump dump() {
        return new StateDump() {
            private @Nullable Entry last;

            @Override
            public boolean write(ByteBuf out, int bytes) {
                int until = out.writerIndex() + bytes;
                while (out.writerIndex() < until) {
                    Entry next = last == null ? (entries.isEmpty() ? null : entries.first()) : entries.higher(last);
                    if (next == null) {
                        return true;
                    }
                    out.writeLong(next.dueMillis)
                            .writeLong(next.sequence)
                            .writeLong(next.offset)
                            .writeInt(next.sizeBytes);
                    last = next;
                }
                return false;
            }
        };
    }

    @Override
    public void restore(ByteBuf body) {
        while (body.isReadable()) {
            Entry entry = new Entry(body.readLong(), body.readLong(), body.readLong(), body.readInt());
            lastSequence = Math.max(lastSequence, entry.sequence);
            add(entry);
        }
    }
}
