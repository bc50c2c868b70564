/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Kafka's classes as the oracle: random batches written by them, and one text form to compare both readers in. */
final class KafkaRecords {

    private KafkaRecords() {}

    static ByteBuf batch(CompressionType type, long baseOffset, SimpleRecord... records) {
        Compression compression = Compression.of(type).build();
        return Unpooled.wrappedBuffer(
                MemoryRecords.withRecords(baseOffset, compression, records).buffer());
    }

    static SimpleRecord[] random(Random random, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            Header[] headers = new Header[random.nextInt(4)];
            for (int h = 0; h < headers.length; h++) {
                headers[h] = new RecordHeader("name-" + random.nextInt(5), nullOrBytes(random, 20));
            }
            records[i] = new SimpleRecord(
                    1_700_000_000_000L + random.nextInt(100_000),
                    nullOrBytes(random, 40),
                    nullOrBytes(random, random.nextInt(10) == 0 ? 10_000 : 100),
                    headers);
        }
        return records;
    }

    private static byte[] nullOrBytes(Random random, int maxLength) {
        if (random.nextInt(5) == 0) {
            return null;
        }
        byte[] bytes = new byte[random.nextInt(maxLength)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Every record of every batch as Kafka reads it. */
    static List<String> readByKafka(ByteBuf batches) {
        List<String> lines = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(io.netty.buffer.ByteBufUtil.getBytes(batches));
        for (Record record : MemoryRecords.readableRecords(bytes).records()) {
            StringBuilder headers = new StringBuilder();
            for (Header header : record.headers()) {
                headers.append(header.key())
                        .append('=')
                        .append(hex(header.value()))
                        .append(',');
            }
            lines.add(line(
                    record.offset(),
                    record.timestamp(),
                    hex(bytes(record.key())),
                    hex(bytes(record.value())),
                    headers));
        }
        return lines;
    }

    /** Every record of every batch as we read it. */
    static List<String> readByUs(RecordBatchReader reader, ByteBuf batches) {
        List<String> lines = new ArrayList<>();
        reader.reset(batches);
        while (reader.nextBatch()) {
            while (reader.nextRecord()) {
                RecordView record = reader.record();
                StringBuilder headers = new StringBuilder();
                while (record.nextHeader()) {
                    headers.append(new String(record.headerName(), StandardCharsets.UTF_8))
                            .append('=')
                            .append(hex(record.headerValue()))
                            .append(',');
                }
                lines.add(line(
                        record.offset(), record.timestampMillis(), hex(record.key()), hex(record.value()), headers));
            }
        }
        return lines;
    }

    private static String line(long offset, long timestamp, String key, String value, StringBuilder headers) {
        return offset + " " + timestamp + " " + key + " " + value + " " + headers;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "null" : "0x" + java.util.HexFormat.of().formatHex(bytes);
    }
}
