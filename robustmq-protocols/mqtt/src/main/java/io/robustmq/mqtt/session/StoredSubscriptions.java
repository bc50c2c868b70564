/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.SubscriptionIndex;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.PublishedSubject;
import io.robustmq.protocol.SessionLogPort.LoggedMessage;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.Target;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a durable session, asked about messages of the log: they match as they would have matched when the
 * message was published live. Confined to the session's loop.
 */
final class StoredSubscriptions {
    private final Map<String, StoredSubscription> byFilter = new TreeMap<>();
    private final boolean wildcardsCross;
    /** Made when there is something to match; null when the subscriptions have changed. */
    private @Nullable SubscriptionIndex<StoredSubscription> index;

    StoredSubscriptions(boolean wildcardsCross) {
        this.wildcardsCross = wildcardsCross;
    }

    @Nullable
    StoredSubscription get(String filter) {
        return byFilter.get(filter);
    }

    void put(StoredSubscription subscription) {
        byFilter.put(subscription.filter(), subscription);
        index = null;
    }

    void remove(String filter) {
        byFilter.remove(filter);
        index = null;
    }

    Collection<StoredSubscription> all() {
        return byFilter.values();
    }

    /** What is looked for in the log: not what groups have, which keep a place of their own. */
    List<String> filters() {
        return byFilter.keySet().stream()
                .filter(StoredSubscriptions::isOwn)
                .map(ExclusiveFilters::inner)
                .toList();
    }

    /** Whether the subscription is not a group's. */
    static boolean isOwn(String filter) {
        return SharedFilter.of(filter) == null;
    }

    boolean anyNoLocal() {
        for (StoredSubscription each : byFilter.values()) {
            if (each.noLocal()) {
                return true;
            }
        }
        return false;
    }

    /** Those that the message is owed to, merged; null for none. */
    @Nullable
    Target match(MqttSession session, ShardId shard, LoggedMessage logged) {
        SubscriptionIndex<StoredSubscription> current = index;
        if (current == null) {
            current = new SubscriptionIndex<>(0);
            for (StoredSubscription each : byFilter.values()) {
                if (isOwn(each.filter())) {
                    current.add(Spelling.SLASH, ExclusiveFilters.inner(each.filter()), each);
                }
            }
            index = current;
        }
        PublishedSubject subject = logged.message().subject();
        Matched matched = new Matched();
        current.match(subject.spelling(), subject.text(), wildcardsCross, (filter, delivered, each) -> {
            if (each.effectiveFrom().offsetOf(shard, 0) <= logged.offset()) {
                matched.add(live(session, each), delivered);
            }
        });
        if (matched.subscriptions.isEmpty()) {
            return null;
        }
        Target target = Target.of(matched.subscriptions, matched.shown);
        return session.clientId().equals(logged.publisher()) ? target.forOwnPublishes() : target;
    }

    private static final class Matched {
        private final List<LiveSubscription> subscriptions = new ArrayList<>(1);
        private Spelling shown = Spelling.SLASH;

        void add(LiveSubscription subscription, Spelling delivered) {
            if (subscriptions.isEmpty()) {
                shown = delivered;
            }
            subscriptions.add(subscription);
        }
    }

    static LiveSubscription live(MqttSession session, StoredSubscription stored) {
        return new LiveSubscription(
                session,
                Spelling.SLASH,
                ExclusiveFilters.inner(stored.filter()),
                stored.qos(),
                stored.noLocal(),
                stored.retainAsPublished(),
                stored.subscriptionId());
    }
}
