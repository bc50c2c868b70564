/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.apache.kafka.common.protocol.Readable;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * Reads Kafka's messages from a frame. Records are not read but noted: where they lie in the frame, so that they can be
 * taken from there without a copy. Whatever the bytes are, it reads inside of the frame or throws. Confined to one loop.
 */
final class RequestReader implements Readable {
    private static final int VARINT_BITS = 32;
    private static final int VARLONG_BITS = 64;

    private final ByteBuf frame;
    private final RecordPlaces places;
    private final int end;
    private int position;

    RequestReader(ByteBuf frame, int position, int end, RecordPlaces places) {
        this.frame = frame;
        this.position = position;
        this.end = end;
        this.places = places;
    }

    private int take(int bytes) {
        if (bytes < 0 || bytes > end - position) {
            throw new IllegalArgumentException(bytes + " bytes where " + (end - position) + " are left");
        }
        int at = position;
        position += bytes;
        return at;
    }

    @Override
    public byte readByte() {
        return frame.getByte(take(Byte.BYTES));
    }

    @Override
    public short readShort() {
        return frame.getShort(take(Short.BYTES));
    }

    @Override
    public int readInt() {
        return frame.getInt(take(Integer.BYTES));
    }

    @Override
    public long readLong() {
        return frame.getLong(take(Long.BYTES));
    }

    @Override
    public double readDouble() {
        return frame.getDouble(take(Double.BYTES));
    }

    @Override
    public byte[] readArray(int length) {
        int at = take(length);
        byte[] bytes = new byte[length];
        frame.getBytes(at, bytes);
        return bytes;
    }

    @Override
    public ByteBuffer readByteBuffer(int length) {
        return ByteBuffer.wrap(readArray(length));
    }

    @Override
    public MemoryRecords readRecords(int length) {
        places.add(take(length), length);
        return MemoryRecords.EMPTY;
    }

    @Override
    public int readUnsignedVarint() {
        int value = 0;
        for (int shift = 0; shift < VARINT_BITS; shift += 7) {
            byte next = readByte();
            value |= (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("a number of more than 5 bytes");
    }

    @Override
    public int readVarint() {
        int value = readUnsignedVarint();
        return value >>> 1 ^ -(value & 1);
    }

    @Override
    public long readVarlong() {
        long value = 0;
        for (int shift = 0; shift < VARLONG_BITS; shift += 7) {
            byte next = readByte();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value >>> 1 ^ -(value & 1);
            }
        }
        throw new IllegalArgumentException("a number of more than 10 bytes");
    }

    @Override
    public int remaining() {
        return end - position;
    }

    @Override
    public Readable slice() {
        return new RequestReader(frame, position, end, places);
    }
}
