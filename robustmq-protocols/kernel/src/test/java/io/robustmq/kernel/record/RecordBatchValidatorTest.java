/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static io.robustmq.kernel.record.RecordBatchReaderTest.assertCorrupt;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.Random;
import java.util.function.Consumer;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchValidatorTest {
    private final RecordBatchValidator validator = new RecordBatchValidator();

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void acceptsWhatKafkaProducersSend(CompressionType type) {
        SimpleRecord[] records = KafkaRecords.random(new Random(1), 20);
        validator.validate(new RecordBatch(KafkaRecords.batch(type, 0, records)));
        long latest = java.util.stream.Stream.of(records)
                .mapToLong(SimpleRecord::timestamp)
                .max()
                .getAsLong();
        assertThat(validator.maxTimestampMillis()).isEqualTo(latest);
        MemoryRecords transactional = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 5, (short) 0, 0, new SimpleRecord(new byte[3]));
        assertThatCode(() -> validator.validate(new RecordBatch(Unpooled.wrappedBuffer(transactional.buffer()))))
                .doesNotThrowAnyException();
    }

    @Test
    void acceptsABatchInACompositeBuffer() {
        RecordBatch batch = RecordBatches.ofValues(0, "one", "two");
        ByteBuf buffer = batch.buffer();
        ByteBuf composite = PooledByteBufAllocator.DEFAULT
                .compositeBuffer()
                .addComponent(true, buffer.retainedSlice(0, 30))
                .addComponent(true, buffer.retainedSlice(30, buffer.readableBytes() - 30));
        assertThatCode(() -> validator.validate(new RecordBatch(composite))).doesNotThrowAnyException();
        composite.release();
        batch.release();
    }

    @Test
    void refusesEachLieOfTheHeader() {
        refuses("length", false, b -> b.setInt(8, b.getInt(8) - 1));
        refuses("length that overflows", false, b -> b.setInt(8, Integer.MAX_VALUE));
        refuses("magic", false, b -> b.setByte(16, 1));
        refuses("crc", false, b -> b.setInt(17, b.getInt(17) + 1));
        refuses(
                "one bit of the last record",
                false,
                b -> b.setByte(b.writerIndex() - 2, b.getByte(b.writerIndex() - 2) ^ 1));
        refuses("unknown compression", true, b -> b.setShort(21, 5));
        refuses("append time", true, b -> b.setShort(21, 0x08));
        refuses("control", true, b -> b.setShort(21, 0x20));
        refuses("delete horizon", true, b -> b.setShort(21, 0x40));
        refuses("unused attribute", true, b -> b.setShort(21, 0x8000));
        refuses("transactional without producer", true, b -> b.setShort(21, 0x10));
        refuses("last offset delta", true, b -> b.setInt(23, 2));
        refuses("last offset delta negative", true, b -> b.setInt(23, -1));
        refuses("producer without epoch", true, b -> b.setLong(43, 1));
        refuses("count too large", true, b -> b.setInt(57, 3));
        refuses("count too small", true, b -> b.setInt(57, 1).setInt(23, 0));
        refuses("count zero", true, b -> b.setInt(57, 0).setInt(23, -1));
        refuses("count negative", true, b -> b.setInt(57, -1).setInt(23, -2));
        refuses("claims to be gzip", true, b -> b.setShort(21, 1));
        refuses("claims to be snappy", true, b -> b.setShort(21, 2));
        refuses("claims to be lz4", true, b -> b.setShort(21, 3));
        refuses("claims to be zstd", true, b -> b.setShort(21, 4));
    }

    private void refuses(String lie, boolean repairCrc, Consumer<ByteBuf> change) {
        RecordBatch batch = RecordBatches.ofValues(0, "one", "two");
        assertThatCode(() -> validator.validate(batch)).as("before: " + lie).doesNotThrowAnyException();
        change.accept(batch.buffer());
        if (repairCrc) {
            batch.buffer().setInt(17, RecordBatches.computeCrc(batch));
        }
        assertCorrupt(() -> validator.validate(batch));
        batch.release();
    }

    @Test
    void refusesTwoBatchesAtOnce() {
        RecordBatch batch = RecordBatches.ofValues(0, "one");
        ByteBuf twice = Unpooled.copiedBuffer(batch.buffer(), batch.buffer());
        assertCorrupt(() -> validator.validate(new RecordBatch(twice)));
        batch.release();
    }
}
