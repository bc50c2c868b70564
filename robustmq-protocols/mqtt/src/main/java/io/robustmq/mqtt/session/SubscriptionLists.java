/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.protocol.StoredSubscription;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a session has subscribed to, seen from outside. Stateless; to be used on the session's loop. */
final class SubscriptionLists {
    private SubscriptionLists() {}

    /** Of the connection, groups' last. */
    static List<StoredSubscription> live(SessionFilters filters, @Nullable SharedSubscriptions shared) {
        List<StoredSubscription> all = filters.list();
        if (shared != null) {
            all.addAll(shared.list());
        }
        return all;
    }

    /** Every filter with its quality of service; the connection's word counts. */
    static Map<String, Integer> all(@Nullable DurableState durable, List<StoredSubscription> live) {
        Map<String, Integer> all = new TreeMap<>();
        if (durable != null) {
            durable.subscriptions().forEach(each -> all.put(each.filter(), each.qos()));
        }
        live.forEach(each -> all.put(each.filter(), each.qos()));
        return all;
    }
}
