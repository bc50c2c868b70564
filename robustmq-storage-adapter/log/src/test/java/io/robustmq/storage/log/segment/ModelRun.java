/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.TimestampAndOffset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One random life of a stream on a simulated disk beside a plain list: appends, rolls, reads, slices, look-ups, deletions,
 * cuts, replacements, checkpoints, crashes. Half of the lives are of logged streams, whose every step is in a log that
 * survives; in the other half only the files tell what was appended. Confined to the test thread.
 */
final class ModelRun {
    private static final String DIRECTORY = "streams/7/0";

    /** A step of the log, repeated after a crash. */
    private interface Step {
        void replay(StreamSegments stream);
    }

    private record Checkpoint(long start, long end, List<SegmentInfo> segments, StreamEpochs epochs) {}

    private final SimDisk disk;
    private final SimRandom random;
    private final boolean logged;
    private final ArrayDeque<Runnable> background = new ArrayDeque<>();
    private final TreeMap<Long, byte[]> model = new TreeMap<>();
    private final List<Step> log = new ArrayList<>();
    /** The last steps, for whoever looks into a failure. */
    final ArrayDeque<String> trace = new ArrayDeque<>();

    private final List<FileSlice> heldSlices = new ArrayList<>();
    private final List<byte[]> heldBytes = new ArrayList<>();
    private SegmentConfig config;
    private StreamSegments stream;
    private Checkpoint checkpoint = new Checkpoint(0, 0, List.of(), StreamEpochs.NONE);
    private long start;
    private long end;
    private int epoch = 1;
    private long now = 1_000;
    int crashes;
    int replacements;

    ModelRun(long seed) {
        SimScheduler scheduler = new SimScheduler(seed);
        disk = new SimDisk(scheduler, "data");
        random = scheduler.random("model");
        logged = random.nextInt(2) == 0;
        config = new SegmentConfig(4096 << random.nextInt(4), random.nextInt(3) == 0 ? 50 : -1);
        stream = mount();
        stream.recovered(true);
    }

    private StreamSegments mount() {
        background.clear();
        int handles = 1 + random.nextInt(4);
        SegmentDisk shared = new SegmentDisk(disk, handles, random.nextInt(5000), background::add);
        return StreamSegments.open(
                shared, DIRECTORY, config, checkpoint.start, checkpoint.end, checkpoint.segments, checkpoint.epochs);
    }

    void run(int steps) {
        for (int step = 0; step < steps; step++) {
            now += random.nextInt(20);
            while (!background.isEmpty() && random.nextInt(3) > 0) {
                background.poll().run();
            }
            step(random.nextInt(100));
            assertThat(stream.startOffset()).isEqualTo(start);
            assertThat(stream.endOffset()).isEqualTo(end);
        }
        checkAll();
        releaseSlices();
        stream.close();
        drain();
    }

    private void drain() {
        while (!background.isEmpty()) {
            background.poll().run();
        }
    }

    private void step(int dice) {
        if (dice < 40) {
            append();
        } else if (dice < 60) {
            read();
        } else if (dice < 68) {
            slice();
        } else if (dice < 76) {
            lookUp();
        } else if (dice < 80) {
            dropPrefix();
        } else if (dice < 84) {
            truncate();
        } else if (dice < 90) {
            replace();
        } else if (dice < 95) {
            checkpoint();
        } else if (dice < 97) {
            restart();
        } else {
            crash();
        }
    }

    private void trace(String step) {
        trace.addLast(step);
        if (trace.size() > 25) {
            trace.removeFirst();
        }
    }

    // --- changes

    private RecordBatch next(long base) {
        long[] times = new long[1 + random.nextInt(random.nextInt(10) == 0 ? 40 : 4)];
        for (int at = 0; at < times.length; at++) {
            times[at] = random.nextInt(5) == 0 ? random.nextInt(2000) : now + random.nextInt(10);
        }
        int size = random.nextInt(20) == 0 ? 6000 : random.nextInt(300);
        return Batches.at(base, epoch, size, times);
    }

    private void append() {
        trace("append at " + end);
        if (random.nextInt(15) == 0) {
            epoch++;
        }
        List<ByteBuf> batches = new ArrayList<>();
        int count = 1 + random.nextInt(4);
        int pending = 0;
        boolean rolls = false;
        for (int at = 0; at < count; at++) {
            RecordBatch batch = next(end);
            if (stream.shouldRoll(pending, rolls, batch.sizeBytes(), now)) {
                flush(batches);
                pending = 0;
                stream.roll();
                log.add(StreamSegments::roll);
            }
            batches.add(batch.buffer());
            pending += batch.sizeBytes();
            model.put(end, Batches.bytes(batch.buffer()));
            end = batch.nextOffset();
        }
        flush(batches);
    }

    private void flush(List<ByteBuf> batches) {
        if (batches.isEmpty()) {
            return;
        }
        ByteBuf[] array = batches.toArray(ByteBuf[]::new);
        if (stream.replaceableEnd() == stream.endOffset()) {
            // As the log says of a batch that it begins a file.
            log.add(StreamSegments::roll);
        }
        stream.append(now, array);
        long then = now;
        log.add(replayed -> replayed.append(then, array));
        batches.clear();
    }

    private void dropPrefix() {
        long to = start + random.nextLong(end - start + 1);
        trace("drop to " + to);
        Doomed doomed = stream.dropPrefix(to);
        start = to;
        log.add(replayed -> replayed.dropPrefix(to));
        forgetBelowStart();
        afterChange(doomed);
    }

    private void forgetBelowStart() {
        while (!model.isEmpty() && nextOffset(model.firstEntry()) <= start) {
            model.pollFirstEntry();
        }
    }

    private void truncate() {
        Long to = end == start ? null : model.ceilingKey(start + random.nextLong(end - start));
        if (to == null) {
            return;
        }
        trace("truncate to " + to);
        releaseSlices();
        Doomed doomed = stream.truncate(to);
        model.tailMap(to, true).clear();
        end = to;
        logDescription();
        if (random.nextInt(2) == 0) {
            epoch++;
        }
        afterChange(doomed);
    }

    private void replace() {
        if (random.nextInt(2) == 0) {
            stream.roll();
            log.add(StreamSegments::roll);
        }
        long limit = stream.replaceableEnd();
        if (limit <= start) {
            return;
        }
        List<Long> edges = new ArrayList<>(model.subMap(start, limit).keySet());
        edges.add(limit);
        long from = edges.get(random.nextInt(edges.size()));
        long to = edges.get(random.nextInt(edges.size()));
        if (to <= from) {
            return;
        }
        List<RecordBatch> kept = new ArrayList<>();
        for (byte[] bytes : model.subMap(from, to).values()) {
            if (random.nextInt(2) == 0) {
                kept.add(new RecordBatch(Unpooled.wrappedBuffer(bytes)));
            }
        }
        trace("replace " + from + " to " + to + " keeping " + kept.size());
        Replacement prepared = stream.prepareReplace(new OffsetRange(from, to), kept, now);
        for (int meanwhile = random.nextInt(3); meanwhile > 0; meanwhile--) {
            step(random.nextInt(84));
        }
        Doomed doomed = stream.commit(prepared);
        trace("replaced " + from + " to " + to + ": " + (doomed != null));
        if (doomed == null) {
            return;
        }
        replacements++;
        model.subMap(from, to).clear();
        kept.forEach(batch -> model.put(batch.baseOffset(), Batches.bytes(batch.buffer())));
        forgetBelowStart();
        logDescription();
        afterChange(doomed);
    }

    private void logDescription() {
        Checkpoint then = new Checkpoint(start, end, stream.describe(), stream.epochs());
        log.add(replayed -> replayed.restore(then.start, then.end, then.segments, then.epochs));
    }

    /** What is not an append is durable in the log at once; direct streams have no log to repeat it in order, so they check. */
    private void afterChange(Doomed doomed) {
        if (!logged) {
            checkpoint();
        }
        doomed.delete();
    }

    private void checkpoint() {
        trace("checkpoint at " + end);
        Dirty dirty = stream.takeDirty();
        Checkpoint taken = new Checkpoint(start, end, stream.describe(), stream.epochs());
        if (dirty != null) {
            dirty.force();
        }
        ByteBuf encoded = Unpooled.buffer();
        List<SegmentInfo> read = new ArrayList<>();
        taken.segments.forEach(info -> info.write(encoded));
        while (encoded.isReadable()) {
            read.add(SegmentInfo.read(encoded));
        }
        assertThat(read).isEqualTo(taken.segments);
        checkpoint = taken;
        log.clear();
        assertThat(stream.takeDirty()).as("nothing is left to force").isNull();
    }

    private void restart() {
        trace("restart");
        checkpoint();
        releaseSlices();
        stream.close();
        drain();
        stream = mount();
        if (!logged) {
            assertThat(stream.scanTail(now).batches()).isZero();
        }
        stream.recovered(random.nextInt(2) == 0);
        checkAll();
    }

    private void crash() {
        trace((logged ? "logged" : "direct") + " crash, checkpoint at " + checkpoint.end + " of " + end);
        crashes++;
        releaseSlices();
        background.clear();
        disk.crash();
        stream = mount();
        if (logged) {
            log.forEach(step -> step.replay(stream));
        } else {
            stream.scanTail(now);
            end = stream.endOffset();
            assertThat(end).isGreaterThanOrEqualTo(checkpoint.end);
            model.tailMap(end, true).clear();
            log.clear();
        }
        stream.recovered(true);
        epoch++;
        checkAll();
        if (!logged) {
            checkpoint();
        }
    }

    // --- looks

    private void checkAll() {
        List<byte[]> expected = expected(start);
        List<byte[]> found = new ArrayList<>();
        long from = start;
        while (true) {
            List<byte[]> some = split(stream.read(from, ReadLimits.ofBytes(1 + random.nextInt(20_000)), end));
            if (some.isEmpty()) {
                break;
            }
            found.addAll(some);
            from = nextOffset(some.get(some.size() - 1));
        }
        assertThat(found).hasSameSizeAs(expected);
        for (int at = 0; at < found.size(); at++) {
            assertThat(found.get(at)).isEqualTo(expected.get(at));
        }
    }

    private List<byte[]> expected(long from) {
        Map.Entry<Long, byte[]> before = model.lowerEntry(from);
        List<byte[]> expected = new ArrayList<>();
        if (before != null && nextOffset(before) > from) {
            expected.add(before.getValue());
        }
        expected.addAll(model.tailMap(from, true).values());
        return expected;
    }

    private void read() {
        trace("read");
        long from = start + random.nextLong(end - start + 1);
        long highWatermark = watermark(from);
        int maxBytes = 1 + random.nextInt(1 << random.nextInt(18));
        long maxOffset = random.nextInt(3) == 0 ? from + random.nextInt(30) : Long.MAX_VALUE;
        ReadLimits limits = new ReadLimits(maxBytes, maxOffset);
        checkAnswer(split(stream.read(from, limits, highWatermark)), from, limits, highWatermark);
        if (start > 0) {
            assertRefused(start - 1);
        }
        assertRefused(end + 1);
    }

    private void assertRefused(long offset) {
        try {
            stream.read(offset, ReadLimits.ofBytes(100), end).release();
        } catch (RmqException e) {
            assertThat(e.error()).isEqualTo(RmqError.OUT_OF_RANGE);
            assertThat(e).hasMessageContaining(" " + start + " ");
            return;
        }
        throw new AssertionError("a read at " + offset + " must be refused");
    }

    /** Some batch boundary at or behind the offset. */
    private long watermark(long from) {
        if (random.nextInt(2) == 0 || from == end) {
            return end;
        }
        Long boundary = model.ceilingKey(from + random.nextLong(end - from));
        return boundary == null ? end : boundary;
    }

    private void checkAnswer(List<byte[]> answer, long from, ReadLimits limits, long highWatermark) {
        List<byte[]> expected = new ArrayList<>(expected(from));
        expected.removeIf(batch -> baseOffset(batch) >= limits.maxOffset() || nextOffset(batch) > highWatermark);
        assertThat(answer.isEmpty()).isEqualTo(expected.isEmpty());
        long bytes = 0;
        for (int at = 0; at < answer.size(); at++) {
            assertThat(answer.get(at)).isEqualTo(expected.get(at));
            bytes += answer.get(at).length;
            assertThat(at == 0 || bytes <= limits.maxBytes()).isTrue();
        }
    }

    private void slice() {
        trace("slice");
        long from = start + random.nextLong(end - start + 1);
        ReadLimits limits = ReadLimits.ofBytes(1 + random.nextInt(20_000));
        FileSlice slice = stream.slice(from, limits, end);
        byte[] bytes = slice == null ? new byte[0] : sent(slice);
        List<byte[]> batches = split(Unpooled.wrappedBuffer(bytes));
        checkAnswer(batches, from, limits, end);
        if (slice != null) {
            assertThat(slice.nextOffset()).isEqualTo(nextOffset(batches.get(batches.size() - 1)));
            heldSlices.add(slice);
            heldBytes.add(bytes);
        }
        if (heldSlices.size() > 3) {
            releaseSlices();
        }
    }

    private static byte[] sent(FileSlice slice) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try {
            while (target.size() < slice.bytes()) {
                assertThat(slice.transferTo(Channels.newChannel(target), target.size()))
                        .isPositive();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return target.toByteArray();
    }

    /** Whatever has happened to the stream, a slice is as it was. (Cuts take what was never committed, so nobody holds it.) */
    private void releaseSlices() {
        for (int at = 0; at < heldSlices.size(); at++) {
            FileSlice slice = heldSlices.get(at);
            assertThat(sent(slice)).isEqualTo(heldBytes.get(at));
            slice.release();
        }
        heldSlices.clear();
        heldBytes.clear();
    }

    private void lookUp() {
        trace("lookUp");
        long time = random.nextInt(2) == 0 ? random.nextInt(3000) : now - random.nextInt(200);
        assertThat(stream.offsetForTimestamp(time, end)).isEqualTo(expectedAt(time));
        TimestampAndOffset latest = latest();
        assertThat(stream.offsetForTimestamp(ShardStore.LATEST_TIMESTAMP, end))
                .isEqualTo(latest == null ? TimestampAndOffset.NONE : latest);
    }

    private TimestampAndOffset expectedAt(long time) {
        for (TimestampAndOffset record : records()) {
            if (record.timestampMillis() >= time) {
                return record;
            }
        }
        return TimestampAndOffset.NONE;
    }

    private @Nullable TimestampAndOffset latest() {
        TimestampAndOffset latest = null;
        for (TimestampAndOffset record : records()) {
            if (latest == null || record.timestampMillis() > latest.timestampMillis()) {
                latest = record;
            }
        }
        return latest;
    }

    private List<TimestampAndOffset> records() {
        List<TimestampAndOffset> records = new ArrayList<>();
        for (byte[] batch : expected(start)) {
            RecordBatchReader reader = new RecordBatchReader().reset(Unpooled.wrappedBuffer(batch));
            reader.nextBatch();
            while (reader.nextRecord()) {
                if (reader.record().offset() >= start) {
                    records.add(new TimestampAndOffset(
                            reader.record().timestampMillis(), reader.record().offset()));
                }
            }
        }
        return records;
    }

    // --- bytes

    private static List<byte[]> split(ByteBuf owned) {
        List<byte[]> batches = new ArrayList<>();
        byte[] bytes = Batches.bytes(owned);
        RecordBatchReader reader = new RecordBatchReader().reset(owned);
        while (reader.nextBatch()) {
            batches.add(Arrays.copyOfRange(
                    bytes,
                    reader.batchPosition() - owned.readerIndex(),
                    reader.batchPosition() - owned.readerIndex() + reader.batchSizeBytes()));
        }
        owned.release();
        return batches;
    }

    private static long baseOffset(byte[] batch) {
        return new RecordBatch(Unpooled.wrappedBuffer(batch)).baseOffset();
    }

    private static long nextOffset(byte[] batch) {
        return new RecordBatch(Unpooled.wrappedBuffer(batch)).nextOffset();
    }

    private static long nextOffset(Map.Entry<Long, byte[]> entry) {
        return nextOffset(entry.getValue());
    }
}
