/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one shard may hold, as plain lists: each answer of the engine is compared with it, and what could not be known before
 * is learned from it. Confined to the simulation.
 */
final class ShardModel {
    /** One offset. */
    record Slot(Sent sent, int index) {
        String value() {
            return sent.values.get(index);
        }

        long timestamp() {
            return sent.entries.get(index).timestampMillis();
        }
    }

    private final String name;
    private @Nullable AssertionError firstError;
    private int incarnation;
    private final TreeMap<Long, Slot> slots = new TreeMap<>();
    private final Map<Long, Sent> sent = new HashMap<>();
    /** Offsets that are compacted away, and by which compaction: a read that had begun before may still see them. */
    private final Map<Long, Integer> dropped = new HashMap<>();

    private int compactions;
    /** Failed in this process: without effect, unless the next one finds their records in the log. */
    private final List<Compaction> failed = new ArrayList<>();
    /** Of former processes: nobody knows before the shard has been read. */
    private final List<Compaction> doubtful = new ArrayList<>();

    private @Nullable Compaction compaction;
    /** Where the shard began when it was last looked at, and where it may begin. */
    private long lowStart;

    private long highStart;
    private boolean retained;
    private long watermark;
    private long forced;
    private int fence = -1;
    private int highestTried = -1;
    private boolean destroying;
    /** Whether appends may have been refused and nobody was told. */
    private boolean mayRefuse;

    private final Map<String, States> states = new HashMap<>();

    /** One range on its way to its compacted form. */
    static final class Compaction {
        final Set<Long> goes;

        Compaction(Set<Long> goes) {
            this.goes = goes;
        }
    }

    /** Versions of one state: the acknowledged one, and those that may have taken its place. */
    private static final class States {
        final List<Integer> possible = new ArrayList<>(List.of(-1));
    }

    ShardModel(String name) {
        this.name = name;
    }

    AssertionError wrong(String what) {
        AssertionError error = new AssertionError(name + ": " + what + "; " + this);
        // Whoever completes a future may swallow it.
        firstError = firstError == null ? error : firstError;
        return error;
    }

    void throwFirst() {
        if (firstError != null) {
            throw firstError;
        }
    }

    void check(boolean right, String what) {
        if (!right) {
            throw wrong(what);
        }
    }

    int incarnation() {
        return incarnation;
    }

    long watermark() {
        return watermark;
    }

    long start() {
        return lowStart;
    }

    /** Nothing below is sure to be there any more. */
    long highStart() {
        return highStart;
    }

    int highestTried() {
        return highestTried;
    }

    int fence() {
        return fence;
    }

    boolean isDestroying() {
        return destroying;
    }

    boolean isCompacting() {
        return compaction != null;
    }

    // --- appends

    void sent(Sent batch) {
        sent.put(batch.sequence, batch);
    }

    void acknowledged(Sent batch, long base) {
        check(batch.outcome == Sent.Outcome.OPEN, "acknowledged at " + base + " is " + batch);
        check(batch.base < 0 || batch.base == base, "read elsewhere than acknowledged at " + base + ": " + batch);
        batch.outcome = Sent.Outcome.ACKNOWLEDGED;
        for (int index = 0; index < batch.count(); index++) {
            learn(base + index, batch, index);
        }
        watermark = Math.max(watermark, base + batch.count());
        forcedUpTo(batch);
    }

    void failed(Sent batch, boolean forGood, String why) {
        check(batch.base < 0, "it failed with " + why + ", but had been read: " + batch);
        batch.outcome = forGood ? Sent.Outcome.GONE : Sent.Outcome.FAILED;
    }

    private void forcedUpTo(Sent batch) {
        if (batch.durability == Durability.FSYNC) {
            forced = Math.max(forced, batch.base + batch.count());
        }
    }

    private void learn(long offset, Sent batch, int index) {
        Slot known = slots.get(offset);
        if (known == null) {
            check(!dropped.containsKey(offset), "offset " + offset + " was compacted away, and is " + batch);
            check(batch.outcome != Sent.Outcome.GONE, "offset " + offset + " holds what is gone: " + batch);
            long base = offset - index;
            check(batch.base < 0 || batch.base == base, "offset " + offset + " holds what moved: " + batch);
            batch.base = base;
            slots.put(offset, new Slot(batch, index));
        } else {
            check(
                    known.sent == batch && known.index == index,
                    "offset " + offset + " was " + known.index + " of " + known.sent + " and now is " + index + " of "
                            + batch);
        }
    }

    // --- what readers see

    /** Called with every look at the shard. */
    void seen(ShardStats stats) {
        if (destroying) {
            return;
        }
        check(
                stats.startOffset() <= stats.highWatermark() && stats.highWatermark() <= stats.endOffset(),
                "out of order: " + stats);
        seenWatermark(stats.highWatermark());
        seenStart(stats.startOffset());
    }

    void seenWatermark(long highWatermark) {
        check(highWatermark >= watermark, "the watermark goes back from " + watermark + " to " + highWatermark);
        watermark = highWatermark;
    }

    private void seenStart(long start) {
        check(start >= lowStart, "the start goes back from " + lowStart + " to " + start);
        check(start <= highStart || retained, "the start is " + start + ", nobody asked for more than " + highStart);
        lowStart = start;
        highStart = Math.max(highStart, start);
    }

    /** How many compactions were known to have had their effect: for {@link #read}, from when it begins. */
    int compactions() {
        return compactions;
    }

    /** What was read from an offset on; answers the offset behind it. */
    long read(long from, ReadLimits limits, ByteBuf bytes, long highWatermark, boolean alive, int compactedBefore) {
        check(highWatermark >= 0, "a read without a watermark");
        List<Long> offsets = new ArrayList<>();
        RecordBatchReader reader = new RecordBatchReader().reset(bytes);
        long next = from;
        while (reader.nextBatch()) {
            int at = reader.batchPosition();
            RecordBatch batch = new RecordBatch(bytes.slice(at, reader.batchSizeBytes()));
            check(
                    RecordBatches.computeCrc(batch) == batch.crc(),
                    "a damaged batch was served at " + batch.baseOffset());
            check(batch.nextOffset() <= highWatermark, "read beyond the watermark " + highWatermark);
            Sent last = null;
            while (reader.nextRecord()) {
                byte[] value = reader.record().value();
                long offset = reader.record().offset();
                String text = value == null ? "" : new String(value, StandardCharsets.UTF_8);
                boolean goneMeanwhile = dropped.getOrDefault(offset, 0) > compactedBefore;
                last = record(offset, text, goneMeanwhile);
                check(
                        last.epoch == batch.partitionLeaderEpoch(),
                        "offset " + offset + " is of epoch " + batch.partitionLeaderEpoch() + ": " + last);
                Slot slot = slots.get(offset);
                check(
                        goneMeanwhile
                                || slot != null
                                        && slot.timestamp() == reader.record().timestampMillis(),
                        "offset " + offset + " has another time");
                offsets.add(offset);
            }
            if (last != null && alive) {
                forcedUpTo(last);
            }
            next = Math.max(next, batch.nextOffset());
        }
        long upTo = offsets.isEmpty() ? Math.min(highWatermark, limits.maxOffset()) : next;
        complete(from, upTo, offsets);
        return next;
    }

    private Sent record(long offset, String value, boolean goneMeanwhile) {
        String[] words = value.split("\\.", 4);
        check(words.length == 4, "offset " + offset + " holds what nobody wrote: " + value);
        Sent batch = sent.get(Long.parseLong(words[1]));
        int index = Integer.parseInt(words[2]);
        check(
                batch != null
                        && index < batch.count()
                        && batch.values.get(index).equals(value),
                "offset " + offset + " holds what nobody wrote: " + value);
        check(batch.incarnation == incarnation, "offset " + offset + " is of a destroyed shard: " + batch);
        if (goneMeanwhile) {
            check(batch.base + index == offset, "offset " + offset + " holds what moved: " + batch);
        } else {
            learn(offset, batch, index);
        }
        return batch;
    }

    /** Nothing that must be there is left out. */
    private void complete(long from, long upTo, List<Long> offsets) {
        Set<Long> there = new HashSet<>(offsets);
        for (long offset : slots.subMap(Math.max(from, highStart), Math.max(upTo, Math.max(from, highStart)))
                .keySet()) {
            if (!there.contains(offset)) {
                check(
                        mayBeCompacted(offset),
                        "offset " + offset + " is missing in a read from " + from + " to " + upTo);
            }
        }
    }

    private boolean mayBeCompacted(long offset) {
        return compaction != null && compaction.goes.contains(offset)
                || doubtful.stream().anyMatch(one -> one.goes.contains(offset));
    }

    /** Everything from the start to the watermark was read: nothing is unknown, but for what compaction took. */
    void dense(long start, long end, Set<Long> seen) {
        for (long offset = start; offset < end; offset++) {
            check(
                    seen.contains(offset)
                            || dropped.containsKey(offset)
                            || mayBeCompacted(offset)
                            || offset < highStart,
                    "offset " + offset + " of [" + start + ", " + end + ") is nowhere");
        }
        if (compaction != null) {
            doubtful.add(compaction);
            compaction = null;
        }
        whichWereCompacted(seen);
        if (!mayRefuse) {
            holes();
        }
    }

    /** Each of those that are in doubt took all of its offsets, or none. */
    private void whichWereCompacted(Set<Long> seen) {
        for (Compaction one : doubtful) {
            if (one.goes.stream().noneMatch(seen::contains)) {
                compacted(one);
            }
        }
        for (Compaction one : doubtful) {
            Set<Long> left = new HashSet<>(one.goes);
            left.removeIf(offset -> offset < highStart || seen.contains(offset) || dropped.containsKey(offset));
            check(left.isEmpty(), "half of a range is compacted: " + one.goes + " of " + seen);
        }
        doubtful.clear();
    }

    /** What one owner sent arrived in its order, without holes but for what failed. */
    private void holes() {
        Map<Integer, Sent> lastByEpoch = new HashMap<>();
        for (Slot slot : slots.values()) {
            Sent now = slot.sent;
            Sent before = lastByEpoch.put(now.epoch, now);
            if (before != null && before != now) {
                check(before.number < now.number, "out of order: " + before + " before " + now);
            }
        }
        for (Sent batch : sent.values()) {
            Sent last = lastByEpoch.get(batch.epoch);
            boolean missing = batch.base < 0
                    && batch.incarnation == incarnation
                    && batch.outcome == Sent.Outcome.OPEN
                    && last != null
                    && last.number > batch.number;
            check(!missing || mayLieBelowStart(batch), "a hole: " + batch + " is not there, and " + last + " is");
        }
    }

    /** Nobody was told where it lies, and the start is above what is not known. */
    private boolean mayLieBelowStart(Sent batch) {
        for (Map.Entry<Long, Slot> slot : slots.entrySet()) {
            Sent next = slot.getValue().sent;
            if (next.epoch == batch.epoch && next.number > batch.number) {
                return slot.getKey() <= highStart && !slots.containsKey(slot.getKey() - 1);
            }
        }
        return false;
    }

    // --- other calls

    void deleting(long newStart) {
        highStart = Math.max(highStart, newStart);
    }

    void deleted(long start) {
        check(start >= lowStart && start <= highStart, "deleted up to " + start);
        lowStart = Math.max(lowStart, start);
    }

    void mayRefuse() {
        mayRefuse = true;
    }

    void mayRetain() {
        retained = true;
    }

    void compacting(Compaction begun) {
        compaction = begun;
    }

    void compactionIs(Compaction begun, boolean acknowledged) {
        if (compaction != begun) {
            return;
        }
        compaction = null;
        if (acknowledged) {
            compacted(begun);
        } else {
            failed.add(begun);
        }
    }

    private void compacted(Compaction done) {
        compactions++;
        done.goes.forEach(offset -> dropped.putIfAbsent(offset, compactions));
        done.goes.forEach(slots::remove);
    }

    void opening(int epoch) {
        highestTried = Math.max(highestTried, epoch);
    }

    void opened(int epoch) {
        fence = Math.max(fence, epoch);
    }

    void putting(String state, int version) {
        states.computeIfAbsent(state, key -> new States()).possible.add(version);
    }

    void put(String state, int version) {
        List<Integer> possible = states.get(state).possible;
        while (possible.get(0) != version) {
            possible.remove(0);
        }
    }

    void state(String state, int version, boolean asLast) {
        List<Integer> possible = states.computeIfAbsent(state, key -> new States()).possible;
        check(possible.contains(version), "state " + state + " is of version " + version + ", not of " + possible);
        if (asLast) {
            possible.clear();
            possible.add(version);
        }
    }

    Set<String> states() {
        return states.keySet();
    }

    Map<Long, Slot> slots() {
        return slots;
    }

    // --- ends

    void destroying() {
        destroying = true;
    }

    void destroyed() {
        destroying = false;
        incarnation++;
        slots.clear();
        dropped.clear();
        states.clear();
        failed.clear();
        doubtful.clear();
        compaction = null;
        lowStart = 0;
        highStart = 0;
        retained = false;
        watermark = 0;
        forced = 0;
        fence = -1;
        highestTried = -1;
    }

    /** All is on the device. */
    void closedCleanly() {
        forced = watermark;
    }

    /**
     * A new process has found the shard.
     *
     * @param power whether what was not forced may be lost
     * @param hasState whether it has any
     */
    void recovered(long start, long end, boolean power, boolean hasState) {
        if (destroying) {
            if (end == 0 && !hasState) {
                destroyed();
                return;
            }
            destroying = false;
        }
        long must = power ? forced : watermark;
        check(end >= must, "it ends at " + end + ", " + must + " was promised");
        seenStart(start);
        highStart = start;
        for (Slot lost : slots.tailMap(end, true).values()) {
            lost.sent.outcome = Sent.Outcome.GONE;
            lost.sent.base = -1;
        }
        Slot last = slots.get(end - 1);
        check(
                last == null || last.index == last.sent.count() - 1 || end == start,
                "it ends at " + end + " inside of " + (last == null ? "" : last.sent));
        slots.tailMap(end, true).clear();
        dropped.keySet().removeIf(offset -> offset >= end);
        watermark = end;
        forced = power ? end : Math.min(forced, end);
        doubtful.addAll(failed);
        failed.clear();
        if (compaction != null) {
            doubtful.add(compaction);
            compaction = null;
        }
        doubtful.forEach(one -> one.goes.removeIf(offset -> offset >= end));
    }

    /** All of it has been read after a crash: what was not found will never be. */
    void settled() {
        for (Sent batch : sent.values()) {
            if (batch.base < 0) {
                batch.outcome = Sent.Outcome.GONE;
            }
        }
        sent.values().removeIf(batch -> batch.incarnation < incarnation);
    }

    @Override
    public String toString() {
        return "shard [" + lowStart + ".." + highStart + ", " + watermark + ") forced up to " + forced + ", epoch "
                + fence + ", incarnation " + incarnation;
    }
}
