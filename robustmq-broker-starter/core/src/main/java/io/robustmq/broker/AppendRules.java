/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.record.Codec;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchPacker;
import io.robustmq.storage.Durability;
import org.jspecify.annotations.Nullable;

/**
 * What a topic does with each batch that is appended. Immutable; replaced when the topic is altered.
 *
 * @param durability what an acknowledged append waits for
 * @param appendTime whether records get the time of their append
 * @param codec how batches are packed; null as they come
 * @param level of the codec
 * @param batchBytesMax a larger batch is refused, so nobody here makes one
 */
record AppendRules(
        Durability durability, boolean appendTime, @Nullable Codec codec, int level, int batchBytesMax) {

    /** Of a shard that takes nothing. */
    static final AppendRules NONE = new AppendRules(Durability.MEMORY, false, null, 0, Integer.MAX_VALUE);

    /**
     * The batch as the topic wants it packed; on the thread of whoever brings it, since packing takes longer than appending. Its
     * owner owns the answer.
     */
    RecordBatch packed(RecordBatch owned) {
        Codec wanted = codec;
        if (wanted == null || wanted.id() == owned.compression()) {
            return owned;
        }
        try {
            return RecordBatchPacker.pack(owned, wanted, level, owned.buffer().alloc());
        } finally {
            owned.release();
        }
    }
}
