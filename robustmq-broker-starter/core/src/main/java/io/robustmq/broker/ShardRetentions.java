/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.retention.Lifetime;
import io.robustmq.broker.retention.RetentionPolicy;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.broker.retention.ShardRetention;
import io.robustmq.kernel.ShardId;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.ShardConfig;
import org.jspecify.annotations.Nullable;

/** Tells the retention worker which shards are open and what their topics want; does nothing without one. Immutable. */
final class ShardRetentions {
    private final @Nullable RetentionWorker worker;

    ShardRetentions(@Nullable RetentionWorker worker) {
        this.worker = worker;
    }

    /** Holders that lived through the last owner register between opening and {@link #served}. */
    void opened(TopicInfo info, ShardHandle handle) {
        RetentionWorker present = worker;
        if (present != null && handle.problem() == null) {
            present.add(handle.shard(), handle.store(), handle.loop(), policy(info));
        }
    }

    void served(ShardHandle handle) {
        ShardRetention shard = find(handle.shard());
        if (shard != null) {
            handle.loop().execute(() -> shard.holds().serve());
        }
    }

    void altered(TopicInfo info, ShardHandle handle) {
        RetentionWorker present = worker;
        if (present != null) {
            present.update(handle.shard(), policy(info));
        }
    }

    /** Before its store is closed. */
    void closing(ShardHandle handle) {
        RetentionWorker present = worker;
        ShardRetention shard = find(handle.shard());
        if (present != null && shard != null) {
            present.remove(shard);
        }
    }

    private @Nullable ShardRetention find(ShardId shard) {
        return worker == null ? null : worker.shard(shard);
    }

    /** What the worker must know of the topic. Limits of time, size and number are the engine's own to keep. */
    static RetentionPolicy policy(TopicInfo info) {
        TopicPolicies policies = TopicSettings.policies(info);
        ShardConfig config = TopicSettings.shardConfig(info);
        return new RetentionPolicy(
                switch (policies.retention()) {
                    case LIMITS -> Lifetime.LIMITS;
                    case INTEREST -> Lifetime.INTEREST;
                    case WORK_QUEUE -> Lifetime.WORK_QUEUE;
                },
                policies.compact(),
                policies.retentionPerSubject() < 0
                        ? 0
                        : (int) Math.min(Integer.MAX_VALUE, policies.retentionPerSubject()),
                policies.minCompactionLagMillis(),
                Math.max(policies.minCompactionLagMillis(), policies.maxCompactionLagMillis()),
                policies.minCleanableDirtyRatio(),
                policies.deleteRetentionMillis(),
                Math.min(config.segmentBytes(), RetentionPolicy.DEFAULT_ACTIVE_BYTES),
                config.maxBatchBytes());
    }
}
