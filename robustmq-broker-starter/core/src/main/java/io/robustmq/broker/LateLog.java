/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.CoordinatorTenure;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.StateSnapshot;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The log of a shard that could not be opened yet: its coordinator asks again from time to time, and goes on in the shard's own
 * log once that is open. Thread-safe: the log found is published by a volatile field and never changes.
 */
final class LateLog implements CoordinatorLog {
    private final ShardId shard;
    private final Loop loop;
    private final Supplier<ShardHandle> current;
    private final Function<ShardHandle, CoordinatorLog> open;
    private volatile @Nullable CoordinatorLog found;

    /**
     * @param loop the shard's, whether it is open or not
     * @param current the shard's handle as of now
     * @param open the log of one that is open
     */
    LateLog(ShardId shard, Loop loop, Supplier<ShardHandle> current, Function<ShardHandle, CoordinatorLog> open) {
        this.shard = shard;
        this.loop = loop;
        this.current = current;
        this.open = open;
    }

    @Override
    public ShardId shard() {
        return shard;
    }

    @Override
    public Loop loop() {
        return loop;
    }

    @Override
    public int epoch() {
        CoordinatorLog log = found;
        return log == null ? 0 : log.epoch();
    }

    private CoordinatorLog log() {
        CoordinatorLog log = found;
        if (log == null) {
            ShardHandle handle = current.get();
            RmqException problem = handle.problem();
            if (problem != null) {
                throw problem;
            }
            log = open.apply(handle);
            found = log;
        }
        return log;
    }

    private <T> CompletionStage<T> ask(Function<CoordinatorLog, CompletionStage<T>> question) {
        CoordinatorLog log;
        try {
            log = log();
        } catch (RmqException notYet) {
            return CompletableFuture.failedStage(notYet);
        }
        return question.apply(log);
    }

    @Override
    public CompletionStage<CoordinatorTenure> begin() {
        return ask(CoordinatorLog::begin);
    }

    @Override
    public CompletionStage<Long> replay(long fromOffset, Loop reader, RecordVisitor visitor, LongConsumer progress) {
        return ask(log -> log.replay(fromOffset, reader, visitor, progress));
    }

    @Override
    public CompletionStage<Void> putState(String name, long offset, ByteBuf owned) {
        CoordinatorLog log = found;
        if (log == null) {
            owned.release();
            return ask(each -> CompletableFuture.completedStage(null));
        }
        return log.putState(name, offset, owned);
    }

    @Override
    public CompletionStage<StateSnapshot> getState(String name) {
        return ask(log -> log.getState(name));
    }
}
