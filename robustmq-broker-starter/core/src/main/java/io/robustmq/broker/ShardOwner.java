/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.producer.ShardProducers;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import java.util.concurrent.CompletionStage;

/** The one writer of a shard, for one epoch. Confined to its loop; others go through {@link ShardHandle}. */
final class ShardOwner {
    private final Loop loop;
    private final ShardStore store;
    private final int epoch;
    private final Counters counters;
    private final ShardProducers producers;
    private boolean closed;

    ShardOwner(Loop loop, ShardStore store, int epoch, Counters counters, ShardProducers producers) {
        this.loop = loop;
        this.store = store;
        this.epoch = epoch;
        this.counters = counters;
        this.producers = producers;
    }

    Loop loop() {
        return loop;
    }

    ShardStore store() {
        return store;
    }

    int epoch() {
        return epoch;
    }

    void append(RecordBatch owned, Durability durability, AppendCallback done) {
        assert loop.inLoop();
        if (closed) {
            owned.release();
            done.completed(-1, RmqError.CLOSED.exception("the shard is closed"));
            return;
        }
        int bytes = owned.sizeBytes();
        counters.batches.increment();
        counters.records.add(owned.recordCount());
        counters.bytes.add(bytes);
        if (owned.producerId() >= 0 && !owned.isControl()) {
            producers.append(owned, durability, done);
        } else {
            store.append(owned, durability, done);
            producers.passed(bytes);
        }
    }

    CompletionStage<Void> close() {
        assert loop.inLoop();
        closed = true;
        return producers.close().thenCompose(v -> store.close());
    }
}
