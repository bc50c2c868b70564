/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class IndexFileTest {

    private static IndexFile sample(int entries) {
        SparseIndex index = new SparseIndex();
        for (int at = 0; at < entries; at++) {
            index = index.add(100 + 10L * at, 5000L * at, at, at * 7);
        }
        return new IndexFile(
                new SegmentInfo(100, 2, 100 + 10L * entries, 5000L * entries + 1, 77, 5, 99, 110, -5, true, true),
                index);
    }

    private static ByteBuf written(IndexFile file) {
        ByteBuf buffer = Unpooled.buffer();
        file.write(buffer);
        return buffer;
    }

    @Test
    void isReadAsItWasWritten() {
        for (int entries : new int[] {0, 1, 2, 100, 8192, 20_000}) {
            IndexFile file = sample(entries);
            ByteBuf bytes = written(file);
            assertThat(bytes.readableBytes()).isLessThanOrEqualTo(IndexFile.BYTES_MAX);
            IndexFile read = IndexFile.read(bytes, "x.idx");
            assertThat(read.footer()).isEqualTo(file.footer());
            assertThat(read.index().count()).isEqualTo(file.index().count());
            for (int at = 0; at < read.index().count(); at++) {
                assertThat(read.index().offset(at)).isEqualTo(file.index().offset(at));
                assertThat(read.index().position(at)).isEqualTo(file.index().position(at));
                assertThat(read.index().maxTimestampBefore(at))
                        .isEqualTo(file.index().maxTimestampBefore(at));
                assertThat(read.index().crcBefore(at)).isEqualTo(file.index().crcBefore(at));
            }
        }
    }

    @Test
    void aNewerVersionIsRefused() {
        ByteBuf bytes = written(sample(3)).setInt(4, IndexFile.VERSION + 1);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), 0, bytes.readableBytes() - 4);
        bytes.setInt(bytes.readableBytes() - 4, (int) crc.getValue());
        assertThatThrownBy(() -> IndexFile.read(bytes, "x.idx"))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.NOT_SUPPORTED))
                .hasMessageContaining("x.idx")
                .hasMessageContaining("newer");
    }

    @Test
    void anythingElseIsReadOrCalledDamaged() {
        SimRandom random = new SimRandom(42);
        byte[] sound = Batches.bytes(written(sample(20)));
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = sound.clone();
            int length = random.nextInt(3) == 0 ? random.nextInt(bytes.length + 1) : bytes.length;
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            if (random.nextInt(2) == 0 && length > 16) {
                // Also what a checksum cannot tell.
                CRC32C crc = new CRC32C();
                crc.update(bytes, 0, length - 4);
                Unpooled.wrappedBuffer(bytes).setInt(length - 4, (int) crc.getValue());
            }
            try {
                IndexFile.read(Unpooled.wrappedBuffer(bytes, 0, length), "x.idx");
            } catch (RmqException e) {
                assertThat(e.error()).isIn(RmqError.CORRUPT_DATA, RmqError.NOT_SUPPORTED);
            }
        }
    }
}
