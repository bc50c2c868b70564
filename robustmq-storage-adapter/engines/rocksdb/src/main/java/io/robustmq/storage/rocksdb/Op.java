/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/**
 * One call on its way through the writer: staged into a group, and completed on its owner's loop once the group is on the
 * disk. Handed from the caller to the writer's thread and from there to the loop.
 */
abstract class Op {
    private final @Nullable Loop loop;
    private @Nullable RmqException failure;

    /** @param loop where it completes; null for the writer's thread */
    Op(@Nullable Loop loop) {
        this.loop = loop;
    }

    /** Checks first and changes afterwards: what throws has had no effect. Releases what the op owns, whatever happens. */
    abstract void stage(Group group) throws RocksDBException;

    /** On its loop, exactly once. */
    abstract void complete(@Nullable RmqException failure);

    /** Lets go what the op owns when it is never staged. */
    void discard() {}

    /** Bytes that wait with it. */
    int bytes() {
        return 0;
    }

    /** Whether it is worth trying once the disk has failed. */
    boolean onlyReads() {
        return false;
    }

    /** Called on the writer's thread when the group is committed, before the completion is sent off. */
    void committed(Group group) {}

    /** Whether there is more to do than fits into one turn: then it is staged once more, behind those that wait. */
    boolean isUnfinished() {
        return false;
    }

    final void fail(RmqException reason) {
        if (failure == null) {
            failure = reason;
        }
    }

    final boolean hasFailed() {
        return failure != null;
    }

    final @Nullable Loop loop() {
        return loop;
    }

    final void complete() {
        complete(failure);
    }

    /** An op that answers by a future. Confined like every op. */
    abstract static class Answering<T> extends Op {
        private final CompletableFuture<T> future = new CompletableFuture<>();

        Answering(@Nullable Loop loop) {
            super(loop);
        }

        /** What the future completes with, asked on its loop. */
        abstract T answer();

        final CompletionStage<T> future() {
            return future;
        }

        @Override
        void complete(@Nullable RmqException failure) {
            if (failure != null) {
                future.completeExceptionally(failure);
            } else {
                future.complete(answer());
            }
        }
    }
}
