/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Nanoseconds and, with {@code -prof gc}, bytes allocated per record of a 24-byte key and a 64-byte value: our builder, one
 * that writes straight into a pooled direct buffer, and Kafka's; then our reader and Kafka's.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class RecordBatchBenchmark {
    private static final int KEY = 24;
    private static final int VALUE = 64;
    private static final int SMALL = 10;
    private static final int LARGE = 500;
    private static final int MAX_BYTES = 64 * 1024;
    private static final byte[] NO_HEADERS = {};

    private final RecordBatchBuilder builder = new RecordBatchBuilder(MAX_BYTES);
    private final RecordBatchReader reader = new RecordBatchReader();
    private final CRC32C crc = new CRC32C();
    private final byte[] varints = new byte[64];
    private final ByteBuffer kafkaBytes = ByteBuffer.allocate(MAX_BYTES);
    private ByteBuf packet;
    private ByteBuf batch;
    private ByteBuffer batchBytes;

    @Setup
    public void setup() {
        packet = PooledByteBufAllocator.DEFAULT.directBuffer().writeZero(KEY + VALUE);
        batch = ours(LARGE).buffer();
        batchBytes = batch.nioBuffer();
    }

    private RecordBatch ours(int count) {
        builder.begin(1000);
        for (int i = 0; i < count; i++) {
            builder.append(1000 + i, packet, 0, KEY, packet, KEY, VALUE, NO_HEADERS, 0, 0, 0);
        }
        return builder.build(PooledByteBufAllocator.DEFAULT);
    }

    private int build(int count) {
        RecordBatch built = ours(count);
        int size = built.sizeBytes();
        built.release();
        return size;
    }

    @Benchmark
    @OperationsPerInvocation(SMALL)
    public int oursSmall() {
        return build(SMALL);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE)
    public int oursLarge() {
        return build(LARGE);
    }

    /** The alternative that was not chosen. */
    private int direct(int count) {
        ByteBuf target = PooledByteBufAllocator.DEFAULT.directBuffer(MAX_BYTES, MAX_BYTES);
        target.writerIndex(RecordBatch.HEADER_BYTES);
        for (int i = 0; i < count; i++) {
            int size = 1 + Varints.sizeOfLong(i) + Varints.sizeOfInt(i) + 1 + KEY + 2 + VALUE + 1;
            int at = Varints.putInt(varints, 0, size);
            varints[at++] = 0;
            at = Varints.putLong(varints, at, i);
            at = Varints.putInt(varints, at, i);
            at = Varints.putInt(varints, at, KEY);
            target.writeBytes(varints, 0, at);
            target.writeBytes(packet, 0, KEY);
            target.writeBytes(varints, 0, Varints.putInt(varints, 0, VALUE));
            target.writeBytes(packet, KEY, VALUE);
            target.writeByte(0);
        }
        target.setInt(RecordBatch.LENGTH, target.writerIndex() - RecordBatch.LOG_OVERHEAD_BYTES);
        target.setLong(RecordBatch.BASE_TIMESTAMP, 1000);
        target.setLong(RecordBatch.MAX_TIMESTAMP, 1000 + count);
        target.setInt(RecordBatch.RECORD_COUNT, count);
        crc.reset();
        crc.update(target.internalNioBuffer(RecordBatch.ATTRIBUTES, target.writerIndex() - RecordBatch.ATTRIBUTES));
        target.setInt(RecordBatch.CRC, (int) crc.getValue());
        int size = target.writerIndex();
        target.release();
        return size;
    }

    @Benchmark
    @OperationsPerInvocation(SMALL)
    public int directSmall() {
        return direct(SMALL);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE)
    public int directLarge() {
        return direct(LARGE);
    }

    private int kafka(int count) {
        kafkaBytes.clear();
        try (MemoryRecordsBuilder records =
                MemoryRecords.builder(kafkaBytes, Compression.NONE, TimestampType.CREATE_TIME, 0)) {
            for (int i = 0; i < count; i++) {
                records.append(1000 + i, packet.nioBuffer(0, KEY), packet.nioBuffer(KEY, VALUE));
            }
            return records.build().sizeInBytes();
        }
    }

    @Benchmark
    @OperationsPerInvocation(SMALL)
    public int kafkaSmall() {
        return kafka(SMALL);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE)
    public int kafkaLarge() {
        return kafka(LARGE);
    }

    @Benchmark
    @OperationsPerInvocation(LARGE)
    public long readOurs() {
        long sum = 0;
        reader.reset(batch);
        while (reader.nextBatch()) {
            while (reader.nextRecord()) {
                sum += reader.record().offset() + reader.record().valueLength();
            }
        }
        return sum;
    }

    @Benchmark
    @OperationsPerInvocation(LARGE)
    public long readKafka() {
        long sum = 0;
        for (Record record : MemoryRecords.readableRecords(batchBytes).records()) {
            sum += record.offset() + record.valueSize();
        }
        return sum;
    }
}
