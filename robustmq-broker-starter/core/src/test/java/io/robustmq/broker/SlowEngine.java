/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Capability;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.memory.MemoryEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * Under the name of a durable engine: what it holds outlives brokers, and its appends take as long as they are told to, or
 * fail. Confined to the test's thread.
 */
final class SlowEngine implements ShardEngine {
    private final MemoryEngine inner = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    /** Milliseconds that an append takes; negative makes it fail, without effect. */
    IntSupplier appendMillis = () -> 5;
    /** Shards that cannot be opened. */
    Predicate<ShardId> broken = shard -> false;

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE);
    }

    @Override
    public CompletionStage<ShardStore> open(ShardId shard, ShardConfig config, int epoch, Loop owner) {
        if (broken.test(shard)) {
            return CompletableFuture.failedStage(RmqError.STORAGE_FAILED.exception("the disk says no"));
        }
        ShardConfig bounded = new ShardConfig(-1, 16 << 20, -1, config.maxBatchBytes(), config.compacted());
        return inner.open(shard, bounded, epoch, owner).thenApply(store -> slowed(store, owner));
    }

    @Override
    public CompletionStage<Void> destroy(ShardId shard) {
        return inner.destroy(shard);
    }

    @Override
    public void close() {
        inner.close();
    }

    /** Everything but appends goes to the store as it is. */
    private ShardStore slowed(ShardStore store, Loop loop) {
        return (ShardStore) Proxy.newProxyInstance(
                ShardStore.class.getClassLoader(), new Class<?>[] {ShardStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append")) {
                        append(store, loop, (RecordBatch) arguments[0], (Durability) arguments[1], (AppendCallback)
                                arguments[2]);
                        return null;
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void append(ShardStore store, Loop loop, RecordBatch owned, Durability durability, AppendCallback done) {
        int millis = appendMillis.getAsInt();
        loop.schedule(Math.abs(millis), () -> {
            if (millis >= 0) {
                store.append(owned, durability, done);
            } else {
                owned.release();
                done.completed(-1, RmqError.STORAGE_FAILED.exception("the disk says no"));
            }
        });
    }
}
