/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every byte of a sealed, of a compacted and of an open segment and of their indexes is damaged in turn: what is read is either
 * right or refused, and the scrub finds every damaged byte of a sealed one.
 */
class BitRotTest {
    private static final String DIRECTORY = "streams/1/0";

    private final SimDisk disk = new SimDisk(new SimScheduler(1), "data");
    private List<SegmentInfo> infos = List.of();
    private StreamEpochs epochs = StreamEpochs.NONE;
    private long end;
    private byte[] sound = {};

    private SegmentDisk shared() {
        return new SegmentDisk(disk, 10, 1 << 20, Runnable::run);
    }

    private StreamSegments open() {
        StreamSegments stream =
                StreamSegments.open(shared(), DIRECTORY, new SegmentConfig(1 << 20, -1), 0, end, infos, epochs);
        stream.recovered(false);
        return stream;
    }

    @BeforeEach
    void fillThreeSegments() {
        StreamSegments stream = open();
        append(stream, 12, 1);
        stream.roll();
        append(stream, 8, 1);
        append(stream, 2, 2);
        stream.roll();
        append(stream, 2, 2);
        append(stream, 2, 4);
        List<RecordBatch> kept =
                List.of(Batches.at(3, 1, 2100, 5, 6), Batches.at(9, 1, 30, 7), Batches.at(20, 1, 30, 8));
        Replacement replacement = stream.prepareReplace(new OffsetRange(2, 24), kept, 1);
        java.util.Objects.requireNonNull(stream.commit(replacement)).delete();
        java.util.Objects.requireNonNull(stream.takeDirty()).force();
        infos = stream.describe();
        epochs = stream.epochs();
        end = stream.endOffset();
        sound = readAll(stream);
        stream.close();
        assertThat(infos).extracting(SegmentInfo::rewritten).containsExactly(true, false, false);
        assertThat(infos).extracting(SegmentInfo::sealed).containsExactly(true, true, false);
    }

    private void append(StreamSegments stream, int batches, int epoch) {
        for (int at = 0; at < batches; at++) {
            stream.append(
                    1,
                    Batches.at(stream.endOffset(), epoch, at == 7 ? 2100 : at, 1000 + at, 2000)
                            .buffer());
        }
    }

    private byte[] readAll(StreamSegments stream) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        long next = 0;
        while (true) {
            ByteBuf read = stream.read(next, ReadLimits.ofBytes(1500), end);
            byte[] bytes = Batches.bytes(read);
            read.release();
            if (bytes.length == 0) {
                return all.toByteArray();
            }
            all.writeBytes(bytes);
            next = lastOf(bytes).nextOffset();
        }
    }

    private static RecordBatch lastOf(byte[] bytes) {
        int at = 0;
        while (true) {
            RecordBatch batch = new RecordBatch(Unpooled.wrappedBuffer(bytes, at, bytes.length - at));
            at += batch.declaredSizeBytes();
            if (at == bytes.length) {
                return batch;
            }
        }
    }

    /** Reads everything in a process that has just begun; null when that is refused. */
    private byte @Nullable [] readOrRefuse() {
        StreamSegments stream = open();
        try {
            return readAll(stream);
        } catch (RmqException e) {
            assertThat(e.error()).isEqualTo(RmqError.CORRUPT_DATA);
            assertThat(e).hasMessageContaining(DIRECTORY);
            return null;
        } finally {
            stream.close();
        }
    }

    private void forEachByte(SegmentInfo info, String suffix, Runnable look) {
        String path = DIRECTORY + "/" + SegmentInfo.name(info.baseOffset(), info.generation()) + suffix;
        try (DiskFile file = disk.open(path)) {
            int size = suffix.equals(SegmentInfo.SEGMENT_SUFFIX) ? (int) info.bytes() : (int) file.size();
            ByteBuf bytes = Unpooled.buffer();
            file.read(0, bytes, size);
            boolean index = suffix.equals(SegmentInfo.INDEX_SUFFIX);
            for (int at = 0; at < size; at += index || isNearHeader(bytes, at) ? 1 : 31) {
                byte right = bytes.getByte(at);
                file.write(at, Unpooled.wrappedBuffer(new byte[] {(byte) (right ^ (1 << (at * 5 % 8)))}));
                try {
                    look.run();
                } catch (AssertionError e) {
                    throw new AssertionError("byte " + at + " of " + path, e);
                }
                file.write(at, Unpooled.wrappedBuffer(new byte[] {right}));
            }
        }
    }

    /** Contents of a batch are all alike; of them some bytes are enough. */
    private static boolean isNearHeader(ByteBuf segment, int position) {
        int batch = 0;
        while (batch + segment.getInt(batch + 8) + 12 <= position) {
            batch += segment.getInt(batch + 8) + 12;
        }
        return position - batch < 64 || segment.getInt(batch + 8) + 12 + batch - position < 34;
    }

    private List<Damage> scrub(SegmentInfo info) {
        SegmentFile file = SegmentFile.of(shared(), DIRECTORY, info);
        try (SegmentCheck check = new SegmentCheck(file)) {
            while (check.step(1000)) {
                assertThat(check.bytesRead()).isPositive();
            }
            return check.damages();
        }
    }

    @Test
    void whatIsReadIsRightOrRefused() {
        for (SegmentInfo info : infos) {
            forEachByte(
                    info,
                    SegmentInfo.SEGMENT_SUFFIX,
                    () -> assertThat(readOrRefuse()).isNull());
        }
        assertThat(readOrRefuse()).isEqualTo(sound);
    }

    @Test
    void aDamagedIndexIsBuiltAgain() {
        for (SegmentInfo info : infos.subList(0, 2)) {
            forEachByte(
                    info,
                    SegmentInfo.INDEX_SUFFIX,
                    () -> assertThat(readOrRefuse()).isEqualTo(sound));
        }
    }

    @Test
    void theScrubFindsEveryDamagedByte() {
        for (SegmentInfo info : infos.subList(0, 2)) {
            assertThat(scrub(info)).isEmpty();
            forEachByte(
                    info,
                    SegmentInfo.SEGMENT_SUFFIX,
                    () -> assertThat(scrub(info)).isNotEmpty());
            forEachByte(
                    info,
                    SegmentInfo.INDEX_SUFFIX,
                    () -> assertThat(scrub(info)).hasSize(1));
        }
    }

    @Test
    void theScrubNamesTheOffsetsAndGoesOn() throws IOException {
        SegmentInfo info = infos.get(1);
        String path = DIRECTORY + "/" + info.fileName();
        try (DiskFile file = disk.open(path)) {
            file.write(70, Unpooled.wrappedBuffer(new byte[] {99}));
            file.write(info.bytes() - 5, Unpooled.wrappedBuffer(new byte[] {99}));
        }
        assertThat(scrub(info)).extracting(Damage::fromOffset).containsExactly(info.baseOffset(), info.endOffset() - 2);
        assertThat(scrub(info)).allMatch(damage -> damage.toString().contains(path));
    }

    @Test
    void theOuterHeadersOfASliceAreRightOrItIsRefused() {
        for (SegmentInfo info : infos) {
            forEachByte(info, SegmentInfo.SEGMENT_SUFFIX, this::checkSlices);
        }
    }

    private void checkSlices() {
        StreamSegments stream = open();
        try {
            long next = 0;
            int at = 0;
            while (next < end) {
                FileSlice slice = stream.slice(next, ReadLimits.ofBytes(1500), end);
                if (slice == null) {
                    break;
                }
                at = checkSlice(slice, at);
                next = slice.nextOffset();
                slice.release();
            }
            assertThat(at).isEqualTo(sound.length);
        } catch (RmqException e) {
            assertThat(e.error()).isEqualTo(RmqError.CORRUPT_DATA);
        } finally {
            stream.close();
        }
    }

    /** Compares with the sound bytes from that position on, batch by batch; answers where the next slice begins. */
    private int checkSlice(FileSlice slice, int position) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        try {
            slice.transferTo(Channels.newChannel(target), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        byte[] bytes = target.toByteArray();
        int at = 0;
        List<Integer> sizes = new ArrayList<>();
        while (at < bytes.length) {
            int size = new RecordBatch(Unpooled.wrappedBuffer(sound, position + at, sound.length - position - at))
                    .declaredSizeBytes();
            // The CRC field is as good as content: whoever checks the CRC finds it.
            assertThat(Arrays.copyOfRange(bytes, at, at + 17))
                    .isEqualTo(Arrays.copyOfRange(sound, position + at, position + at + 17));
            sizes.add(size);
            at += size;
        }
        assertThat(at).as("whole batches " + sizes).isEqualTo(bytes.length);
        return position + at;
    }
}
