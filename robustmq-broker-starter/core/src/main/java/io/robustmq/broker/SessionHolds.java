/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.TopicPolicies.Retention;
import io.robustmq.broker.retention.Holds;
import io.robustmq.broker.retention.Holds.Hold;
import io.robustmq.broker.retention.Holds.Limits;
import io.robustmq.broker.retention.RetentionWorker;
import io.robustmq.broker.retention.ShardRetention;
import io.robustmq.broker.session.LogHolds;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sleeping sessions need, as holds of the shards: one for each shard of {@code __sessions}, whatever the number of sessions.
 * Thread-safe: a shard's hold is changed on the loop of its owner.
 */
final class SessionHolds implements LogHolds {
    private static final Logger LOG = LoggerFactory.getLogger(SessionHolds.class);

    private final Broker broker;
    private final Map<Key, Held> all = new ConcurrentHashMap<>();
    private volatile @Nullable Limits limits;

    SessionHolds(Broker broker) {
        this.broker = broker;
    }

    private record Key(String name, ShardId shard) {}

    /** @param of the shard as it was opened then */
    private record Held(ShardRetention of, Hold hold) {}

    @Override
    public void limit(long records, long bytes, long ageMillis) {
        limits = new Limits(records, bytes, ageMillis);
    }

    @Override
    public void hold(String name, ShardId id, long offset) {
        Limits within = limits;
        RetentionWorker worker = broker.retention();
        ShardRetention retention = worker == null ? null : worker.shard(id);
        ServedTopic topic = broker.directory().byId(id.topic());
        Key key = new Key(name, id);
        if (within == null || retention == null || topic == null || id.partition() >= topic.shards().length) {
            all.remove(key);
            return;
        }
        // A work queue has one consumer, and that is no session.
        if (TopicSettings.policies(topic.info()).retention() == Retention.WORK_QUEUE) {
            return;
        }
        ShardHandle shard = topic.shards()[id.partition()];
        if (shard.problem() == null) {
            shard.loop().execute(() -> hold(key, retention, shard, offset, within));
        }
    }

    private void hold(Key key, ShardRetention retention, ShardHandle shard, long offset, Limits within) {
        Held before = all.get(key);
        Held held = before != null && before.of == retention ? before : null;
        if (offset < 0) {
            all.remove(key);
            if (held != null) {
                held.hold.release();
            }
            return;
        }
        // What is gone already was counted when it went.
        long needed = Math.max(offset, shard.store().stats().startOffset());
        if (held != null && needed >= held.hold.offset()) {
            held.hold.confirm(needed);
            return;
        }
        try {
            Holds holds = retention.holds();
            all.put(key, new Held(retention, holds.hold(key.name, needed, within, (from, to) -> {})));
        } catch (RmqException e) {
            LOG.warn("nothing of shard {} is kept for sessions that sleep: {}", key.shard, e.getMessage());
        }
    }
}
