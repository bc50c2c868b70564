/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.robustmq.broker.coordinator.Command.Outcome;
import io.robustmq.broker.coordinator.CoordinatorHandle;
import io.robustmq.broker.coordinator.CoordinatorRecord;
import io.robustmq.broker.delay.DelayedMachine.Entry;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.ErrorKind;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The timer of one partition: takes what is due in groups, publishes it, and removes it from the log when it is published. The
 * wall clock decides, asked at least once a minute while something waits, since it may be set. Confined to the partition's loop.
 */
final class DelayedQueue implements DelayedMachine.Listener {
    private static final Logger LOG = LoggerFactory.getLogger(DelayedQueue.class);
    private static final int GROUP_MAX = 1024;
    private static final long GROUP_BYTES_MAX = 4 << 20;
    private static final int SKIPPED_MAX = 10_000;
    private static final long SLEEP_MILLIS_MAX = 60_000;
    private static final long RETRY_MILLIS = 1000;
    private static final long RETRY_MILLIS_MAX = 30_000;

    private final DelayedMachine machine;
    private final Supplier<ShardStore> store;
    private final DueWay way;
    private final Loop loop;
    private final Clock clock;
    private final DelayCounters counters;
    private final Doubts doubts;
    /** Published, or nobody wants them any more; their removal is not yet committed. */
    private final Set<Entry> done = new HashSet<>();
    /** Tried in vain; bounded by what is due. */
    private final Map<Entry, Retry> retries = new HashMap<>();

    private @Nullable CoordinatorHandle<DelayedMachine> handle;
    private Set<Entry> group = Set.of();
    private boolean loaded;
    private boolean closed;
    private @Nullable Cancellable timer;
    private long timerAtMillis;

    private record Retry(long atMillis, long pauseMillis) {}

    /** @param store of the partition's shard */
    DelayedQueue(
            DelayedMachine machine,
            Supplier<ShardStore> store,
            DueWay way,
            Loop loop,
            Clock clock,
            DelayCounters counters) {
        this.machine = machine;
        this.store = store;
        this.way = way;
        this.loop = loop;
        this.clock = clock;
        this.counters = counters;
        this.doubts = new Doubts(machine, way, loop);
    }

    /** Begins, from any thread: what is done with is removed through the coordinator. */
    void serve(CoordinatorHandle<DelayedMachine> coordinator) {
        loop.execute(() -> {
            handle = coordinator;
            pump();
        });
    }

    /** Whether the message is being published, so that it is too late to cancel it. */
    boolean isUnderWay(DelayedId id) {
        Entry entry = machine.find(id);
        return entry != null && (group.contains(entry) || done.contains(entry));
    }

    ShardStore store() {
        return store.get();
    }

    @Override
    public void added() {
        pump();
    }

    @Override
    public void loaded() {
        if (!loaded) {
            // An earlier life may have published what was due by then; its clock may have been a little ahead.
            doubts.begin(clock.millis() + SLEEP_MILLIS_MAX);
        }
        loaded = true;
        // The coordinator takes commands when this has returned.
        loop.execute(this::pump);
    }

    void close() {
        closed = true;
        cancelTimer();
    }

    // --- what is due

    private void pump() {
        CoordinatorHandle<DelayedMachine> coordinator = handle;
        if (coordinator == null || !group.isEmpty() || closed || machine.isLoading()) {
            return;
        }
        long now = clock.millis();
        Set<Entry> due = new HashSet<>();
        long wakeAtMillis = collect(now, due);
        if (due.isEmpty()) {
            arm(now, wakeAtMillis);
            return;
        }
        group = due;
        List<Entry> unpublished =
                due.stream().filter(each -> !done.contains(each)).toList();
        EntryRead.of(store.get(), loop, unpublished)
                .thenCompose(messages -> sorted(unpublished, messages, now))
                .whenComplete((messages, failure) -> {
                    if (failure != null) {
                        LOG.warn(
                                "due messages of partition {} cannot be read, trying again",
                                machine.partition(),
                                failure);
                        unpublished.forEach(this::retry);
                        remove();
                    } else {
                        publish(messages);
                    }
                });
    }

    /** Takes a group of what is due; answers when to look again if there is none. */
    private long collect(long now, Set<Entry> due) {
        long bytes = 0;
        int skipped = 0;
        long wakeAtMillis = Long.MAX_VALUE;
        for (Entry entry : machine.entries()) {
            if (entry.dueMillis() > now) {
                return Math.min(wakeAtMillis, entry.dueMillis());
            }
            Retry retry = retries.get(entry);
            if (!machine.waits(entry.id(machine.partition())) || retry != null && retry.atMillis > now) {
                wakeAtMillis = retry == null ? wakeAtMillis : Math.min(wakeAtMillis, retry.atMillis);
                if (++skipped > SKIPPED_MAX) {
                    break;
                }
                continue;
            }
            bytes += entry.sizeBytes();
            if (due.size() == GROUP_MAX || bytes > GROUP_BYTES_MAX && !due.isEmpty()) {
                break;
            }
            due.add(entry);
        }
        return wakeAtMillis;
    }

    /** What is left to publish, in order: without what has expired, and without what has been published before. */
    private CompletionStage<Map<Entry, DelayedMessage>> sorted(
            List<Entry> due, Map<Entry, DelayedMessage> messages, long now) {
        Map<Entry, DelayedMessage> left = new TreeMap<>();
        Map<Entry, DelayedMessage> doubted = new LinkedHashMap<>();
        for (Entry entry : due) {
            DelayedMessage message = messages.get(entry);
            if (message == null) {
                LOG.error("delayed message {} is not in its log any more", entry.id(machine.partition()));
                counters.dropped.increment();
                done.add(entry);
            } else if (message.expired(now)) {
                counters.expired.increment();
                done.add(entry);
            } else {
                left.put(entry, message);
                if (doubts.isDoubted(entry)) {
                    doubted.put(entry, message);
                }
            }
        }
        if (doubted.isEmpty()) {
            doubts.settled();
            return CompletableFuture.completedStage(left);
        }
        return doubts.lookFor(doubted).thenApply(verdict -> {
            counters.recovered.add(verdict.published().size());
            done.addAll(verdict.published());
            left.keySet().removeAll(verdict.published());
            verdict.unknown().forEach(this::retry);
            left.keySet().removeAll(verdict.unknown());
            return left;
        });
    }

    private void publish(Map<Entry, DelayedMessage> messages) {
        if (closed) {
            return;
        }
        Publishing publishing = new Publishing(messages.size());
        messages.forEach((entry, message) -> way.publish(entry.id(machine.partition()), message, loop, error -> {
            published(entry, message, error);
            publishing.one();
        }));
        publishing.one();
    }

    /** Counts until all are published, and the caller has returned. Confined to the loop. */
    private final class Publishing {
        private int missing;

        Publishing(int messages) {
            missing = messages + 1;
        }

        void one() {
            if (--missing == 0) {
                remove();
            }
        }
    }

    private void published(Entry entry, DelayedMessage message, @Nullable RmqError error) {
        if (error == null) {
            counters.published.increment();
            done.add(entry);
        } else if (error.kind() == ErrorKind.CLIENT) {
            counters.dropped.increment();
            LOG.warn(
                    "the delayed message of '{}' to '{}' was refused when it was due: {}",
                    message.client().clientId(),
                    message.subject(),
                    error);
            done.add(entry);
        } else {
            // It may be in the log nevertheless: whoever tries again looks.
            doubts.begin(clock.millis());
            retry(entry);
        }
    }

    private void retry(Entry entry) {
        counters.retries.increment();
        Retry before = retries.get(entry);
        long pause = before == null ? RETRY_MILLIS : Math.min(RETRY_MILLIS_MAX, before.pauseMillis * 2);
        retries.put(entry, new Retry(clock.millis() + pause, pause));
    }

    // --- removal

    /** Takes what is done with out of the log; the next group follows when that is committed. */
    private void remove() {
        List<Entry> removable = group.stream().filter(done::contains).sorted().toList();
        CoordinatorHandle<DelayedMachine> coordinator = handle;
        if (removable.isEmpty() || coordinator == null) {
            next();
            return;
        }
        RmqError refused =
                coordinator.submit(state -> Outcome.of(true, tombstones(state, removable)), (response, failure) -> {
                    if (failure == null) {
                        removable.forEach(done::remove);
                        removable.forEach(retries::remove);
                    } else if (!closed) {
                        // The state is loaded again; what is done stays known here, and is removed then.
                        removable.forEach(this::retry);
                    }
                    next();
                });
        if (refused != null) {
            removable.forEach(this::retry);
            next();
        }
    }

    private static List<CoordinatorRecord> tombstones(DelayedMachine state, List<Entry> removable) {
        List<CoordinatorRecord> tombstones = new ArrayList<>(removable.size());
        for (Entry entry : removable) {
            DelayedId id = entry.id(state.partition());
            if (state.waits(id)) {
                tombstones.add(new CoordinatorRecord(id.key(), null));
            }
        }
        return tombstones;
    }

    private void next() {
        group = Set.of();
        if (!closed) {
            // Not within the answer: the loop has others to serve.
            loop.execute(this::pump);
        }
    }

    // --- time

    private void arm(long now, long wakeAtMillis) {
        if (wakeAtMillis == Long.MAX_VALUE) {
            return;
        }
        long at = Math.min(wakeAtMillis, now + SLEEP_MILLIS_MAX);
        if (timer != null && timerAtMillis <= at && timerAtMillis > now) {
            return;
        }
        cancelTimer();
        timerAtMillis = at;
        timer = loop.schedule(Math.max(1, at - now), () -> {
            timer = null;
            pump();
        });
    }

    private void cancelTimer() {
        Cancellable armed = timer;
        if (armed != null) {
            armed.cancel();
            timer = null;
        }
    }
}
