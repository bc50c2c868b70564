/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import io.robustmq.storage.conformance.ConformanceBench;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * What one shard must hold after a kill, from what its writers said: what was acknowledged is there, what was begun may be,
 * nothing else is. Confined to the test.
 */
final class ShardModel {
    private final int shard;
    private final NavigableRecords records = new NavigableRecords();
    /** Offsets that compaction has taken out. */
    private final Set<Long> removed = new TreeSet<>();

    private final Map<Long, Replacement> replacing = new LinkedHashMap<>();
    private final Map<Long, Long> state = new HashMap<>();
    private final Map<Long, List<Long>> statePending = new HashMap<>();
    private long acknowledged;
    private long mustEnd;
    private long start;
    private long startPending;
    private long epoch;

    /** Records by offset. */
    private static final class NavigableRecords extends TreeMap<Long, Content> {}

    /** A compaction that may have happened. */
    private record Replacement(Set<Long> taken) {}

    ShardModel(int shard) {
        this.shard = shard;
    }

    long epoch() {
        return epoch;
    }

    /** Records that were acknowledged so far. */
    long acknowledged() {
        return acknowledged;
    }

    void hear(Told told) {
        switch (told.kind()) {
            case APPENDED -> appended(told);
            case DELETING -> startPending = Math.max(startPending, told.number(0));
            case DELETED -> start = Math.max(start, told.number(0));
            case PUTTING ->
                statePending
                        .computeIfAbsent(told.number(0), name -> new ArrayList<>())
                        .add(told.number(1));
            case PUT -> {
                state.put(told.number(0), told.number(1));
                List<Long> pending = statePending.get(told.number(0));
                // Whatever was begun before is overwritten.
                pending.subList(0, pending.indexOf(told.number(1)) + 1).clear();
            }
            case REPLACING -> {
                Set<Long> kept = LongStream.of(told.numbers()).skip(3).boxed().collect(Collectors.toSet());
                Set<Long> taken = LongStream.range(told.number(1), told.number(2))
                        .filter(offset -> !kept.contains(offset))
                        .boxed()
                        .collect(Collectors.toSet());
                replacing.put(told.number(0), new Replacement(taken));
            }
            case REPLACED -> removed.addAll(replacing.remove(told.number(0)).taken());
            case NOT_REPLACED -> replacing.remove(told.number(0));
            case OPENED -> epoch = Math.max(epoch, told.number(0));
            case OPENING -> {}
            case WRONG -> throw new AssertionError("shard " + shard + ": a call failed that must not: " + told.why());
        }
    }

    private void appended(Told told) {
        long base = told.number(0);
        acknowledged += told.number(1);
        for (int record = 0; record < told.number(1); record++) {
            Content content = new Content(shard, told.number(2), told.number(3) + record);
            Content other = records.put(base + record, content);
            check(other == null, (base + record) + " was acknowledged twice: " + other + " and " + content);
        }
        if (told.number(4) == 1) {
            mustEnd = Math.max(mustEnd, base + told.number(1));
        }
    }

    private void check(boolean holds, String rule) {
        if (!holds) {
            throw new AssertionError("shard " + shard + ": " + rule);
        }
    }

    /** Compares with what is visible, and takes that for the truth from now on. */
    void verify(long visibleStart, long visibleEnd, List<ConformanceBench.Item> items) {
        check(visibleEnd >= mustEnd, "acknowledged up to " + mustEnd + ", but it ends at " + visibleEnd);
        check(
                visibleStart >= start && visibleStart <= Math.max(start, startPending),
                "it starts at " + visibleStart + " instead of " + start + " or up to " + startPending);
        NavigableRecords visible = new NavigableRecords();
        for (ConformanceBench.Item item : items) {
            if (item.offset() >= visibleStart) {
                Content content = Content.of(item.value());
                check(content.shard() == shard, "a record of shard " + content.shard() + " at " + item.offset());
                check(visible.put(item.offset(), content) == null, "two records at " + item.offset());
            }
        }
        checkReplacements(visible, visibleStart);
        checkPresence(visible, visibleStart, visibleEnd);
        checkOrder(visible);
        records.clear();
        records.putAll(visible);
        removed.removeIf(offset -> offset < visibleStart);
        replacing.clear();
        start = visibleStart;
        startPending = visibleStart;
        mustEnd = visibleEnd;
    }

    /** One that was begun has happened as a whole or not at all. */
    private void checkReplacements(NavigableRecords visible, long visibleStart) {
        for (Replacement begun : replacing.values()) {
            long there = begun.taken().stream()
                    .filter(offset -> offset >= visibleStart)
                    .filter(visible::containsKey)
                    .count();
            long possible = begun.taken().stream()
                    .filter(offset -> offset >= visibleStart)
                    .count();
            check(there == 0 || there == possible, "half of a replacement: " + there + " of " + possible);
            if (there == 0) {
                removed.addAll(begun.taken());
            }
        }
    }

    private void checkPresence(NavigableRecords visible, long visibleStart, long visibleEnd) {
        for (long offset = visibleStart; offset < visibleEnd; offset++) {
            Content there = visible.get(offset);
            Content expected = records.get(offset);
            if (removed.contains(offset)) {
                check(there == null, offset + " was compacted away and is back");
            } else {
                check(there != null, offset + " is missing; it was " + expected);
                check(expected == null || expected.equals(there), there + " at " + offset + " instead of " + expected);
            }
        }
        check(visible.isEmpty() || visible.lastKey() < visibleEnd, "a record beyond the end");
    }

    /** Whatever nobody heard of is what its writer sent next. */
    private void checkOrder(NavigableRecords visible) {
        Map.Entry<Long, Content> before = null;
        for (Map.Entry<Long, Content> entry : visible.entrySet()) {
            if (before != null) {
                long distance = entry.getKey() - before.getKey();
                Content was = before.getValue();
                Content is = entry.getValue();
                boolean next = was.writer() == is.writer()
                        ? is.sequence() - was.sequence() == distance
                        : is.writer() > was.writer() && is.sequence() < distance;
                check(next, is + " at " + entry.getKey() + " follows " + was + " at " + before.getKey());
            }
            before = entry;
        }
    }

    void verifyState(long name, long version) {
        Long acknowledged = state.get(name);
        List<Long> pending = statePending.getOrDefault(name, List.of());
        boolean known = acknowledged == null ? version == -1 : version == acknowledged;
        check(
                known || pending.contains(version),
                "state " + name + " is of " + version + " instead of " + acknowledged + " or one of " + pending);
        if (version >= 0) {
            state.put(name, version);
        }
        statePending.remove(name);
    }
}
