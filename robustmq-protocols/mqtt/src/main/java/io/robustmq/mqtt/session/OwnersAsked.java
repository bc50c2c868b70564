/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.ShardId;
import io.robustmq.protocol.SessionLogPort.Mark;
import io.robustmq.protocol.ShardPositions.Place;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where the owners of all shards that new subscriptions concern are: what is published behind that belongs to the subscriptions. An
 * owner that cannot say is asked again until it is too late; then the filters that concern it are refused, for nobody could tell
 * what they are owed. Confined to the session's loop; lives for one SUBSCRIBE.
 */
final class OwnersAsked {
    private static final long AGAIN_MILLIS = 100;

    /** Told once, unless the session is left before. */
    @FunctionalInterface
    interface Answer {
        /**
         * @param places of the shards that have answered
         * @param refused filters with a shard that has not
         */
        void answered(Map<ShardId, Place> places, Set<String> refused);
    }

    private final LogFeeds feeds;
    private final MqttSession session;
    private final Answer answer;
    private final long untilMillis;
    private final Map<ShardId, Set<String>> missing = new HashMap<>();
    private final Map<ShardId, Place> places = new HashMap<>();
    /** Feeds that are there for these filters only. */
    private final Map<ShardId, Feed> created = new HashMap<>();

    OwnersAsked(LogFeeds feeds, MqttSession session, Answer answer) {
        this.feeds = feeds;
        this.session = session;
        this.answer = answer;
        this.untilMillis = session.loop().clock().millis()
                + session.services().limits().sessions().subscribeTimeoutMillis();
    }

    /** Before anything is asked. */
    void concerns(ShardId shard, String filter) {
        missing.computeIfAbsent(shard, id -> new LinkedHashSet<>(1)).add(filter);
        Feed feed = feeds.create(shard);
        if (feed != null) {
            created.put(shard, feed);
        }
    }

    void ask() {
        Map<ShardId, Place> asked = new HashMap<>();
        missing.keySet().forEach(shard -> asked.put(shard, new Place(0, -1)));
        feeds.mark(asked, this::marked, this::allAsked);
    }

    private void marked(ShardId shard, @Nullable Mark mark) {
        if (mark != null && mark.problem() != null) {
            return;
        }
        missing.remove(shard);
        if (mark != null) {
            places.put(shard, new Place(mark.epoch(), mark.dispatched()));
        }
        Feed feed = created.remove(shard);
        if (feed != null) {
            feeds.joined(feed, mark);
        }
    }

    private void allAsked() {
        if (feeds.isClosed()) {
            return;
        }
        if (missing.isEmpty()) {
            answer.answered(places, Set.of());
        } else if (session.loop().clock().millis() < untilMillis) {
            session.loop().schedule(AGAIN_MILLIS, this::ask);
        } else {
            refuse();
        }
    }

    private void refuse() {
        created.values().forEach(feeds::forget);
        Set<String> refused = new HashSet<>();
        missing.values().forEach(refused::addAll);
        answer.answered(places, refused);
    }
}
