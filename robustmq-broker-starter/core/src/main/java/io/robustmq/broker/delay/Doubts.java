/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.delay;

import io.robustmq.broker.delay.DelayedMachine.Entry;
import io.robustmq.kernel.Loop;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether messages that were due before have been published, by somebody who could not remove them any more: an
 * earlier life of the node, or an append that failed without an answer. Each record of a delayed message says its id, and none
 * is older than its due time, so the records since then are looked through, once for each shard. Confined to the loop.
 */
final class Doubts {
    private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);

    /** Clocks are set back by less, when they are not set by hand. */
    private static final long CLOCK_MILLIS = 1000;

    private final DelayedMachine machine;
    private final DueWay way;
    private final Loop loop;
    /** What has been looked through, by shard. */
    private final Map<DueWay.Place, Seen> seen = new HashMap<>();

    private long untilMillis = Long.MIN_VALUE;

    /** @param ids those found of messages that still wait */
    private record Seen(long sinceMillis, Set<DelayedId> ids) {}

    /**
     * What was found out.
     *
     * @param published not to be published again
     * @param unknown of a shard that cannot be read now
     */
    record Verdict(Set<Entry> published, Set<Entry> unknown) {}

    Doubts(DelayedMachine machine, DueWay way, Loop loop) {
        this.machine = machine;
        this.way = way;
        this.loop = loop;
    }

    /** Messages due until then are in doubt; what has been looked through may be out of date. */
    void begin(long until) {
        untilMillis = Math.max(untilMillis, until);
        seen.clear();
    }

    boolean isDoubted(Entry entry) {
        return entry.dueMillis() <= untilMillis;
    }

    /** Nothing doubted is left. */
    void settled() {
        seen.clear();
    }

    /** Looks for the messages where they would be kept. Completes on the loop. */
    CompletionStage<Verdict> lookFor(Map<Entry, DelayedMessage> messages) {
        Map<DueWay.Place, Long> since = new LinkedHashMap<>();
        messages.forEach((entry, message) -> {
            DueWay.Place place = way.placeOf(message);
            if (place != null) {
                since.merge(place, entry.dueMillis() - CLOCK_MILLIS, Math::min);
            }
        });
        CompletionStage<Void> looked = CompletableFuture.completedStage(null);
        for (Map.Entry<DueWay.Place, Long> each : since.entrySet()) {
            looked = looked.thenCompose(v -> lookThrough(each.getKey(), each.getValue()));
        }
        return looked.thenApply(v -> verdict(messages));
    }

    private Verdict verdict(Map<Entry, DelayedMessage> messages) {
        Verdict verdict = new Verdict(new HashSet<>(), new HashSet<>());
        messages.forEach((entry, message) -> {
            DueWay.Place place = way.placeOf(message);
            Seen inPlace = place == null ? null : seen.get(place);
            if (place != null && inPlace == null) {
                verdict.unknown.add(entry);
            } else if (inPlace != null && isPublished(entry, message, inPlace)) {
                verdict.published.add(entry);
            }
        });
        return verdict;
    }

    private CompletionStage<Void> lookThrough(DueWay.Place place, long sinceMillis) {
        Seen before = seen.get(place);
        if (before != null && before.sinceMillis <= sinceMillis) {
            return CompletableFuture.completedStage(null);
        }
        Seen now = new Seen(sinceMillis, new HashSet<>());
        seen.remove(place);
        return place.visit(sinceMillis, loop, text -> {
                    DelayedId id = DelayedId.parseOrNull(text);
                    if (id != null && id.partition() == machine.partition() && machine.find(id) != null) {
                        now.ids.add(id);
                    }
                })
                .handle((v, failure) -> {
                    if (failure == null) {
                        seen.put(place, now);
                    } else {
                        LOG.warn("{} cannot be looked through for delayed messages, trying again", place, failure);
                    }
                    return null;
                });
    }

    /** A retained one goes to two topics: it has been published when the second says so, too. */
    private boolean isPublished(Entry entry, DelayedMessage message, Seen inPlace) {
        return inPlace.ids.contains(entry.id(machine.partition()))
                && (!message.retain() || way.isRetained(message, entry.dueMillis() - CLOCK_MILLIS));
    }
}
