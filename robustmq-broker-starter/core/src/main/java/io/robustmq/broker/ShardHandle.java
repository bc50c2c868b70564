/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;

/** The only way to a shard's owner: inline on its loop, by one task from elsewhere. Thread-safe. */
final class ShardHandle {
    private final ShardId shard;
    private final ShardOwner owner;
    private final Durability durability;

    ShardHandle(ShardId shard, ShardOwner owner, Durability durability) {
        this.shard = shard;
        this.owner = owner;
        this.durability = durability;
    }

    ShardId shard() {
        return shard;
    }

    Loop loop() {
        return owner.loop();
    }

    /** What an acknowledged append waits for. */
    Durability durability() {
        return durability;
    }

    boolean isLocalTo(Loop loop) {
        return owner.loop() == loop;
    }

    /** Appends; the callback runs on the owner's loop, before this returns when the caller is on it and the engine is memory. */
    void append(RecordBatch owned, Durability wanted, AppendCallback done) {
        if (owner.loop().inLoop()) {
            owner.append(owned, wanted, done);
        } else {
            owner.loop().execute(() -> owner.append(owned, wanted, done));
        }
    }

    /** For reads, which may come from any thread. */
    ShardStore store() {
        return owner.store();
    }

    int epoch() {
        return owner.epoch();
    }

    ShardOwner owner() {
        return owner;
    }
}
