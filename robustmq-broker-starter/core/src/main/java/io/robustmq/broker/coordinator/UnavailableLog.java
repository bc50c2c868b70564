/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** The log of a shard that could not be opened here: no tenure begins, so nobody need try again. Immutable. */
public record UnavailableLog(ShardId shard, Loop loop, RmqException problem) implements CoordinatorLog {

    @Override
    public int epoch() {
        return 0;
    }

    @Override
    public CompletionStage<CoordinatorTenure> begin() {
        return failed();
    }

    @Override
    public CompletionStage<Long> replay(long fromOffset, Loop reader, RecordVisitor visitor, LongConsumer progress) {
        return failed();
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        owned.release();
        return failed();
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return failed();
    }

    private <T> CompletionStage<T> failed() {
        return CompletableFuture.failedStage(RmqError.NOT_OWNER.exception(problem.getMessage()));
    }
}
