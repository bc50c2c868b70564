/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/**
 * Writes a batch anew with some of its records, as compaction does and byte-compatible with it: base and last offset,
 * sequence, producer, epoch and compression stay, so that the batch keeps its place for readers and for the check of
 * sequences; what is missing is a gap. A delete horizon (KIP-534) takes the place of the base timestamp, marked by an
 * attribute bit. Reusable; confined to one loop.
 */
public final class RecordBatchFilter {
    private static final int LOG_APPEND_TIME = 0x08;
    private static final int COMPRESSION = 0x07;
    private static final int INITIAL_BYTES = 16 * 1024;
    /** An array that one large batch made larger than this is not kept. */
    private static final int MAX_KEPT_BYTES = 1024 * 1024;

    private final RecordBatchReader reader;
    private byte[] bytes = new byte[INITIAL_BYTES];
    private int length;
    private int count;
    private long baseTimestampMillis;
    private long maxTimestampMillis;

    public RecordBatchFilter() {
        this(RecordBatchReader.DEFAULT_MAX_DECOMPRESSED_BYTES);
    }

    public RecordBatchFilter(int maxDecompressedBytes) {
        reader = new RecordBatchReader(maxDecompressedBytes);
    }

    /**
     * The batch at the index with the records whose numbers are in {@code keep}, counted from 0 in the order of the batch;
     * without any it is {@link #empty}.
     *
     * @param deleteHorizonMillis when its tombstones may go; -1 to leave that as it is
     */
    public RecordBatch filter(
            ByteBuf source, int index, int size, BitSet keep, long deleteHorizonMillis, ByteBufAllocator allocator) {
        if (keep.isEmpty()) {
            return empty(source, index, allocator);
        }
        reader.reset(source, index, size);
        try {
            reader.nextBatch();
            long horizon = deleteHorizonMillis >= 0 ? deleteHorizonMillis : reader.deleteHorizonMillis();
            baseTimestampMillis = horizon;
            collect(keep, horizon < 0);
            ByteBuf written = writeBatch(allocator);
            copyHeader(source, index, written);
            written.setInt(RecordBatch.RECORD_COUNT, count);
            written.setLong(RecordBatch.BASE_TIMESTAMP, baseTimestampMillis);
            if (horizon >= 0) {
                written.setShort(RecordBatch.ATTRIBUTES, reader.attributes() | RecordBatch.DELETE_HORIZON);
            }
            if ((reader.attributes() & LOG_APPEND_TIME) == 0) {
                written.setLong(RecordBatch.MAX_TIMESTAMP, maxTimestampMillis);
            }
            return sealed(written);
        } finally {
            reader.clear();
            if (bytes.length > MAX_KEPT_BYTES) {
                bytes = new byte[INITIAL_BYTES];
            }
        }
    }

    /**
     * The header of the batch at the index, without a record. Its largest timestamp stays, as with Kafka: it tells when its
     * producer was last seen.
     */
    public static RecordBatch empty(ByteBuf source, int index, ByteBufAllocator allocator) {
        ByteBuf written = allocator.buffer(RecordBatch.HEADER_BYTES, RecordBatch.HEADER_BYTES);
        written.writerIndex(RecordBatch.HEADER_BYTES);
        copyHeader(source, index, written);
        int attributes = source.getShort(index + RecordBatch.ATTRIBUTES);
        written.setShort(RecordBatch.ATTRIBUTES, attributes & ~COMPRESSION & ~RecordBatch.DELETE_HORIZON);
        written.setLong(RecordBatch.BASE_TIMESTAMP, -1L);
        written.setInt(RecordBatch.RECORD_COUNT, 0);
        return sealed(written);
    }

    private static void copyHeader(ByteBuf source, int index, ByteBuf target) {
        target.setBytes(0, source, index, RecordBatch.HEADER_BYTES);
    }

    private static RecordBatch sealed(ByteBuf owned) {
        int size = owned.readableBytes();
        owned.setInt(RecordBatch.LENGTH, size - RecordBatch.LOG_OVERHEAD_BYTES);
        owned.setInt(
                RecordBatch.CRC, RecordBatches.crc32c(owned, RecordBatch.ATTRIBUTES, size - RecordBatch.ATTRIBUTES));
        return new RecordBatch(owned);
    }

    /** Without a horizon the base is the time of the first record that is kept. */
    private void collect(BitSet keep, boolean baseIsFirst) {
        length = 0;
        count = 0;
        maxTimestampMillis = Long.MIN_VALUE;
        for (int number = 0; reader.nextRecord(); number++) {
            if (keep.get(number)) {
                if (baseIsFirst && count == 0) {
                    baseTimestampMillis = reader.record().timestampMillis();
                }
                add(reader.record());
            }
        }
    }

    private void add(RecordView record) {
        long timestampDelta = record.timestampMillis() - baseTimestampMillis;
        int keyLength = record.keyLength();
        int valueLength = record.valueLength();
        int size = 1
                + Varints.sizeOfLong(timestampDelta)
                + Varints.sizeOfInt(record.offsetDelta())
                + Varints.sizeOfInt(keyLength)
                + Math.max(keyLength, 0)
                + Varints.sizeOfInt(valueLength)
                + Math.max(valueLength, 0)
                + Varints.sizeOfInt(record.headerCount())
                + record.headersLength();
        ensureRoom(Varints.MAX_INT_BYTES + size);
        int at = Varints.putInt(bytes, length, size);
        bytes[at++] = 0;
        at = Varints.putLong(bytes, at, timestampDelta);
        at = Varints.putInt(bytes, at, record.offsetDelta());
        at = putField(record, at, record.keyPosition(), keyLength);
        at = putField(record, at, record.valuePosition(), valueLength);
        at = Varints.putInt(bytes, at, record.headerCount());
        record.buffer().getBytes(record.headersPosition(), bytes, at, record.headersLength());
        length = at + record.headersLength();
        count++;
        maxTimestampMillis = Math.max(maxTimestampMillis, record.timestampMillis());
    }

    private int putField(RecordView record, int index, int position, int fieldLength) {
        int at = Varints.putInt(bytes, index, fieldLength);
        if (fieldLength > 0) {
            record.buffer().getBytes(position, bytes, at, fieldLength);
            at += fieldLength;
        }
        return at;
    }

    private void ensureRoom(int needed) {
        long wanted = (long) length + needed;
        if (wanted > bytes.length) {
            if (wanted > Integer.MAX_VALUE / 2) {
                throw RmqError.PAYLOAD_TOO_LARGE.exception("a batch of " + wanted + " bytes cannot be written anew");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.max(wanted, 2L * bytes.length));
        }
    }

    /** Room for the header, then the records, packed as they were. */
    private ByteBuf writeBatch(ByteBufAllocator allocator) {
        byte[] records = bytes;
        int offset = 0;
        int size = length;
        if (reader.compression() != 0) {
            ByteBuffer packed = compress(reader.compression());
            records = packed.array();
            offset = packed.arrayOffset();
            size = packed.limit();
        }
        int total = RecordBatch.HEADER_BYTES + size;
        ByteBuf written = allocator.buffer(total, total);
        written.writerIndex(RecordBatch.HEADER_BYTES);
        written.writeBytes(records, offset, size);
        return written;
    }

    private ByteBuffer compress(int compression) {
        CompressionType type = CompressionType.forId(compression);
        ByteBufferOutputStream packed = new ByteBufferOutputStream(Math.max(512, length / 2));
        try (OutputStream stream = Compression.of(type).build().wrapForOutput(packed, RecordBatch.CURRENT_MAGIC)) {
            stream.write(bytes, 0, length);
        } catch (IOException e) {
            throw new RmqException(RmqError.INTERNAL, type.name + " cannot pack a batch: " + e, e);
        }
        ByteBuffer result = packed.buffer();
        result.flip();
        return result;
    }
}
