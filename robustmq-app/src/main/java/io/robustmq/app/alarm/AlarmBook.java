/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.kernel.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Alarms that are on, and the last ones that were. One is raised when a finding was bad for as long as its kind asks for and is
 * cleared when it was good for as long; a finding in between keeps what is. Bounded: what is beyond {@value #ALARMS_MAX} is counted
 * only. Thread-safe: one lock; listeners are called outside of it, by whoever reports.
 */
final class AlarmBook {
    static final int ALARMS_MAX = 1_000;

    /** Told of an alarm when it is raised, and again, with the time, when it is cleared. */
    @FunctionalInterface
    interface Listener {
        void changed(Alarm alarm);
    }

    /** Guarded by the lock of the book. */
    private static final class Entry {
        private final AlarmKind kind;
        private final long badSinceNanos;
        private @Nullable Long goodSinceNanos;
        private @Nullable Alarm raised;

        Entry(AlarmKind kind, long badSinceNanos) {
            this.kind = kind;
            this.badSinceNanos = badSinceNanos;
        }
    }

    private final Clock clock;
    private final int node;
    private final int historyMax;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final ArrayDeque<Alarm> history = new ArrayDeque<>();
    private long raisedCount;
    private long beyondCount;

    /** @param historyMax cleared alarms that are remembered */
    AlarmBook(Clock clock, int node, int historyMax) {
        this.clock = clock;
        this.node = node;
        this.historyMax = historyMax;
    }

    void onChange(Listener listener) {
        listeners.add(listener);
    }

    /**
     * One look of all checks. What is not found is good, unless some check failed: then it may be there or not, and stays.
     *
     * @param complete whether every check has answered
     */
    void look(List<Finding> findings, boolean complete) {
        List<Alarm> changed = new ArrayList<>();
        synchronized (this) {
            long now = clock.nanos();
            Set<String> found = new HashSet<>();
            for (Finding finding : findings) {
                found.add(finding.id());
                take(finding, now, changed);
            }
            if (complete) {
                for (String id : List.copyOf(entries.keySet())) {
                    if (!found.contains(id)) {
                        good(id, now, changed);
                    }
                }
            }
        }
        for (Alarm alarm : changed) {
            listeners.forEach(listener -> listener.changed(alarm));
        }
    }

    private void take(Finding finding, long now, List<Alarm> changed) {
        String id = finding.id();
        Entry entry = entries.get(id);
        if (finding.verdict() == Verdict.GOOD) {
            good(id, now, changed);
        } else if (finding.verdict() == Verdict.BAD) {
            bad(id, entry, finding, now, changed);
        } else if (entry != null && entry.raised != null) {
            entry.goodSinceNanos = null;
            entry.raised = entry.raised.withNews(finding);
        } else {
            entries.remove(id);
        }
    }

    private void bad(String id, @Nullable Entry known, Finding finding, long now, List<Alarm> changed) {
        Entry entry = known;
        if (entry == null) {
            if (entries.size() >= ALARMS_MAX) {
                beyondCount++;
                return;
            }
            entry = new Entry(finding.kind(), now);
            entries.put(id, entry);
        }
        entry.goodSinceNanos = null;
        if (entry.raised != null) {
            entry.raised = entry.raised.withNews(finding);
        } else if (now - entry.badSinceNanos >= finding.kind().raiseNanos()) {
            Alarm alarm = new Alarm(
                    ++raisedCount,
                    id,
                    finding.kind().key(),
                    finding.of(),
                    finding.kind().severity(),
                    node,
                    finding.message(),
                    clock.millis(),
                    null,
                    finding.details());
            entry.raised = alarm;
            changed.add(alarm);
        }
    }

    private void good(String id, long now, List<Alarm> changed) {
        Entry entry = entries.get(id);
        if (entry == null) {
            return;
        }
        Alarm alarm = entry.raised;
        if (alarm == null) {
            entries.remove(id);
            return;
        }
        if (entry.goodSinceNanos == null) {
            entry.goodSinceNanos = now;
        }
        if (now - entry.goodSinceNanos >= entry.kind.clearNanos()) {
            entries.remove(id);
            Alarm cleared = alarm.clearedAt(clock.millis());
            history.addFirst(cleared);
            while (history.size() > historyMax) {
                history.removeLast();
            }
            changed.add(cleared);
        }
    }

    /** Those that are on. */
    synchronized List<Alarm> active() {
        List<Alarm> active = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.raised != null) {
                active.add(entry.raised);
            }
        }
        return active;
    }

    /** Those that were on, the last cleared first. */
    synchronized List<Alarm> history() {
        return List.copyOf(history);
    }

    synchronized int count(Severity severity) {
        return (int)
                active().stream().filter(alarm -> alarm.severity() == severity).count();
    }

    /** How many were raised since the start. */
    synchronized long raised() {
        return raisedCount;
    }

    /** How often a finding had no room. */
    synchronized long beyond() {
        return beyondCount;
    }
}
