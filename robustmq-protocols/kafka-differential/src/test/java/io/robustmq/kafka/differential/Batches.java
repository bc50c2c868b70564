/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Batches for producers, right and wrong. Stateless. */
final class Batches {
    /** Some time; topics of the corpus keep their records forever. */
    static final long TIME = 1_750_000_000_000L;

    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int FIRST_TIME_AT = 27;
    private static final int LARGEST_TIME_AT = 35;
    static final int PRODUCER_AT = 43;
    private static final int EPOCH_AT = 51;
    private static final int SEQUENCE_AT = 53;
    private static final int LENGTH_AT = 8;
    private static final int OVERHEAD = 12;

    private Batches() {}

    static MemoryRecords plain(SimpleRecord... records) {
        return MemoryRecords.withRecords(Compression.NONE, records);
    }

    /** What an idempotent producer sends. */
    static MemoryRecords of(long producer, short epoch, int sequence, SimpleRecord... records) {
        ByteBuffer bytes = copy(plain(records));
        bytes.putLong(PRODUCER_AT, producer).putShort(EPOCH_AT, epoch).putInt(SEQUENCE_AT, sequence);
        return sealed(bytes);
    }

    /** What a compacted topic takes, too. */
    static MemoryRecords keyed(Dice dice) {
        return plain(
                new SimpleRecord(TIME, dice.bytes(2), dice.bytes(3)),
                new SimpleRecord(TIME + 1, dice.bytes(2), dice.bytes(3)));
    }

    static MemoryRecords valid(Dice dice) {
        CompressionType codec = dice.mostly(
                CompressionType.NONE,
                CompressionType.GZIP,
                CompressionType.SNAPPY,
                CompressionType.LZ4,
                CompressionType.ZSTD);
        return MemoryRecords.withRecords(Compression.of(codec).build(), records(dice));
    }

    private static SimpleRecord[] records(Dice dice) {
        List<SimpleRecord> records = new ArrayList<>();
        int count = 1 + dice.below(5);
        for (int i = 0; i < count; i++) {
            byte[] key = dice.chance(0.3) ? null : dice.bytes(dice.below(6));
            byte[] value = dice.chance(0.1) ? null : dice.bytes(dice.mostly(10, 0, 300, 3000));
            Header[] headers = new Header[dice.mostly(0, 1, 3)];
            for (int h = 0; h < headers.length; h++) {
                headers[h] = new RecordHeader("h" + h, dice.chance(0.2) ? null : dice.bytes(3));
            }
            records.add(new SimpleRecord(TIME + dice.below(10_000), key, value, headers));
        }
        return records.toArray(SimpleRecord[]::new);
    }

    /** Something that is no good batch, or an unusual one. */
    static MemoryRecords odd(Dice dice) {
        MemoryRecords good = valid(dice);
        return switch (dice.below(17)) {
            case 0, 1 -> MemoryRecords.EMPTY;
            case 2 -> twice(good);
            case 3 -> old(dice, RecordBatch.MAGIC_VALUE_V0);
            case 4 -> old(dice, RecordBatch.MAGIC_VALUE_V1);
            case 5 -> cut(good, dice.below(good.sizeInBytes()));
            case 6 -> changed(good, CRC_AT + dice.below(4), (byte) dice.below(256), false);
            case 7 -> changed(good, good.sizeInBytes() - 1, (byte) 0x55, false);
            case 8 -> changed(good, 16, (byte) dice.one(0, 1, 3, 9, -1).intValue(), false);
            case 9 -> changed(good, ATTRIBUTES_AT + 1, (byte) dice.below(256), true);
            case 10 -> changed(good, ATTRIBUTES_AT, (byte) 1, true);
            case 11 -> changed(good, 26, (byte) dice.below(8), true);
            case 12 -> changed(good, 60, (byte) dice.below(8), true);
            case 13 -> changed(good, 7, (byte) dice.one(1, 5).intValue(), true);
            case 14 -> changed(good, 11, (byte) dice.below(256), true);
            case 15 -> time(dice, dice.one(-1L, 0L, Long.MIN_VALUE, TIME - 1000, Long.MAX_VALUE));
            default -> time(dice, dice.one(TIME * 2, Long.MAX_VALUE - 1));
        };
    }

    private static MemoryRecords time(Dice dice, long timestamp) {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(ByteBuffer.allocate(200), Compression.NONE, TimestampType.CREATE_TIME, 0);
        builder.append(Math.max(timestamp, -1), dice.bytes(1), dice.bytes(2));
        ByteBuffer bytes = copy(builder.build());
        // What no builder writes: the only record has the time of its batch.
        return sealed(bytes.putLong(FIRST_TIME_AT, timestamp).putLong(LARGEST_TIME_AT, timestamp));
    }

    private static MemoryRecords old(Dice dice, byte magic) {
        MemoryRecordsBuilder builder =
                MemoryRecords.builder(ByteBuffer.allocate(200), magic, Compression.NONE, TimestampType.CREATE_TIME, 0);
        builder.append(magic == 0 ? RecordBatch.NO_TIMESTAMP : TIME, dice.bytes(1), dice.bytes(2));
        return builder.build();
    }

    private static MemoryRecords twice(MemoryRecords records) {
        ByteBuffer one = records.buffer();
        ByteBuffer two = ByteBuffer.allocate(2 * one.remaining());
        return MemoryRecords.readableRecords(two.put(one.duplicate()).put(one).flip());
    }

    private static MemoryRecords cut(MemoryRecords records, int length) {
        return MemoryRecords.readableRecords(copy(records).limit(length));
    }

    private static MemoryRecords changed(MemoryRecords records, int at, byte value, boolean sealed) {
        ByteBuffer bytes = copy(records);
        if (at >= bytes.limit()) {
            return records;
        }
        bytes.put(at, value);
        return sealed ? sealed(bytes) : MemoryRecords.readableRecords(bytes);
    }

    private static MemoryRecords sealed(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(ATTRIBUTES_AT));
        bytes.putInt(CRC_AT, (int) crc.getValue());
        return MemoryRecords.readableRecords(bytes);
    }

    /** Makes the CRC right that a batch at some place in a request has. */
    static void seal(ByteBuffer frame, int at) {
        int end = at + OVERHEAD + frame.getInt(at + LENGTH_AT);
        CRC32C crc = new CRC32C();
        crc.update(frame.duplicate().limit(end).position(at + ATTRIBUTES_AT));
        frame.putInt(at + CRC_AT, (int) crc.getValue());
    }

    private static ByteBuffer copy(MemoryRecords records) {
        return ByteBuffer.allocate(records.sizeInBytes()).put(records.buffer()).flip();
    }
}
