/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
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
    private final ByteBufAllocator allocator;
    private final List<ByteBuf> parts = new ArrayList<>(1);
    private ByteBuf current;

    private Response(ByteBufAllocator allocator, int bytes) {
        this.allocator = allocator;
        this.current = allocator.buffer(bytes);
    }

    /** The frame, to be written in this order; records in it pass on with it, and are gone when it fails. */
    public static List<ByteBuf> write(Request request, ApiMessage data, ByteBufAllocator allocator) {
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
            writer.parts.forEach(ByteBuf::release);
            writer.current.release();
            throw e;
        }
    }

    @Override
    public void writeRecords(BaseRecords records) {
        if (records instanceof StoredRecords stored) {
            parts.add(current);
            parts.add(stored.bytes());
            current = allocator.buffer();
        } else if (((MemoryRecords) records).sizeInBytes() > 0) {
            writeByteBuffer(((MemoryRecords) records).buffer());
        }
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
