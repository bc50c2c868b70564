/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import io.robustmq.kernel.Cancellable;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedEvent;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of a group, for watchers that resume; it is not part of the state and starts anew after a restart or an
 * installed snapshot. Revisions have no gaps, so a change is found by its number. Thread-safe; one thread appends.
 */
public final class ChangeLog {
    static final int CHANGES_MAX = 4096;
    static final long BYTES_MAX = 4L << 20;

    private final WatchedChange[] ring = new WatchedChange[CHANGES_MAX];
    private final List<Runnable> wakeUps = new CopyOnWriteArrayList<>();
    private long oldest = 1;
    private long next = 1;
    private long bytes;

    /** What a watcher gets next. */
    public sealed interface Step {
        /** Nothing new: wait for the wake-up. */
        record UpToDate() implements Step {}

        /** Changes from the watcher's revision on are gone: read the whole state. */
        record TooOld() implements Step {}

        /** One change and where to go on; no change when none of the skipped ones concerned the kinds. */
        record Next(@Nullable WatchedChange change, long nextRevision) implements Step {}
    }

    void append(WatchedChange change) {
        synchronized (this) {
            ring[slot(change.getRevision())] = change;
            next = change.getRevision() + 1;
            bytes += change.getSerializedSize();
            while (next - oldest > CHANGES_MAX - 1 || bytes > BYTES_MAX && oldest < next - 1) {
                dropOldest();
            }
        }
        wakeUps.forEach(Runnable::run);
    }

    private void dropOldest() {
        WatchedChange dropped = ring[slot(oldest)];
        bytes -= dropped == null ? 0 : dropped.getSerializedSize();
        ring[slot(oldest)] = null;
        oldest++;
    }

    /** Forgets all; changes after the revision will follow. */
    void restart(long revision) {
        synchronized (this) {
            while (oldest < next) {
                dropOldest();
            }
            oldest = revision + 1;
            next = oldest;
            bytes = 0;
        }
        wakeUps.forEach(Runnable::run);
    }

    /** The next change from the revision on that concerns the kinds. */
    public synchronized Step read(long fromRevision, Set<String> kinds) {
        long revision = Math.max(1, fromRevision);
        if (revision < oldest) {
            return new Step.TooOld();
        }
        if (revision >= next) {
            return new Step.UpToDate();
        }
        for (; revision < next; revision++) {
            WatchedChange change = filtered(ring[slot(revision)], kinds);
            if (change != null) {
                return new Step.Next(change, revision + 1);
            }
        }
        return new Step.Next(null, revision);
    }

    private static @Nullable WatchedChange filtered(WatchedChange change, Set<String> kinds) {
        List<WatchedEvent> events = change.getEventsList().stream()
                .filter(event -> kinds.contains(event.getKey().getKind()))
                .toList();
        if (events.isEmpty()) {
            return null;
        }
        return events.size() == change.getEventsCount()
                ? change
                : WatchedChange.newBuilder()
                        .setRevision(change.getRevision())
                        .addAllEvents(events)
                        .build();
    }

    /** Runs the wake-up after each change, on the appending thread; it only hands over. */
    public Cancellable onChange(Runnable wakeUp) {
        wakeUps.add(wakeUp);
        return () -> wakeUps.remove(wakeUp);
    }

    private static int slot(long revision) {
        return (int) (revision % CHANGES_MAX);
    }
}
