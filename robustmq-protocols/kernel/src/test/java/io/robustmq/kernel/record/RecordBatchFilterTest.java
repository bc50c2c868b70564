/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Filtered batches against those that Kafka's own cleaner filter writes. */
class RecordBatchFilterTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long DELETE_RETENTION = 86_400_000;

    /** Keeps the records of these numbers, and empty batches. */
    private static final class KafkaFilter extends MemoryRecords.RecordFilter {
        private final BitSet keep;
        private final long baseOffset;

        KafkaFilter(BitSet keep, long baseOffset) {
            super(NOW, DELETE_RETENTION);
            this.keep = keep;
            this.baseOffset = baseOffset;
        }

        @Override
        protected BatchRetentionResult checkBatchRetention(org.apache.kafka.common.record.internal.RecordBatch batch) {
            return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
        }

        @Override
        protected boolean shouldRetainRecord(org.apache.kafka.common.record.internal.RecordBatch batch, Record record) {
            return keep.get((int) (record.offset() - baseOffset));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = CompressionType.class,
            names = {"NONE", "GZIP", "SNAPPY", "LZ4", "ZSTD"})
    void aFilteredBatchIsWhatKafkaWouldHaveWritten(CompressionType type) {
        Random random = new Random(7);
        RecordBatchFilter filter = new RecordBatchFilter();
        for (int round = 0; round < 200; round++) {
            SimpleRecord[] records = KafkaRecords.random(random, 1 + random.nextInt(12));
            ByteBuf source = batch(type, random, records);
            BitSet keep = keep(random, records.length);
            boolean tombstones = keep.stream().anyMatch(number -> records[number].value() == null);
            ByteBuf expected = byKafka(source, keep);
            io.robustmq.kernel.record.RecordBatch written = filter.filter(
                    source,
                    0,
                    source.readableBytes(),
                    keep,
                    tombstones ? NOW + DELETE_RETENTION : -1,
                    UnpooledByteBufAllocator.DEFAULT);
            try {
                assertSame(written, expected, type, keep.cardinality() == records.length && !tombstones);
            } finally {
                written.release();
            }
        }
    }

    private static void assertSame(
            io.robustmq.kernel.record.RecordBatch written, ByteBuf expected, CompressionType type, boolean untouched) {
        RecordBatchReader ours = new RecordBatchReader().reset(written);
        assertThat(KafkaRecords.readByKafka(written.buffer()))
                .isEqualTo(KafkaRecords.readByUs(new RecordBatchReader(), expected));
        assertThat(written.crc()).isEqualTo(RecordBatches.computeCrc(written));
        ours.nextBatch();
        assertThat(ours.isIntact()).isTrue();
        if ((type == CompressionType.NONE && !untouched) || (written.recordCount() == 0 && !untouched)) {
            assertThat(ByteBufUtil.hexDump(written.buffer())).isEqualTo(ByteBufUtil.hexDump(expected));
            return;
        }
        if (untouched) {
            // Kafka copies it, and so does whoever knows that nothing changes; the filter may choose another base time.
            return;
        }
        // Packed bytes may differ in what a codec is free to choose; the header may not.
        RecordBatchReader kafkas = new RecordBatchReader().reset(expected);
        kafkas.nextBatch();
        assertThat(header(ours)).isEqualTo(header(kafkas));
    }

    private static List<Object> header(RecordBatchReader batch) {
        return List.of(
                batch.baseOffset(),
                batch.lastOffset(),
                batch.recordCount(),
                batch.attributes(),
                batch.baseTimestampMillis(),
                batch.maxTimestampMillis(),
                batch.deleteHorizonMillis(),
                batch.producerId(),
                batch.producerEpoch(),
                batch.baseSequence());
    }

    private static ByteBuf batch(CompressionType type, Random random, SimpleRecord... records) {
        boolean idempotent = random.nextBoolean();
        return Unpooled.wrappedBuffer(MemoryRecords.withRecords(
                        (byte) 2,
                        random.nextInt(1000),
                        Compression.of(type).build(),
                        random.nextInt(4) == 0 ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                        idempotent ? 77 : -1,
                        (short) (idempotent ? 3 : -1),
                        idempotent ? 12 : -1,
                        5,
                        false,
                        records)
                .buffer());
    }

    private static BitSet keep(Random random, int records) {
        BitSet keep = new BitSet();
        int percent = random.nextInt(101);
        for (int i = 0; i < records; i++) {
            keep.set(i, random.nextInt(100) < percent);
        }
        return keep;
    }

    private static ByteBuf byKafka(ByteBuf source, BitSet keep) {
        MemoryRecords records = MemoryRecords.readableRecords(ByteBuffer.wrap(ByteBufUtil.getBytes(source)));
        ByteBuffer target = ByteBuffer.allocate(256 * 1024);
        MemoryRecords.FilterResult result = records.filterTo(
                new KafkaFilter(keep, source.getLong(0)), target, BufferSupplier.NO_CACHING, Integer.MAX_VALUE);
        ByteBuffer output = result.outputBuffer();
        output.flip();
        return Unpooled.wrappedBuffer(output);
    }

    @Test
    void aHorizonIsSetOnceAndTimesStay() {
        RecordBatch source =
                RecordBatches.of(RecordBatches.Entry.of(1000, "a", null), RecordBatches.Entry.of(5000, "b", "value"));
        BitSet both = new BitSet();
        both.set(0, 2);
        RecordBatchFilter filter = new RecordBatchFilter();
        RecordBatch first =
                filter.filter(source.buffer(), 0, source.sizeBytes(), both, NOW, UnpooledByteBufAllocator.DEFAULT);
        both.clear(1);
        RecordBatch second =
                filter.filter(first.buffer(), 0, first.sizeBytes(), both, -1, UnpooledByteBufAllocator.DEFAULT);
        RecordBatchReader reader = new RecordBatchReader().reset(second);
        List<Long> times = new ArrayList<>();
        reader.nextBatch();
        while (reader.nextRecord()) {
            times.add(reader.record().timestampMillis());
        }
        assertThat(reader.deleteHorizonMillis()).isEqualTo(NOW);
        assertThat(times).containsExactly(1000L);
        assertThat(reader.maxTimestampMillis()).isEqualTo(1000);
        assertThat(new RecordBatchReader().reset(source).nextBatch()).isTrue();
        source.release();
        first.release();
        second.release();
    }

    @Test
    void aFlippedBitIsSeen() {
        RecordBatch batch = RecordBatches.ofValues(1, "value");
        RecordBatchReader reader = new RecordBatchReader().reset(batch);
        reader.nextBatch();
        assertThat(reader.isIntact()).isTrue();
        batch.buffer().setByte(batch.sizeBytes() - 2, batch.buffer().getByte(batch.sizeBytes() - 2) ^ 1);
        assertThat(reader.isIntact()).isFalse();
        batch.release();
    }
}
