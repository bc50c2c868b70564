/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Cancellable;
import io.robustmq.storage.ShardConfig;
import org.jspecify.annotations.Nullable;

/**
 * The one timer of a store whose records grow too old, so that a shard to which nobody appends shrinks as well; none while
 * nothing can expire. Confined to the owner's loop.
 */
final class Expiry {
    private static final long SHORTEST_MILLIS = 100;
    private static final long LONGEST_FIRST_LOOK_MILLIS = 30_000;

    private final RocksStore store;
    private long retentionMillis;
    private @Nullable Cancellable timer;

    Expiry(RocksStore store, ShardConfig config) {
        this.store = store;
        retentionMillis = retention(config);
    }

    private static long retention(ShardConfig config) {
        return config.compacted() ? -1 : config.retentionMillis();
    }

    void configure(ShardConfig config) {
        retentionMillis = retention(config);
        disarm();
        arm();
    }

    void arm() {
        if (retentionMillis < 0 || timer != null || store.isClosed()) {
            return;
        }
        RocksShard.View view = store.shard().view();
        if (view.stats().bytes() == 0) {
            return;
        }
        timer = store.owner().schedule(delay(view.headTimestampMillis()), () -> {
            timer = null;
            if (!store.isClosed()) {
                store.expire();
            }
        });
    }

    private long delay(long timestampMillis) {
        long shortest = Math.max(SHORTEST_MILLIS, Math.min(LONGEST_FIRST_LOOK_MILLIS, retentionMillis / 20));
        if (timestampMillis == Long.MIN_VALUE) {
            return shortest;
        }
        long now = store.owner().clock().millis();
        long timestamp = Math.max(0, Math.min(timestampMillis, now));
        return Math.max(shortest, timestamp + 1 - now + retentionMillis);
    }

    void disarm() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
