/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.subject.BindingTable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which topic a subject belongs to, among those whose shards are open here. Immutable; replaced as a whole, with a higher
 * version.
 *
 * @param bindings by tenant
 * @param byName by tenant and name
 */
record Directory(
        long version,
        Map<String, BindingTable<ServedTopic>> bindings,
        Map<TopicName, ServedTopic> byName,
        Map<TopicId, ServedTopic> byId) {

    static final Directory EMPTY = new Directory(0, Map.of(), Map.of(), Map.of());

    static Directory of(
            long version, Map<String, BindingTable<ServedTopic>> bindings, Map<TopicName, ServedTopic> byName) {
        Map<TopicId, ServedTopic> byId = new HashMap<>();
        byName.values().forEach(topic -> byId.put(topic.info().id(), topic));
        return new Directory(version, Map.copyOf(bindings), Map.copyOf(byName), byId);
    }

    /** A topic's full name. */
    record TopicName(String tenant, String name) {}

    /** The most specific topic that binds the subject; null when none does. */
    @Nullable
    ServedTopic bound(String tenant, String canonicalSubject) {
        BindingTable<ServedTopic> table = bindings.get(tenant);
        return table == null ? null : table.resolve(canonicalSubject);
    }

    /** Null when there is none with that id, or not any more. */
    @Nullable
    ServedTopic byId(TopicId id) {
        return byId.get(id);
    }

    @Nullable
    ServedTopic topic(String tenant, String name) {
        return byName.get(new TopicName(tenant, name));
    }
}
