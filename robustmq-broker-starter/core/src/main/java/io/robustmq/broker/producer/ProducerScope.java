/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;

/**
 * What the sequence numbers of a producer count in a shard: all its batches, or those of one subject where each subject is a
 * topic of its own to the client. Found in the batch itself, so that reading the log finds the same. Confined to the loop of
 * the shard's owner.
 */
public abstract sealed class ProducerScope {
    private static final ProducerScope WHOLE = new Whole();

    /** One sequence for the shard. */
    public static ProducerScope whole() {
        return WHOLE;
    }

    /** One sequence for each subject, which is the key of each record; a batch has records of one subject. */
    public static ProducerScope bySubject() {
        return new BySubject();
    }

    /** 0 where the whole shard counts. */
    abstract long of(RecordBatch batch);

    private static final class Whole extends ProducerScope {
        @Override
        long of(RecordBatch batch) {
            return 0;
        }
    }

    private static final class BySubject extends ProducerScope {
        private static final long OFFSET_BASIS = 0xCBF29CE484222325L;
        private static final long PRIME = 0x100000001B3L;
        private final RecordBatchReader reader = new RecordBatchReader();

        @Override
        long of(RecordBatch batch) {
            try {
                reader.reset(batch);
                return reader.nextBatch() && reader.nextRecord() ? hash(reader.record()) : 0;
            } catch (RmqException e) {
                // Its inside lies: whoever brought it counts for himself.
                return 0;
            } finally {
                reader.clear();
            }
        }

        /** FNV-1a: kept on disk, so it never changes. */
        private static long hash(RecordView record) {
            ByteBuf bytes = record.buffer();
            long hash = OFFSET_BASIS;
            int end = record.keyPosition() + Math.max(0, record.keyLength());
            for (int i = record.keyPosition(); i < end; i++) {
                hash = (hash ^ bytes.getByte(i) & 0xFF) * PRIME;
            }
            return hash;
        }
    }
}
