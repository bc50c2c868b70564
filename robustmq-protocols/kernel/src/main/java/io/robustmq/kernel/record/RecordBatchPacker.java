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
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/** Packs the records of a batch in another way; all else of the batch stays. Stateless. */
public final class RecordBatchPacker {
    private RecordBatchPacker() {}

    /**
     * A batch of the same records under that codec; its source is borrowed.
     *
     * @throws RmqException CORRUPT_BATCH when the records cannot be unpacked
     */
    public static RecordBatch pack(RecordBatch batch, Codec codec, int level, ByteBufAllocator allocator) {
        ByteBuf source = batch.buffer();
        int start = source.readerIndex();
        int from = start + RecordBatch.HEADER_BYTES;
        int size = batch.sizeBytes() - RecordBatch.HEADER_BYTES;
        ByteBuf records = batch.compression() == Codec.NONE.id()
                ? source.slice(from, size)
                : new BatchDecompressor(RecordBatchReader.DEFAULT_MAX_DECOMPRESSED_BYTES)
                        .decompress(batch.compression(), source, from, size);
        ByteBuf written;
        if (codec == Codec.NONE) {
            written = allocator.buffer(RecordBatch.HEADER_BYTES + records.readableBytes());
            written.writeBytes(source, start, RecordBatch.HEADER_BYTES).writeBytes(records);
        } else {
            byte[] plain = new byte[records.readableBytes()];
            records.readBytes(plain);
            ByteBuffer packed = pack(plain, plain.length, codec, level);
            written = allocator.buffer(RecordBatch.HEADER_BYTES + packed.remaining());
            written.writeBytes(source, start, RecordBatch.HEADER_BYTES).writeBytes(packed);
        }
        written.setShort(RecordBatch.ATTRIBUTES, batch.attributes() & ~RecordBatch.COMPRESSION | codec.id());
        return RecordBatchFilter.sealed(written);
    }

    /** What the codec makes of the first bytes of the array. */
    static ByteBuffer pack(byte[] bytes, int length, Codec codec, int level) {
        ByteBufferOutputStream packed = new ByteBufferOutputStream(Math.max(512, length / 2));
        try (OutputStream stream = codec.compression(level).wrapForOutput(packed, RecordBatch.CURRENT_MAGIC)) {
            stream.write(bytes, 0, length);
        } catch (IOException e) {
            throw new RmqException(RmqError.INTERNAL, codec.key() + " cannot pack a batch: " + e, e);
        }
        ByteBuffer result = packed.buffer();
        result.flip();
        return result;
    }
}
