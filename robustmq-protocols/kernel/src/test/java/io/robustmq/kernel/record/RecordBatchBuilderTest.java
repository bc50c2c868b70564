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
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordBatchBuilderTest {
    private static final byte[] NONE = new byte[0];

    private final RecordBatchBuilder builder = new RecordBatchBuilder(64 * 1024);

    @Test
    void writesTheGoldenBytes() {
        RecordBatch batch = RecordBatches.of(
                new RecordBatches.Entry(
                        1_700_000_000_000L,
                        "k".getBytes(UTF_8),
                        "hello".getBytes(UTF_8),
                        List.of(Map.entry("h", new byte[] {1, 2}))),
                RecordBatches.Entry.of(1_700_000_000_007L, null, null));
        assertThat(ByteBufUtil.hexDump(batch.buffer())).isEqualTo(Golden.hex("record-batch.hex"));
        batch.release();
    }

    @Test
    void kafkaReadsWhatWeWrite() {
        HeaderBlockWriter headers = new HeaderBlockWriter();
        headers.add("a", "1".getBytes(UTF_8)).add("a", null).add("", NONE);
        builder.begin(1000);
        ByteBuf source = Unpooled.copiedBuffer("xkeyvaluex", UTF_8);
        builder.append(1005, source, 1, 3, source, 4, 5, headers.array(), 0, headers.length(), headers.count());
        builder.append(990, source, 0, -1, source, 0, -1, NONE, 0, 0, 0);
        builder.append(1001, source, 0, 0, source, 0, 0, NONE, 0, 0, 0);
        RecordBatch batch = builder.build(PooledByteBufAllocator.DEFAULT);
        batch.assign(42, 7);

        MutableRecordBatch theirs = onlyBatch(batch);
        theirs.ensureValid();
        assertThat(theirs.baseOffset()).isEqualTo(42);
        assertThat(theirs.lastOffset()).isEqualTo(44);
        assertThat(theirs.partitionLeaderEpoch()).isEqualTo(7);
        assertThat(theirs.maxTimestamp()).isEqualTo(1005);
        assertThat(theirs.producerId()).isEqualTo(-1);
        assertThat(theirs.countOrNull()).isEqualTo(3);
        assertThat(theirs.sizeInBytes()).isEqualTo(batch.sizeBytes()).isEqualTo(batch.declaredSizeBytes());
        List<Record> records = new ArrayList<>();
        theirs.iterator().forEachRemaining(records::add);
        assertThat(text(records.get(0).key())).isEqualTo("key");
        assertThat(text(records.get(0).value())).isEqualTo("value");
        assertThat(records.get(0).timestamp()).isEqualTo(1005);
        assertThat(records.get(0).headers()).hasSize(3);
        assertThat(records.get(0).headers()[1].value()).isNull();
        assertThat(records.get(0).headers()[2].value()).isEmpty();
        assertThat(records.get(1).hasKey()).isFalse();
        assertThat(records.get(1).hasValue()).isFalse();
        assertThat(records.get(1).timestamp()).isEqualTo(990);
        assertThat(records.get(2).keySize()).isZero();
        assertThat(records.get(2).valueSize()).isZero();
        assertThat(records.get(2).offset()).isEqualTo(44);
        batch.release();
    }

    @Test
    void tellsWhereTheLastRecordsKeyAndValueAre() {
        ByteBuf source = Unpooled.copiedBuffer("keyvalue", UTF_8);
        builder.begin(0);
        int[][] positions = new int[200][];
        for (int i = 0; i < positions.length; i++) {
            builder.append(i, source, 0, 3, source, 3, 5, NONE, 0, 0, 0);
            positions[i] = new int[] {builder.lastKeyPosition(), builder.lastValuePosition()};
        }
        builder.append(0, source, 0, -1, source, 0, -1, NONE, 0, 0, 0);
        assertThat(builder.lastKeyPosition()).isEqualTo(-1);
        assertThat(builder.lastValuePosition()).isEqualTo(-1);
        RecordBatch batch = builder.build(PooledByteBufAllocator.DEFAULT);
        for (int[] position : positions) {
            assertThat(batch.buffer().toString(position[0], 3, UTF_8)).isEqualTo("key");
            assertThat(batch.buffer().toString(position[1], 5, UTF_8)).isEqualTo("value");
        }
        batch.release();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 63, 64, 65, 8191, 8192, 8193, 1_048_575, 1_048_576, 1_048_577})
    void everyVarintBoundaryOfALengthReadsBack(int length) {
        byte[] value = new byte[length];
        RecordBatch batch = RecordBatches.of(new RecordBatches.Entry(0, value, value, List.of(Map.entry("v", value))));
        MutableRecordBatch theirs = onlyBatch(batch);
        theirs.ensureValid();
        Record record = theirs.iterator().next();
        assertThat(record.keySize()).isEqualTo(length);
        assertThat(record.valueSize()).isEqualTo(length);
        assertThat(record.headers()[0].value()).hasSize(length);
        batch.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 63, 64, -64, -65, 8191, 8192, Integer.MAX_VALUE, Long.MAX_VALUE, Long.MIN_VALUE + 1})
    void everyVarintBoundaryOfATimestampReadsBack(long timestampMillis) {
        builder.begin(0);
        builder.append(timestampMillis, null, new byte[] {1}, new HeaderBlockWriter());
        RecordBatch batch = builder.build(PooledByteBufAllocator.DEFAULT);
        MutableRecordBatch theirs = onlyBatch(batch);
        theirs.ensureValid();
        assertThat(theirs.iterator().next().timestamp()).isEqualTo(timestampMillis);
        batch.release();
    }

    @Test
    void fitsUntilTheLimitAndAlwaysWhenEmpty() {
        RecordBatchBuilder small = new RecordBatchBuilder(400);
        small.begin(0);
        assertThat(small.fits(-1, 1_000_000, 0)).isTrue();
        HeaderBlockWriter none = new HeaderBlockWriter();
        while (small.fits(-1, 50, 0)) {
            small.append(0, null, new byte[50], none);
        }
        assertThat(small.count()).isPositive();
        assertThat(small.sizeBytes()).isLessThanOrEqualTo(400).isGreaterThan(400 - 50 - 36 - 10);
        int size = small.sizeBytes();
        RecordBatch batch = small.build(PooledByteBufAllocator.DEFAULT);
        assertThat(batch.sizeBytes()).isEqualTo(size);
        batch.release();

        small.begin(0);
        small.append(0, null, new byte[100_000], none);
        assertThat(small.fits(-1, 1, 0)).isFalse();
        RecordBatch large = small.build(PooledByteBufAllocator.DEFAULT);
        assertThat(onlyBatch(large).iterator().next().valueSize()).isEqualTo(100_000);
        large.release();
    }

    @Test
    void aSourceShorterThanStatedLeavesTheBatchAsItWas() {
        ByteBuf source = Unpooled.copiedBuffer("abc", UTF_8);
        builder.begin(0);
        builder.append(0, source, 0, 1, source, 1, 2, NONE, 0, 0, 0);
        int size = builder.sizeBytes();
        assertThatThrownBy(() -> builder.append(0, source, 0, 1, source, 1, 3, NONE, 0, 0, 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(builder.sizeBytes()).isEqualTo(size);
        RecordBatch batch = builder.build(PooledByteBufAllocator.DEFAULT);
        MutableRecordBatch theirs = onlyBatch(batch);
        theirs.ensureValid();
        assertThat(theirs.countOrNull()).isEqualTo(1);
        batch.release();
    }

    @Test
    void appendingAllocatesNothing() {
        ByteBuf source = Unpooled.wrappedBuffer(new byte[128]);
        HeaderBlockWriter headers = new HeaderBlockWriter();
        byte[] name = "name".getBytes(UTF_8);
        RecordBatchBuilder large = new RecordBatchBuilder(16 * 1024 * 1024);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long allocated = 0;
        // The first round loads classes and grows the array.
        for (int round = 0; round < 2; round++) {
            large.begin(0);
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 10_000; i++) {
                headers.reset().add(name, source, 0, 8);
                large.append(i, source, 0, 24, source, 24, 64, headers.array(), 0, headers.length(), headers.count());
            }
            allocated = threads.getThreadAllocatedBytes(thread) - before;
        }
        assertThat(large.count()).isEqualTo(10_000);
        assertThat(allocated).as("bytes for 10,000 records").isLessThan(10_000);
    }

    @Test
    void isUsedInOrderOnly() {
        assertThatThrownBy(() -> builder.append(0, null, null, new HeaderBlockWriter()))
                .isInstanceOf(IllegalStateException.class);
        builder.begin(0);
        assertThat(builder.isEmpty()).isTrue();
        assertThatThrownBy(() -> builder.build(PooledByteBufAllocator.DEFAULT))
                .isInstanceOf(IllegalStateException.class);
        builder.append(0, null, null, new HeaderBlockWriter());
        builder.begin(5);
        assertThat(builder.isEmpty()).isTrue();
        assertThatThrownBy(() ->
                        builder.append(0, Unpooled.EMPTY_BUFFER, 0, -2, Unpooled.EMPTY_BUFFER, 0, 0, NONE, 0, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static MutableRecordBatch onlyBatch(RecordBatch batch) {
        ByteBuffer bytes = ByteBuffer.wrap(ByteBufUtil.getBytes(batch.buffer()));
        return MemoryRecords.readableRecords(bytes).batchIterator().next();
    }

    private static String text(ByteBuffer bytes) {
        return UTF_8.decode(bytes).toString();
    }
}
