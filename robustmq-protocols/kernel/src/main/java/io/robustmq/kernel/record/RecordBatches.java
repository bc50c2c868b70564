/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Whole batches for cold paths and tests, in unpooled buffers. Stateless. */
public final class RecordBatches {

    private RecordBatches() {}

    /** One record outside the hot path; arrays are not copied. */
    public record Entry(
            long timestampMillis,
            byte @Nullable [] key,
            byte @Nullable [] value,
            List<Map.Entry<String, byte[]>> headers) {

        public static Entry of(long timestampMillis, @Nullable String key, @Nullable String value) {
            return new Entry(timestampMillis, utf8(key), utf8(value), List.of());
        }
    }

    /** A batch of these records, at least one; its base timestamp is that of the first. */
    public static RecordBatch of(List<Entry> entries) {
        RecordBatchBuilder builder = new RecordBatchBuilder(64 * 1024);
        HeaderBlockWriter headers = new HeaderBlockWriter();
        builder.begin(entries.get(0).timestampMillis());
        for (Entry entry : entries) {
            headers.reset();
            entry.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
            builder.append(entry.timestampMillis(), entry.key(), entry.value(), headers);
        }
        return builder.build(UnpooledByteBufAllocator.DEFAULT);
    }

    public static RecordBatch of(Entry... entries) {
        return of(List.of(entries));
    }

    /** A batch of records without key, all of one time. */
    public static RecordBatch ofValues(long timestampMillis, String... values) {
        return of(java.util.Arrays.stream(values)
                .map(value -> Entry.of(timestampMillis, null, value))
                .toList());
    }

    /** The checksum that the bytes of the batch have, whatever its CRC field says. */
    public static int computeCrc(RecordBatch batch) {
        ByteBuf buffer = batch.buffer();
        return crc32c(
                buffer, buffer.readerIndex() + RecordBatch.ATTRIBUTES, batch.sizeBytes() - RecordBatch.ATTRIBUTES);
    }

    static int crc32c(ByteBuf buffer, int index, int length) {
        CRC32C crc = new CRC32C();
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + index, length);
        } else {
            // Not internalNioBuffer(): readers on other loops may look at the same buffer.
            for (ByteBuffer part : buffer.nioBuffers(index, length)) {
                crc.update(part);
            }
        }
        return (int) crc.getValue();
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }
}
