/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever happens to the bytes of a log: a verdict, never an exception, and nothing that was forced is silently skipped. */
class WalScanFuzzTest {
    private static final int FILE_BYTES = 16 * 1024;
    private static final int DISK = 77;

    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimDisk disk = new SimDisk(scheduler, "d");
    private final List<Long> groups = new ArrayList<>();

    /** Groups of two batches and a record, over two files; the last one is not forced, as far as the log knows. */
    private List<String> write(boolean quiet) {
        List<String> written = new ArrayList<>();
        WalWriter writer = new WalWriter(new WalFiles(disk, FILE_BYTES, 2), scheduler.clock(), DISK, 1, 0, 1 << 16);
        for (int group = 0; group < 5; group++) {
            groups.add(writer.position());
            for (int batch = 0; batch < 2; batch++) {
                RecordBatch content = RecordBatches.ofValues(group, group + "-" + batch + "x".repeat(group * 300));
                writer.group().addBatch(group, batch, content.buffer());
                written.add("BATCH " + group + " " + content.sizeBytes() + " " + content.crc());
                content.release();
            }
            ByteBuf record = Unpooled.buffer().writeLong(group);
            writer.group().add(WalRecordType.START_RAISED, group, record);
            written.add("START_RAISED " + group + " 8 " + group);
            writer.write(group != 2);
        }
        if (quiet) {
            writer.closeQuietly();
        }
        writer.close();
        return written;
    }

    private record Scanned(WalEnd end, List<String> frames) {}

    private Scanned scan() {
        List<String> frames = new ArrayList<>();
        WalVisitor visitor = (position, type, stream, flags, content) -> {
            int crc = type == WalRecordType.BATCH
                    ? RecordBatches.computeCrc(new RecordBatch(content))
                    : (int) content.getLong(content.readerIndex());
            frames.add(type + " " + stream + " " + content.readableBytes() + " " + crc);
        };
        return new Scanned(new WalScan(disk, new WalFiles(disk, FILE_BYTES, 2), DISK, 1, visitor).run(0), frames);
    }

    @Test
    void anUndamagedLogIsReadToItsEnd() {
        List<String> written = write(true);
        Scanned scanned = scan();
        assertThat(scanned.frames()).isEqualTo(written);
        assertThat(scanned.end().verdict()).isEqualTo(WalEnd.Verdict.CLEAN);
    }

    @Test
    void everyFlippedByteIsDetected() {
        List<String> written = write(true);
        long end = scan().end().position();
        long closing = end - WalFormat.PAGE_BYTES;
        for (long position = 0; position < end; position++) {
            flip(position);
            Scanned scanned = scan();
            check(written, scanned, position, closing);
            flip(position);
        }
        assertThat(scan().frames()).isEqualTo(written);
    }

    private void check(List<String> written, Scanned scanned, long position, long closing) {
        String where = "byte " + position + ": " + scanned.end();
        assertThat(scanned.frames())
                .as(where)
                .isEqualTo(written.subList(0, scanned.frames().size()));
        if (scanned.frames().size() < written.size()) {
            assertThat(scanned.end().verdict())
                    .as(where + ", nothing that was forced is absent")
                    .isEqualTo(WalEnd.Verdict.CORRUPT);
            assertThat(position)
                    .as(where)
                    .isBetween(scanned.end().position(), scanned.end().damagedTo());
        } else if (position < closing) {
            // Padding is covered by no checksum and carries nothing.
            assertThat(scanned.end().verdict()).as(where).isEqualTo(WalEnd.Verdict.CLEAN);
        }
    }

    @Test
    void everyTornLastGroupEndsTheLog() {
        List<String> written = write(false);
        long last = groups.get(groups.size() - 1);
        for (long position = last; position < scan().end().position(); position++) {
            flip(position);
            Scanned scanned = scan();
            if (scanned.frames().size() < written.size()) {
                assertThat(scanned.frames()).hasSize(written.size() - 3);
                assertThat(scanned.end().verdict()).isEqualTo(WalEnd.Verdict.TORN);
                assertThat(scanned.end().position()).isEqualTo(last);
            }
            flip(position);
        }
    }

    @Test
    void everyTruncationIsAVerdict() {
        List<String> written = write(true);
        for (int file = 1; file >= 0; file--) {
            String path = WalFiles.path(file);
            for (int size = FILE_BYTES - 1; size >= 0; size -= 61) {
                try (DiskFile open = disk.open(path)) {
                    open.truncate(size);
                }
                Scanned scanned = scan();
                assertThat(scanned.frames())
                        .as(path + " of " + size)
                        .isEqualTo(written.subList(0, scanned.frames().size()));
            }
        }
        assertThat(scan().frames()).isEmpty();
    }

    @Test
    void aLaterSessionHidesWhatAnEarlierOneLeftBehindItsEnd() {
        write(false);
        long third = groups.get(2);
        WalWriter next = new WalWriter(new WalFiles(disk, FILE_BYTES, 2), scheduler.clock(), DISK, 2, third, 1 << 16);
        next.group().add(WalRecordType.MOUNTED, 0, Unpooled.buffer().writeLong(2));
        next.write(true);
        next.close();
        Scanned scanned = scan();
        assertThat(scanned.frames()).hasSize(7).endsWith("MOUNTED 0 8 2");
        assertThat(scanned.end().session()).isEqualTo(2);
        assertThat(scanned.end().verdict()).isNotEqualTo(WalEnd.Verdict.CORRUPT);
    }

    private void flip(long position) {
        String path = WalFiles.path(position / FILE_BYTES);
        ByteBuf one = Unpooled.buffer(1);
        try (DiskFile file = disk.open(path)) {
            file.read(position % FILE_BYTES, one, 1);
            one.setByte(0, one.getByte(0) ^ 0xFF);
            file.write(position % FILE_BYTES, one);
        }
    }
}
