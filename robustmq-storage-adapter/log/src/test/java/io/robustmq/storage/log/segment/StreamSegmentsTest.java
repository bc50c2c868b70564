/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On the machine's own file system. */
class StreamSegmentsTest {
    private static final String DIRECTORY = "streams/5/0";

    @TempDir
    private Path root;

    private final List<Runnable> background = new ArrayList<>();
    private SegmentDisk disk;

    @BeforeEach
    void mount() {
        disk = new SegmentDisk(new SystemDisk(root), 100, 1 << 20, background::add);
    }

    private void runBackground() {
        List<Runnable> tasks = new ArrayList<>(background);
        background.clear();
        tasks.forEach(Runnable::run);
    }

    private StreamSegments open(SegmentConfig config, long end, List<SegmentInfo> infos) {
        StreamSegments stream = StreamSegments.open(disk, DIRECTORY, config, 0, end, infos, StreamEpochs.NONE);
        stream.recovered(false);
        return stream;
    }

    private static void append(StreamSegments stream, long now, int valueBytes) {
        ByteBuf batch = Batches.at(stream.endOffset(), 1, valueBytes, now).buffer();
        if (stream.shouldRoll(0, false, batch.readableBytes(), now)) {
            stream.roll();
        }
        stream.append(now, batch);
    }

    private List<String> files() {
        try (var paths = Files.list(root.resolve(DIRECTORY))) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int recordsFrom(StreamSegments stream, long from) {
        int batches = 0;
        long next = from;
        while (next < stream.endOffset()) {
            ByteBuf read = stream.read(next, ReadLimits.ofBytes(1), stream.endOffset());
            assertThat(read.isReadable()).isTrue();
            next = BatchHeader.nextOffset(read, read.readerIndex());
            read.release();
            batches++;
        }
        return batches;
    }

    @Test
    void filesAreRolledBySizeAndByAge() {
        StreamSegments stream = open(new SegmentConfig(4096, 1000), 0, List.of());
        for (int at = 0; at < 8; at++) {
            append(stream, 100 + at, 1000);
        }
        assertThat(stream.describe()).extracting(SegmentInfo::baseOffset).containsExactly(0L, 3L, 6L);
        assertThat(stream.shouldRoll(0, false, 1, 1105)).isFalse();
        assertThat(stream.shouldRoll(0, false, 1, 1106)).isTrue();
        assertThat(stream.shouldRoll(4000, true, 97, 5000)).isTrue();
        assertThat(stream.shouldRoll(4000, true, 96, 5000)).isFalse();
        append(stream, 2000, 10);
        runBackground();
        assertThat(files())
                .containsExactly(
                        "00000000000000000000-0.idx",
                        "00000000000000000000-0.seg",
                        "00000000000000000003-0.idx",
                        "00000000000000000003-0.seg",
                        "00000000000000000006-0.idx",
                        "00000000000000000006-0.seg",
                        "00000000000000000008-0.seg");
        assertThat(stream.sealedSegments()).hasSize(3);
        assertThat(recordsFrom(stream, 0)).isEqualTo(9);
    }

    @Test
    void aRestartTouchesNothingUntilItIsNeeded() {
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        for (int at = 0; at < 8; at++) {
            append(stream, at, 1000);
        }
        List<SegmentInfo> infos = stream.describe();
        runBackground();
        stream.close();
        mount();
        StreamSegments again = open(new SegmentConfig(4096, -1), 8, infos);
        assertThat(again.bytes())
                .isEqualTo(infos.stream().mapToLong(SegmentInfo::bytes).sum());
        assertThat(disk.handles().opened()).isZero();
        assertThat(recordsFrom(again, 4)).isEqualTo(4);
        assertThat(disk.indexRebuilds()).isZero();
        append(again, 9, 10);
        assertThat(recordsFrom(again, 0)).isEqualTo(9);
    }

    @Test
    void spaceGoesBackToTheDiskBehindTheLastReader() throws IOException {
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        for (int at = 0; at < 8; at++) {
            append(stream, at, 1000);
        }
        runBackground();
        FileSlice slice = stream.slice(1, ReadLimits.ofBytes(1 << 20), 8);
        Doomed doomed = stream.dropPrefix(7);
        assertThat(doomed.bytes()).isPositive();
        assertThat(files()).as("not before the log says so").hasSize(5);
        doomed.delete();
        runBackground();
        assertThat(files())
                .containsExactly(
                        "00000000000000000000-0.idx", "00000000000000000000-0.seg", "00000000000000000006-0.seg");
        assertThatThrownBy(() -> stream.read(2, ReadLimits.ofBytes(1), 8))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.OUT_OF_RANGE));
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        assertThat(slice.transferTo(Channels.newChannel(sent), 0)).isEqualTo(slice.bytes());
        assertThat(slice.channel()).isNotNull();
        slice.retain().release();
        slice.release();
        assertThatThrownBy(() -> slice.transferTo(Channels.newChannel(sent), 0)).isInstanceOf(RmqException.class);
        assertThatThrownBy(slice::retain).isInstanceOf(RmqException.class);
        runBackground();
        assertThat(files()).containsExactly("00000000000000000006-0.seg");
        stream.destroy();
        runBackground();
        runBackground();
        assertThat(root.resolve(DIRECTORY)).doesNotExist();
    }

    @Test
    void whatACrashOfAReplacementLeftIsCleanedAtOpen() {
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        for (int at = 0; at < 8; at++) {
            append(stream, at, 1000);
        }
        stream.roll();
        List<SegmentInfo> infos = stream.describe();
        runBackground();
        List<String> before = files();
        Replacement prepared = stream.prepareReplace(new OffsetRange(1, 7), List.of(), 1);
        assertThat(prepared.savedBytes()).isPositive();
        assertThat(files()).hasSizeGreaterThan(before.size());
        stream.close();
        mount();
        StreamSegments again =
                StreamSegments.open(disk, DIRECTORY, new SegmentConfig(4096, -1), 0, 8, infos, StreamEpochs.NONE);
        again.recovered(true);
        runBackground();
        assertThat(files()).isEqualTo(before);
        assertThat(recordsFrom(again, 0)).isEqualTo(8);
    }

    @Test
    void aReadOfAClosedStreamIsToldSoAndDoesNotFindItEmpty() {
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        append(stream, 0, 100);
        stream.close();
        for (Runnable look : List.<Runnable>of(
                () -> stream.read(0, ReadLimits.ofBytes(1000), 1),
                () -> stream.slice(0, ReadLimits.ofBytes(1000), 1),
                () -> stream.offsetForTimestamp(0, 1))) {
            assertThatThrownBy(look::run)
                    .isInstanceOfSatisfying(
                            RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
        }
    }

    /** Its record could not be written: the old files come back, and nobody has forced them meanwhile. */
    @Test
    void filesOfAReplacementThatIsTakenBackAreStillUnforced() {
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        append(stream, 0, 1000);
        stream.roll();
        List<SegmentInfo> before = stream.describe();
        Doomed doomed = stream.commit(stream.prepareReplace(new OffsetRange(0, 1), List.of(), 1));
        stream.restore(0, 1, before, stream.epochs());
        java.util.Objects.requireNonNull(doomed).keep();
        Dirty dirty = java.util.Objects.requireNonNull(stream.takeDirty());
        assertThat(dirty.files()).isEqualTo(1);
        dirty.force();
        assertThat(stream.takeDirty()).isNull();
    }

    @Test
    void aFailedWriteHasNoEffect() {
        StreamSegments stream = open(new SegmentConfig(1 << 20, -1), 0, List.of());
        append(stream, 1, 10);
        ByteBuf notNext = Batches.at(0, 1, 10, 1).buffer();
        assertThatThrownBy(() -> stream.append(1, notNext)).isInstanceOf(RmqException.class);
        assertThat(stream.endOffset()).isEqualTo(1);
        append(stream, 1, 10);
        assertThat(recordsFrom(stream, 0)).isEqualTo(2);
    }

    @Test
    void tenThousandFilesNeedFewHandles() {
        disk = new SegmentDisk(new SystemDisk(root), 20, 1 << 20, background::add);
        List<StreamSegments> streams = new ArrayList<>();
        for (int at = 0; at < 200; at++) {
            StreamSegments stream = StreamSegments.open(
                    disk, "s/" + at, new SegmentConfig(1 << 20, -1), 0, 0, List.of(), StreamEpochs.NONE);
            stream.recovered(false);
            append(stream, 1, 10);
            streams.add(stream);
        }
        for (int round = 0; round < 2; round++) {
            for (StreamSegments stream : streams) {
                append(stream, 1, 10);
                assertThat(recordsFrom(stream, 0)).isEqualTo(round + 2);
                assertThat(disk.handles().openFiles()).isLessThanOrEqualTo(20);
            }
        }
    }

    @Test
    void readersAndTheWriterDoNotDisturbEachOther() throws Exception {
        ExecutorService deleter = Executors.newSingleThreadExecutor(this::daemon);
        SegmentDisk shared = new SegmentDisk(new SystemDisk(root), 4, 4096, deleter);
        StreamSegments stream = StreamSegments.open(
                shared, DIRECTORY, new SegmentConfig(20_000, -1), 0, 0, List.of(), StreamEpochs.NONE);
        stream.recovered(false);
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService readers = Executors.newFixedThreadPool(3, this::daemon);
        List<Future<Long>> reads = new ArrayList<>();
        for (int reader = 0; reader < 3; reader++) {
            reads.add(readers.submit(() -> readAlong(stream, done)));
        }
        for (int at = 0; at < 6_000; at++) {
            append(stream, at, 50 + at % 300);
            if (at % 500 == 499) {
                stream.dropPrefix(at - 900).delete();
                java.util.Objects.requireNonNull(stream.takeDirty()).force();
            }
        }
        done.set(true);
        for (Future<Long> read : reads) {
            assertThat(read.get()).isEqualTo(6_000);
        }
        readers.shutdown();
        stream.close();
        end(deleter);
        assertThat(shared.corruptReads()).isZero();
        assertThat(shared.backgroundFailures()).isZero();
    }

    /** What is dropped while somebody rewrites it is no failure: the rest of the range is rewritten, or nothing is. */
    @Test
    void prefixesAreDroppedUnderReplacements() throws Exception {
        ExecutorService deleter = Executors.newSingleThreadExecutor(this::daemon);
        disk = new SegmentDisk(new SystemDisk(root), 100, 1 << 20, deleter::execute);
        StreamSegments stream = open(new SegmentConfig(4096, -1), 0, List.of());
        AtomicBoolean done = new AtomicBoolean();
        ExecutorService rewriter = Executors.newSingleThreadExecutor(this::daemon);
        Future<Integer> prepared = rewriter.submit(() -> {
            int count = 0;
            while (!done.get()) {
                long end = stream.replaceableEnd();
                stream.prepareReplace(new OffsetRange(Math.max(0, end - 30), end), List.of(), 1)
                        .discard();
                count++;
            }
            return count;
        });
        for (int at = 0; at < 6_000 && !prepared.isDone(); at++) {
            append(stream, at, 1000);
            if (at % 8 == 7) {
                stream.dropPrefix(at - 12).delete();
                java.util.Objects.requireNonNull(stream.takeDirty()).force();
            }
        }
        done.set(true);
        assertThat(prepared.get()).isPositive();
        rewriter.shutdown();
        stream.close();
        assertThatThrownBy(() -> stream.prepareReplace(new OffsetRange(0, 1), List.of(), 1))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
        end(deleter);
        assertThat(disk.backgroundFailures()).isZero();
    }

    private static void end(ExecutorService deleter) throws Exception {
        // Tasks may bring one more each.
        for (int barrier = 0; barrier < 3; barrier++) {
            deleter.submit(() -> {}).get();
        }
        deleter.shutdown();
        assertThat(deleter.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "segments-test");
        thread.setDaemon(true);
        return thread;
    }

    /** Follows the writer, passing over what is dropped; answers where it ended. */
    private static long readAlong(StreamSegments stream, AtomicBoolean done) {
        long next = 0;
        while (!done.get() || next < stream.endOffset()) {
            try {
                ByteBuf read = stream.read(next, ReadLimits.ofBytes(5_000), stream.endOffset());
                for (int at = read.readerIndex(); at < read.writerIndex(); ) {
                    assertThat(BatchHeader.baseOffset(read, at)).isEqualTo(next);
                    next = BatchHeader.nextOffset(read, at);
                    at += (int) BatchHeader.sizeBytes(read, at);
                }
                read.release();
            } catch (RmqException e) {
                assertThat(e.error()).as(e.getMessage()).isEqualTo(RmqError.OUT_OF_RANGE);
                next = stream.startOffset();
            }
        }
        return next;
    }
}
