/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.coordinator;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.memory.MemoryEngine;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A shard whose appends take their time and fail now and then, without effect, and which remembers what has been committed.
 * The bytes outlive every owner, as on a disk. Confined to the test's thread.
 */
final class UnreliableShard implements AutoCloseable {
    final ShardId id = new ShardId(TopicId.of(new UUID(1, 2)), 0);
    /** {@code key=value} of every record that was ever committed. */
    final Set<String> committed = new HashSet<>();

    private final MemoryEngine engine = new MemoryEngine(UnpooledByteBufAllocator.DEFAULT);
    private final RandomSource random;
    private final int failPercent;
    private int epoch;
    int appends;
    /** What happens to the next appends; null to leave it to chance. */
    Consumer<Owned> instead;

    UnreliableShard(RandomSource random, int failPercent) {
        this.random = random;
        this.failPercent = failPercent;
    }

    /** One owner's view, until it crashes or a newer one opens. */
    final class Owned {
        final ShardStore store;
        final Loop loop;
        final int epoch;
        private boolean crashed;

        Owned(ShardStore store, Loop loop, int epoch) {
            this.store = store;
            this.loop = loop;
            this.epoch = epoch;
        }

        ShardCoordinatorLog log(int appendsMax) {
            return new ShardCoordinatorLog(id, epoch, loop, store, this::append, appendsMax);
        }

        /** Nothing of it reaches the shard any more, and nobody is told. */
        void crash() {
            crashed = true;
        }

        private void append(RecordBatch owned, Durability durability, AppendCallback done) {
            appends++;
            if (random.nextInt(4) == 0) {
                land(owned, durability, done);
            } else {
                loop.schedule(1 + random.nextInt(20), () -> land(owned, durability, done));
            }
        }

        private void land(RecordBatch owned, Durability durability, AppendCallback done) {
            if (crashed && random.nextInt(2) == 0) {
                owned.release();
                return;
            }
            if (random.nextInt(100) < failPercent) {
                owned.release();
                done.completed(-1, RmqError.STORAGE_FAILED.exception("the disk says no"));
                return;
            }
            Set<String> records = records(owned);
            store.append(owned, durability, (base, failure) -> {
                if (failure == null) {
                    committed.addAll(records);
                }
                if (!crashed) {
                    done.completed(base, failure);
                }
            });
        }
    }

    private static Set<String> records(RecordBatch batch) {
        Set<String> records = new HashSet<>();
        RecordBatchReader reader = new RecordBatchReader().reset(batch);
        while (reader.nextBatch()) {
            while (reader.nextRecord()) {
                records.add(ListMachine.text(reader.record().key()) + "="
                        + ListMachine.text(reader.record().value()));
            }
        }
        return records;
    }

    /** A new owner, which fences the one before. */
    Owned open(Loop loop) {
        ShardConfig config = new ShardConfig(-1, 64 << 20, -1, 1 << 20, true);
        int next = ++epoch;
        return new Owned(
                engine.open(id, config, next, loop).toCompletableFuture().join(), loop, next);
    }

    @Override
    public void close() {
        engine.close();
    }
}
