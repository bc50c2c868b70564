/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import java.util.ArrayList;
import java.util.List;

/** Batches as an owner hands them to the log. */
final class Batches {

    private Batches() {}

    /** One record for each time, with a value of that many bytes. */
    static RecordBatch at(long baseOffset, int epoch, int valueBytes, long... timestamps) {
        List<RecordBatches.Entry> entries = new ArrayList<>();
        for (long timestamp : timestamps) {
            String value = "v".repeat(valueBytes);
            entries.add(RecordBatches.Entry.of(timestamp, "k", value));
        }
        RecordBatch built = RecordBatches.of(entries);
        // On the heap, where a test need not give it back.
        RecordBatch batch = new RecordBatch(Unpooled.wrappedBuffer(bytes(built.buffer())));
        built.release();
        batch.assign(baseOffset, epoch);
        return batch;
    }

    static byte[] bytes(ByteBuf buffer) {
        byte[] bytes = new byte[buffer.readableBytes()];
        buffer.getBytes(buffer.readerIndex(), bytes);
        return bytes;
    }
}
