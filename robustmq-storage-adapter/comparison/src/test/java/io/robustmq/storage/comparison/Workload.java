/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One batch as a client sends it, made again and again: both sides append a fresh copy each time. Immutable. */
final class Workload {
    private final String name;
    private final ByteBuffer template;

    private Workload(String name, ByteBuffer template) {
        this.name = name;
        this.template = template;
    }

    /** Records of that size in a batch of about {@code batchBytes} before compression; half of each value is noise. */
    static Workload of(int recordBytes, int batchBytes, CompressionType compression) {
        int count = Math.max(1, batchBytes / (recordBytes + 10));
        Random random = new Random(recordBytes);
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            byte[] value = new byte[recordBytes];
            byte[] noise = new byte[recordBytes / 2];
            random.nextBytes(noise);
            System.arraycopy(noise, 0, value, 0, noise.length);
            records[i] = new SimpleRecord(System.currentTimeMillis(), null, value);
        }
        MemoryRecords batch =
                MemoryRecords.withRecords(Compression.of(compression).build(), records);
        ByteBuffer direct = ByteBuffer.allocateDirect(batch.sizeInBytes());
        direct.put(batch.buffer().duplicate()).flip();
        return new Workload(recordBytes + " B records, " + compression.name, direct);
    }

    String name() {
        return name;
    }

    int bytes() {
        return template.remaining();
    }

    /** A copy for our log, as the network's buffer would hold it. */
    RecordBatch batch() {
        ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(bytes());
        copy.writeBytes(template.duplicate());
        return new RecordBatch(copy);
    }

    /** A copy for Kafka's log. */
    MemoryRecords records() {
        ByteBuffer copy = ByteBuffer.allocate(bytes());
        copy.put(template.duplicate()).flip();
        return MemoryRecords.readableRecords(copy);
    }
}
