/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import io.robustmq.kernel.RmqError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The subject bindings of one tenant's topics. Confined to the apply thread. */
final class TenantBindings {
    private final Map<String, String> topicOfFilter = new TreeMap<>();

    void add(String topic, List<String> filters) {
        filters.forEach(filter -> topicOfFilter.put(filter, topic));
    }

    void remove(String topic, List<String> filters) {
        filters.forEach(filter -> topicOfFilter.remove(filter, topic));
    }

    void check(List<String> filters) {
        Set<String> own = new HashSet<>();
        for (String filter : filters) {
            String other = own.add(filter) ? topicOfFilter.get(filter) : "the same topic";
            if (other != null) {
                throw RmqError.BINDING_CONFLICT.exception("binding '" + filter + "' is taken by topic " + other);
            }
        }
    }
}
