/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/**
 * The shard of one coordinator, which is its only writer. Thread-safe: a coordinator may live on threads of its own; every
 * stage and callback completes on the log's loop.
 */
public interface CoordinatorLog {

    ShardId shard();

    int epoch();

    Loop loop();

    /**
     * Ends the tenure before, if there is one, and completes when nothing of it can land any more: what its writer was told
     * has failed never appears behind the end that the new tenure begins with. Fails when the shard is closed or fenced.
     */
    CompletionStage<CoordinatorTenure> begin();

    /**
     * Visits every committed record from the offset (or from the start, if that is higher) to the end as of now, and
     * completes with the offset behind the last one. Damaged batches fail it with CORRUPT_DATA: a state that lacks a change
     * is worse than none.
     *
     * @param progress told now and then that everything below was visited
     */
    default CompletionStage<Long> replay(long fromOffset, RecordVisitor visitor, LongConsumer progress) {
        return replay(fromOffset, loop(), visitor, progress);
    }

    /** The same, with the records read and visited on another loop; it completes on the log's. */
    CompletionStage<Long> replay(long fromOffset, Loop reader, RecordVisitor visitor, LongConsumer progress);

    /** Keeps derived state with the shard: everything below the offset is in it. */
    CompletionStage<Void> putState(String name, long offset, ByteBuf owned);

    /** The receiver releases it. */
    CompletionStage<StateSnapshot> getState(String name);

    /** One record of a replay. */
    @FunctionalInterface
    interface RecordVisitor {
        void visit(CoordinatorRecord record, long offset);
    }
}
