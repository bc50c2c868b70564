/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.RmqException;
import java.util.Random;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecordBatchPackerTest {
    private static final CompressionType[] SOURCES = {
        CompressionType.NONE, CompressionType.GZIP, CompressionType.SNAPPY, CompressionType.LZ4, CompressionType.ZSTD
    };

    @ParameterizedTest
    @EnumSource(Codec.class)
    void whatIsPackedAnewHasTheSameRecords(Codec codec) {
        Random random = new Random(3);
        for (CompressionType source : SOURCES) {
            ByteBuf bytes = KafkaRecords.batch(source, 42, KafkaRecords.random(random, 9));
            RecordBatch batch = new RecordBatch(bytes);
            RecordBatch packed =
                    RecordBatchPacker.pack(batch, codec, codec.defaultLevel(), UnpooledByteBufAllocator.DEFAULT);

            assertThat(packed.compression()).isEqualTo(codec.id());
            assertThat(packed.declaredSizeBytes()).isEqualTo(packed.sizeBytes());
            assertThat(packed.crc()).isEqualTo(RecordBatches.computeCrc(packed));
            assertThat(packed.maxTimestampMillis()).isEqualTo(batch.maxTimestampMillis());
            assertThat(KafkaRecords.readByKafka(packed.buffer())).isEqualTo(KafkaRecords.readByKafka(bytes));
            packed.release();
        }
    }

    @Test
    void recordsThatCannotBeUnpackedAreCorrupt() {
        ByteBuf bytes = KafkaRecords.batch(CompressionType.LZ4, 0, KafkaRecords.random(new Random(3), 9));
        bytes.setLong(RecordBatch.HEADER_BYTES, 0);
        assertThatThrownBy(() ->
                        RecordBatchPacker.pack(new RecordBatch(bytes), Codec.ZSTD, 3, UnpooledByteBufAllocator.DEFAULT))
                .isInstanceOf(RmqException.class)
                .hasMessageContaining("corrupt");
    }

    @Test
    void aStampedBatchHasTheTimeOfItsAppendForKafkaToo() {
        ByteBuf bytes = KafkaRecords.batch(CompressionType.GZIP, 0, KafkaRecords.random(new Random(3), 4));
        RecordBatch batch = new RecordBatch(bytes);
        assertThat(batch.hasAppendTime()).isFalse();

        batch.stamp(1_234_567);

        assertThat(batch.hasAppendTime()).isTrue();
        assertThat(batch.crc()).isEqualTo(RecordBatches.computeCrc(batch));
        assertThat(KafkaRecords.readByKafka(bytes)).hasSize(4).allMatch(line -> line.contains("1234567"));
        assertThat(KafkaRecords.readByUs(new RecordBatchReader(), bytes)).isEqualTo(KafkaRecords.readByKafka(bytes));
    }
}
