/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBatchReaderTest {
    private final RecordBatchReader reader = new RecordBatchReader();

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void readsWhatKafkaWroteExactlyAsKafkaDoes(CompressionType type) {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            ByteBuf first = KafkaRecords.batch(type, 100, KafkaRecords.random(random, 1 + random.nextInt(100)));
            ByteBuf second = KafkaRecords.batch(type, 500, KafkaRecords.random(random, 1 + random.nextInt(10)));
            ByteBuf both = PooledByteBufAllocator.DEFAULT
                    .directBuffer()
                    .writeBytes(first)
                    .writeBytes(second);
            assertThat(KafkaRecords.readByUs(reader, both))
                    .as("seed %d", seed)
                    .isEqualTo(KafkaRecords.readByKafka(both))
                    .isNotEmpty();
            both.release();
        }
    }

    @Test
    void readsWhatWeWroteExactlyAsKafkaDoes() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<RecordBatches.Entry> entries = java.util.stream.Stream.of(KafkaRecords.random(random, 50))
                    .map(RecordBatchReaderTest::entry)
                    .toList();
            var batch = RecordBatches.of(entries);
            batch.assign(random.nextInt(1_000_000), 3);
            assertThat(KafkaRecords.readByUs(reader, batch.buffer()))
                    .as("seed %d", seed)
                    .isEqualTo(KafkaRecords.readByKafka(batch.buffer()))
                    .hasSize(50);
            batch.release();
        }
    }

    private static RecordBatches.Entry entry(SimpleRecord record) {
        List<Map.Entry<String, byte[]>> headers = java.util.stream.Stream.of(record.headers())
                .<Map.Entry<String, byte[]>>map(
                        header -> new java.util.AbstractMap.SimpleEntry<>(header.key(), header.value()))
                .toList();
        return new RecordBatches.Entry(record.timestamp(), array(record.key()), array(record.value()), headers);
    }

    private static byte[] array(ByteBuffer buffer) {
        return buffer == null ? null : ByteBufUtil.getBytes(Unpooled.wrappedBuffer(buffer));
    }

    @Test
    void readsTheGoldenBytes() {
        ByteBuf golden = Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(Golden.hex("record-batch.hex")));
        assertThat(KafkaRecords.readByUs(reader, golden))
                .containsExactly("0 1700000000000 0x6b 0x68656c6c6f h=0x0102,", "1 1700000000007 null null ");
    }

    @Test
    void positionsPointIntoTheBatchItself() {
        var batch = RecordBatches.of(new RecordBatches.Entry(
                5, "key".getBytes(UTF_8), "value".getBytes(UTF_8), List.of(Map.entry("name", new byte[] {7}))));
        reader.reset(batch);
        assertThat(reader.nextBatch()).isTrue();
        assertThat(reader.batchSizeBytes()).isEqualTo(batch.sizeBytes());
        assertThat(reader.nextRecord()).isTrue();
        RecordView record = reader.record();
        assertThat(record.buffer()).isSameAs(batch.buffer());
        assertThat(record.buffer().toString(record.keyPosition(), record.keyLength(), UTF_8))
                .isEqualTo("key");
        assertThat(record.buffer().toString(record.valuePosition(), record.valueLength(), UTF_8))
                .isEqualTo("value");
        assertThat(record.nextHeader("other".getBytes(UTF_8))).isFalse();
        record.rewindHeaders();
        assertThat(record.nextHeader("name".getBytes(UTF_8))).isTrue();
        assertThat(record.headerNameStartsWith("na".getBytes(UTF_8))).isTrue();
        assertThat(record.headerNameIs("na".getBytes(UTF_8))).isFalse();
        assertThat(record.headerValue()).containsExactly(7);
        assertThat(reader.nextRecord()).isFalse();
        assertThat(reader.nextBatch()).isFalse();
        batch.release();
    }

    @Test
    void anEncodedHeaderBlockCanBeCopiedIntoANewRecord() {
        var batch = RecordBatches.of(new RecordBatches.Entry(
                5, null, null, List.of(Map.entry("a", new byte[9]), Map.entry("b", new byte[0]))));
        reader.reset(batch);
        reader.nextBatch();
        reader.nextRecord();
        RecordView record = reader.record();
        byte[] block = ByteBufUtil.getBytes(record.buffer(), record.headersPosition(), record.headersLength());
        RecordBatchBuilder builder = new RecordBatchBuilder(1000);
        builder.begin(5);
        ByteBuf none = Unpooled.EMPTY_BUFFER;
        builder.append(5, none, 0, -1, none, 0, -1, block, 0, block.length, record.headerCount());
        var copy = builder.build(PooledByteBufAllocator.DEFAULT);
        assertThat(ByteBufUtil.equals(copy.buffer(), batch.buffer())).isTrue();
        copy.release();
        batch.release();
    }

    @Test
    void readsControlBatchesAndAppendTimeAndHolesOfCompaction() {
        MemoryRecords marker = MemoryRecords.withEndTransactionMarker(
                77, 9, (short) 1, new EndTransactionMarker(ControlRecordType.COMMIT, 4));
        reader.reset(Unpooled.wrappedBuffer(marker.buffer()));
        assertThat(reader.nextBatch()).isTrue();
        assertThat(reader.isControl()).isTrue();
        assertThat(reader.producerId()).isEqualTo(9);
        assertThat(reader.nextRecord()).isTrue();

        MemoryRecords stamped = MemoryRecords.withRecords(
                RecordBatch.MAGIC_VALUE_V2,
                3L,
                Compression.NONE,
                TimestampType.LOG_APPEND_TIME,
                new SimpleRecord(1, new byte[1]),
                new SimpleRecord(2, new byte[1]));
        ByteBuf bytes = Unpooled.wrappedBuffer(stamped.buffer());
        assertThat(KafkaRecords.readByUs(reader, bytes)).isEqualTo(KafkaRecords.readByKafka(bytes));

        var batch = RecordBatches.ofValues(0, "a");
        batch.buffer().setInt(23, 10); // last offset delta: nine records behind it were compacted away
        reader.reset(batch);
        assertThat(reader.nextBatch()).isTrue();
        assertThat(reader.lastOffset()).isEqualTo(10);
        assertThat(reader.nextRecord()).isTrue();
        assertThat(reader.nextRecord()).isFalse();
        batch.release();
    }

    @Test
    void refusesToUnpackBeyondItsLimit() {
        for (CompressionType type : CompressionType.values()) {
            ByteBuf bomb = KafkaRecords.batch(type, 0, new SimpleRecord(0, null, new byte[200_000]));
            RecordBatchReader small = new RecordBatchReader(199_999);
            if (type != CompressionType.NONE) {
                assertCorrupt(() -> KafkaRecords.readByUs(small, bomb));
            }
            RecordBatchReader enough = new RecordBatchReader(200_100);
            assertThat(KafkaRecords.readByUs(enough, bomb)).hasSize(1);
        }
    }

    @Test
    void refusesASnappyChunkThatClaimsMoreThanThereIs() {
        ByteBuf batch = KafkaRecords.batch(CompressionType.SNAPPY, 0, new SimpleRecord(0, null, new byte[10]));
        batch.setInt(61 + 16, 500_000_000);
        assertCorrupt(() -> KafkaRecords.readByUs(reader, batch));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 11, 12, 60, 61})
    void refusesATruncatedBatch(int size) {
        var batch = RecordBatches.ofValues(0, "value");
        ByteBuf part = batch.buffer().slice(0, size);
        if (size == 0) {
            assertThat(KafkaRecords.readByUs(reader, part)).isEmpty();
        } else {
            assertCorrupt(() -> KafkaRecords.readByUs(reader, part));
        }
        batch.release();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "12 00 00 00 01 06 616263 01", // header count -1
                "12 00 00 00 01 06 616263 02", // a header that is not there
                "10 00 00 00 01 06 616263 00", // record length one short
                "14 00 00 00 01 06 616263 00", // record length one long
                "12 00 00 02 01 06 616263 00", // offset delta beyond the last
                "12 00 00 01 01 06 616263 00", // offset delta -1
                "12 00 00 00 03 06 616263 00", // key length -2
                "12 00 00 00 01 7e 616263 00", // value longer than the record
                "12 00 00 00 01 05 616263 00", // value length -3
                "0f 00 00 00 01 06 616263 00", // record length negative
                "ffffffff1f 00 00 00 01 06 616263 00", // varint of 33 bits
                "ffffffffff01 00 00 00 01 06 616263 00", // varint of six bytes
                "14 00 00 00 01 06 616263 0000", // a byte behind the last header
                "12 00 00 00 01 06 616263 00 00", // a byte behind the last record
                "", // no record at all
            })
    void refusesARecordThatLies(String hex) {
        ByteBuf batch = withRecords(hex);
        assertCorrupt(() -> KafkaRecords.readByUs(reader, batch));
        assertCorrupt(() -> new RecordBatchValidator().validate(new io.robustmq.kernel.record.RecordBatch(batch)));
    }

    @Test
    void theSameRecordWithoutALieIsRead() {
        assertThat(KafkaRecords.readByUs(reader, withRecords("12 00 00 00 01 06 616263 00")))
                .containsExactly("0 0 null 0x616263 ");
    }

    /** A batch whose header is right, including the CRC, around any bytes. */
    private static ByteBuf withRecords(String hex) {
        byte[] records = ByteBufUtil.decodeHexDump(hex.replace(" ", ""));
        var template = RecordBatches.ofValues(0, "abc");
        ByteBuf batch = Unpooled.buffer().writeBytes(template.buffer(), 0, 61).writeBytes(records);
        batch.setInt(8, batch.readableBytes() - 12);
        batch.setInt(17, RecordBatches.computeCrc(new io.robustmq.kernel.record.RecordBatch(batch)));
        template.release();
        return batch;
    }

    static void assertCorrupt(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CORRUPT_BATCH));
    }
}
