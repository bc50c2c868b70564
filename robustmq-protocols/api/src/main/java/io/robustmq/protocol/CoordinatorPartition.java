/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The shard of one coordinator, which is its only writer. Thread-safe. */
public interface CoordinatorPartition {

    /**
     * Ends the tenure before, if there is one, and completes when nothing of it can land any more. Fails when the shard cannot
     * be used; it may be asked again later.
     */
    CompletionStage<Tenure> begin();

    /**
     * Visits every committed record from the start to the end as of now, and completes with the offset behind the last one.
     * Damaged batches fail it with CORRUPT_DATA.
     *
     * @param reader where the records are read and visited; none that carries connections
     * @param progress told now and then that everything below was visited
     */
    CompletionStage<Long> replay(Loop reader, Visitor visitor, LongConsumer progress);

    /** One record of a replay. The arrays are the receiver's. */
    @FunctionalInterface
    interface Visitor {
        void visit(long offset, byte[] key, byte @Nullable [] value);
    }

    /** The right to append, from the end that it began with to its first failure. Thread-safe; one thread at a time appends. */
    interface Tenure {

        /** The base offset of the first append. */
        long endOffset();

        /**
         * Enqueues the batch, with the durability of the topic. One that would get another base offset than expected, or that
         * fails, ends the tenure.
         *
         * @param done called once, on the shard's loop, possibly before this returns; not called when this refuses
         * @return null when it is enqueued; otherwise the tenure has ended. The batch is released in any case
         */
        @Nullable
        RmqError append(long expectedBaseOffset, RecordBatch owned, Appended done);
    }

    /** See {@link Tenure#append}. */
    @FunctionalInterface
    interface Appended {
        void completed(long baseOffset, @Nullable RmqException failure);
    }
}
