/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import org.jspecify.annotations.Nullable;

/**
 * The right to append to a {@link CoordinatorLog}, from the end it began with to its first failure. The coordinator counts
 * offsets itself. Thread-safe; one thread at a time appends.
 */
public interface CoordinatorTenure {

    long startOffset();

    /** The base offset of the first append. */
    long endOffset();

    /**
     * Enqueues the batch. An append that would get another base offset than expected, or that fails, ends the tenure: what
     * is queued behind it fails with NOT_OWNER and never reaches the shard, and the coordinator begins anew.
     *
     * @param done called once, on the log's loop, possibly before this returns; not called when this refuses
     * @return null when it is enqueued; OVERLOADED when the inbox is full, which ends the tenure, too; NOT_OWNER behind the
     *     end of the tenure. The batch is released in any case
     */
    @Nullable
    RmqError append(long expectedBaseOffset, RecordBatch owned, Durability durability, AppendCallback done);
}
