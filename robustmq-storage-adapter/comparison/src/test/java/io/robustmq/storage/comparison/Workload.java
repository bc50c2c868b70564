/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.record.RecordBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** One batch as a client sends it. Confined to one thread at a time. */
final class Workload implements AutoCloseable {
    private static final int COPIES = 256;

    private final String name;
    private final ByteBuffer template;
    private final List<ByteBuf> ours = new ArrayList<>();
    private final List<ByteBuffer> kafkas = new ArrayList<>();
    private int next;

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

    /** One of {@value COPIES} copies in turn, for who has fewer in flight and does not want to pay for the network's buffers. */
    RecordBatch reusedBatch() {
        while (ours.size() < COPIES) {
            ours.add(PooledByteBufAllocator.DEFAULT.directBuffer(bytes()).writeBytes(template.duplicate()));
        }
        next = (next + 1) % COPIES;
        return new RecordBatch(ours.get(next).retain());
    }

    /** The same for Kafka's log. */
    MemoryRecords reusedRecords() {
        while (kafkas.size() < COPIES) {
            kafkas.add(ByteBuffer.allocate(bytes()).put(template.duplicate()).flip());
        }
        next = (next + 1) % COPIES;
        // The log has put its own offset there; a client sends 0.
        return MemoryRecords.readableRecords(kafkas.get(next).putLong(0, 0).duplicate());
    }

    @Override
    public void close() {
        ours.forEach(ByteBuf::release);
        ours.clear();
        kafkas.clear();
    }
}
