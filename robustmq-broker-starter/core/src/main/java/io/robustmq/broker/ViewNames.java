/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.StateSnapshot;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names of the views that were found in a shard, kept with it as derived state: a view is still there when its records have gone,
 * and after a restart. Thread-safe; writes to one shard's state go one after the other.
 */
final class ViewNames {
    private static final Logger LOG = LoggerFactory.getLogger(ViewNames.class);
    private static final String STATE = "views";

    /** Beyond it a view lasts as long as its records, or until the next restart. */
    private static final int BYTES_MAX = 1 << 20;

    private final Map<ShardId, CompletableFuture<?>> writes = new ConcurrentHashMap<>();

    CompletionStage<Boolean> contains(ShardHandle shard, String name) {
        return read(shard).thenApply(names -> isIn(names, name));
    }

    /** Nobody waits for it: without it the view lasts as long as its records. */
    void add(ShardHandle shard, String name) {
        writes.compute(
                shard.shard(),
                (id, before) -> (before == null ? CompletableFuture.completedFuture(null) : before)
                        .thenCompose(ready -> read(shard))
                        .thenCompose(names -> isIn(names, name) || names.length() + name.length() >= BYTES_MAX
                                ? CompletableFuture.completedStage(null)
                                : write(shard, names + name + "\n"))
                        .exceptionally(failure -> {
                            LOG.debug("the view '{}' of shard {} is not kept", name, shard.shard(), failure);
                            return null;
                        })
                        .toCompletableFuture());
    }

    private static boolean isIn(String names, String name) {
        return names.startsWith(name + "\n") || names.contains("\n" + name + "\n");
    }

    private static CompletionStage<String> read(ShardHandle shard) {
        CompletableFuture<String> read = new CompletableFuture<>();
        shard.loop().execute(() -> {
            try {
                shard.store().getState(STATE).whenComplete((state, failure) -> {
                    if (failure != null) {
                        read.completeExceptionally(failure);
                    } else {
                        read.complete(text(state));
                    }
                });
            } catch (RuntimeException e) {
                read.completeExceptionally(e);
            }
        });
        return read;
    }

    private static String text(StateSnapshot state) {
        ByteBuf bytes = state.owned();
        try {
            return bytes.toString(StandardCharsets.UTF_8);
        } finally {
            bytes.release();
        }
    }

    private static CompletionStage<Void> write(ShardHandle shard, String names) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        shard.loop().execute(() -> {
            try {
                ByteBuf bytes = Unpooled.wrappedBuffer(names.getBytes(StandardCharsets.UTF_8));
                shard.store()
                        .putState(STATE, shard.store().stats().startOffset(), bytes)
                        .whenComplete((done, failure) -> {
                            if (failure != null) {
                                written.completeExceptionally(failure);
                            } else {
                                written.complete(null);
                            }
                        });
            } catch (RuntimeException e) {
                written.completeExceptionally(e);
            }
        });
        return written;
    }
}
