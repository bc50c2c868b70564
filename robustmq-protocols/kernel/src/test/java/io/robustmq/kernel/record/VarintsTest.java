/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static io.robustmq.kernel.record.RecordBatchReaderTest.assertCorrupt;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import org.apache.kafka.common.utils.internals.ByteUtils;
import org.junit.jupiter.api.Test;

class VarintsTest {
    private final byte[] bytes = new byte[16];
    private final VarintCursor cursor = new VarintCursor();

    @Test
    void everyBoundaryOfAnIntIsWrittenAsKafkaDoesAndReadBack() {
        for (int shift = 0; shift < 32; shift++) {
            for (int around = -2; around <= 2; around++) {
                checkInt((1 << shift) + around);
                checkInt(-(1 << shift) + around);
            }
        }
    }

    private void checkInt(int value) {
        int size = Varints.putInt(bytes, 0, value);
        ByteBuffer kafka = ByteBuffer.allocate(16);
        ByteUtils.writeVarint(value, kafka);
        assertThat(ByteBufUtil.hexDump(bytes, 0, size))
                .isEqualTo(ByteBufUtil.hexDump(kafka.array(), 0, kafka.position()));
        assertThat(Varints.sizeOfInt(value)).isEqualTo(size);
        cursor.reset(Unpooled.wrappedBuffer(bytes), 0, size);
        assertThat(cursor.readInt()).isEqualTo(value);
        assertThat(cursor.remaining()).isZero();
        cursor.reset(Unpooled.wrappedBuffer(bytes), 0, size - 1);
        assertCorrupt(cursor::readInt);
    }

    @Test
    void everyBoundaryOfALongIsWrittenAsKafkaDoesAndReadBack() {
        for (int shift = 0; shift < 64; shift++) {
            for (int around = -2; around <= 2; around++) {
                checkLong((1L << shift) + around);
                checkLong(-(1L << shift) + around);
            }
        }
    }

    private void checkLong(long value) {
        int size = Varints.putLong(bytes, 0, value);
        ByteBuffer kafka = ByteBuffer.allocate(16);
        ByteUtils.writeVarlong(value, kafka);
        assertThat(ByteBufUtil.hexDump(bytes, 0, size))
                .isEqualTo(ByteBufUtil.hexDump(kafka.array(), 0, kafka.position()));
        assertThat(Varints.sizeOfLong(value)).isEqualTo(size);
        cursor.reset(Unpooled.wrappedBuffer(bytes), 0, size);
        assertThat(cursor.readLong()).isEqualTo(value);
        assertThat(cursor.remaining()).isZero();
    }

    @Test
    void moreBitsThanTheTypeHasAreRefused() {
        cursor.reset(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffff0f")), 0, 5);
        assertThat(cursor.readInt()).isEqualTo(Integer.MIN_VALUE);
        cursor.reset(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffff1f")), 0, 5);
        assertCorrupt(cursor::readInt);
        cursor.reset(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffffffffffffff01")), 0, 10);
        assertThat(cursor.readLong()).isEqualTo(Long.MIN_VALUE);
        cursor.reset(Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump("ffffffffffffffffff03")), 0, 10);
        assertCorrupt(cursor::readLong);
    }
}
