/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What may block, on the loop where a stream is read, and its outcome on the loop that asked. Stateless. */
final class ReaderTasks {

    private ReaderTasks() {}

    /** Releases the buffer on every path. */
    static <T extends @Nullable Object> CompletionStage<T> run(
            LogStream stream, Loop reader, Loop loop, @Nullable ByteBuf owned, Supplier<T> work) {
        CompletableFuture<T> done = new CompletableFuture<>();
        try {
            reader.execute(() -> {
                T value = null;
                RmqException failure = stream.unavailable();
                try {
                    if (failure == null) {
                        value = work.get();
                    }
                } catch (RuntimeException e) {
                    failure = DiskWriter.failure(e);
                } finally {
                    release(owned);
                }
                T result = value;
                RmqException outcome = failure;
                finish(loop, () -> complete(done, result, outcome));
            });
        } catch (RmqException readersHaveEnded) {
            release(owned);
            done.completeExceptionally(readersHaveEnded);
        }
        return done;
    }

    private static void release(@Nullable ByteBuf owned) {
        if (owned != null) {
            owned.release();
        }
    }

    /** A loop that has ended can tell nobody; what waits must not wait for ever. */
    private static void finish(Loop loop, Runnable completion) {
        try {
            loop.execute(completion);
        } catch (RmqException loopHasEnded) {
            completion.run();
        }
    }

    static <T> void complete(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure) {
        if (failure != null) {
            future.completeExceptionally(failure);
        } else {
            future.complete(value);
        }
    }
}
