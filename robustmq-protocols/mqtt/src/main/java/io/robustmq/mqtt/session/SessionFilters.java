/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The live subscriptions of a session, but for those of groups. Confined to the session's loop. */
final class SessionFilters {
    private final MqttSession session;
    private final MqttServices services;
    /** Most sessions have one: a table of the usual size would be larger than all else of it. */
    private final Map<String, LiveSubscription> subscriptions = new HashMap<>(2);
    /** Filters that are this client's alone while it sleeps. */
    private List<String> exclusives = List.of();

    SessionFilters(MqttSession session) {
        this.session = session;
        this.services = session.services();
    }

    boolean has(String filter) {
        return subscriptions.containsKey(filter);
    }

    int size() {
        return subscriptions.size();
    }

    /** By filter; to be changed by the caller. */
    List<StoredSubscription> list() {
        List<StoredSubscription> all = new ArrayList<>();
        new TreeMap<>(subscriptions)
                .forEach((filter, each) -> all.add(new StoredSubscription(
                        filter,
                        each.maxQos(),
                        each.noLocal(),
                        each.retainAsPublished(),
                        0,
                        each.subscriptionId(),
                        0,
                        ShardPositions.NONE)));
        return all;
    }

    /** Adds or replaces the subscription; true when the filter is new. Fails with QUOTA_EXCEEDED for one that is somebody else's. */
    boolean subscribe(SubscriptionRequest request, int grantedQos, int subscriptionId) throws RmqException {
        String filter = request.filter();
        services.exclusive().claim(services.ports().sessions(), session.tenant(), filter, session.clientId());
        LiveSubscription subscription = new LiveSubscription(
                session,
                Spelling.SLASH,
                ExclusiveFilters.inner(filter),
                grantedQos,
                request.noLocal(),
                request.retainAsPublished(),
                subscriptionId);
        LiveSubscription previous = subscriptions.put(filter, subscription);
        if (subscription.equals(previous)) {
            return false;
        }
        // The new one first, so that no message falls between ([MQTT-3.8.4-3]).
        services.ports().subscribe().add(session.tenant(), subscription);
        if (previous != null) {
            services.ports().subscribe().remove(session.tenant(), previous);
        } else {
            services.subscribed().add(filter);
        }
        return previous == null;
    }

    /** False when there was no such subscription. */
    boolean unsubscribe(String filter) {
        LiveSubscription subscription = subscriptions.remove(filter);
        if (subscription == null) {
            return false;
        }
        services.ports().subscribe().remove(session.tenant(), subscription);
        services.subscribed().remove(filter);
        release(filter);
        return true;
    }

    private void release(String filter) {
        services.exclusive().release(session.tenant(), filter, session.clientId());
    }

    /** Nothing arrives any more; what is exclusive stays the client's. */
    void sleep() {
        exclusives = subscriptions.keySet().stream()
                .filter(ExclusiveFilters::isExclusive)
                .toList();
        clear();
    }

    /** Those that stay the client's while it sleeps. */
    List<String> exclusives() {
        return exclusives;
    }

    void end() {
        subscriptions.keySet().forEach(this::release);
        exclusives.forEach(this::release);
        clear();
    }

    private void clear() {
        subscriptions
                .values()
                .forEach(subscription -> services.ports().subscribe().remove(session.tenant(), subscription));
        subscriptions.keySet().forEach(services.subscribed()::remove);
        subscriptions.clear();
    }
}
