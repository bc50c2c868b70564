/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.protocol.Writable;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;

/** Writes a response as a list of buffers, in which records stay where they are. Confined to one loop. */
public final class Response implements Writable {
    /** Smaller pieces of records are copied: a part of its own costs more. */
    private static final int COPIED_BYTES_MAX = 2048;

    private final ByteBufAllocator allocator;
    private final List<ReferenceCounted> parts = new ArrayList<>(1);
    private ByteBuf current;

    private Response(ByteBufAllocator allocator, int bytes) {
        this.allocator = allocator;
        this.current = allocator.buffer(bytes);
    }

    /** The frame, to be written in this order; records in it pass on with it, and are gone when it fails. */
    public static List<ReferenceCounted> write(Request request, ApiMessage data, ByteBufAllocator allocator) {
        ResponseHeaderData header = new ResponseHeaderData().setCorrelationId(request.correlationId());
        ObjectSerializationCache cache = new ObjectSerializationCache();
        MessageSizeAccumulator size = new MessageSizeAccumulator();
        header.addSize(size, cache, request.responseHeaderVersion());
        data.addSize(size, cache, request.version());
        Response writer = new Response(allocator, Integer.BYTES + size.sizeExcludingZeroCopy());
        try {
            writer.writeInt(size.totalSize());
            header.write(writer, cache, request.responseHeaderVersion());
            data.write(writer, cache, request.version());
            writer.parts.add(writer.current);
            return writer.parts;
        } catch (RuntimeException e) {
            writer.parts.forEach(ReferenceCounted::release);
            writer.current.release();
            throw e;
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof StoredRecords stored) {
            stored.take().forEach(this::write);
        } else if (((MemoryRecords) records).sizeInBytes() > 0) {
            writeByteBuffer(((MemoryRecords) records).buffer());
        }
    }

    private void write(ReferenceCounted piece) {
        if (piece instanceof ByteBuf bytes && bytes.readableBytes() <= COPIED_BYTES_MAX) {
            current.writeBytes(bytes, bytes.readerIndex(), bytes.readableBytes());
            bytes.release();
            return;
        }
        parts.add(current);
        parts.add(piece);
        current = allocator.buffer();
    }

    @Override
    public void writeByte(byte value) {
        current.writeByte(value);
    }

    @Override
    public void writeShort(short value) {
        current.writeShort(value);
    }

    @Override
    public void writeInt(int value) {
        current.writeInt(value);
    }

    @Override
    public void writeLong(long value) {
        current.writeLong(value);
    }

    @Override
    public void writeDouble(double value) {
        current.writeDouble(value);
    }

    @Override
    public void writeByteArray(byte[] bytes) {
        current.writeBytes(bytes);
    }

    @Override
    public void writeByteBuffer(ByteBuffer bytes) {
        current.writeBytes(bytes.duplicate());
    }

    @Override
    public void writeUnsignedVarint(int value) {
        int left = value;
        while ((left & ~0x7F) != 0) {
            current.writeByte(left & 0x7F | 0x80);
            left >>>= 7;
        }
        current.writeByte(left);
    }

    @Override
    public void writeVarint(int value) {
        writeUnsignedVarint(value << 1 ^ value >> 31);
    }

    @Override
    public void writeVarlong(long value) {
        long left = value << 1 ^ value >> 63;
        while ((left & ~0x7FL) != 0) {
            current.writeByte((int) (left & 0x7F | 0x80));
            left >>>= 7;
        }
        current.writeByte((int) left);
    }
}
