/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.Kinds;
import io.robustmq.rpc.meta.TopicState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Topics by id and bindings by tenant: derived from the stored topics, rebuilt when they are replaced. Confined to the apply thread. */
final class TopicIndex {
    private final Map<TopicId, TopicState> byId = new HashMap<>();
    private final Map<String, Map<String, TopicState>> byName = new HashMap<>();
    private final Map<String, TenantBindings> bindings = new HashMap<>();

    void load(StateStore store) {
        byId.clear();
        byName.clear();
        bindings.clear();
        store.scan(Kinds.TOPIC, new byte[0], document -> {
            add(parse(document.value()));
            return true;
        });
    }

    static TopicState parse(byte[] value) {
        try {
            return TopicState.parseFrom(value);
        } catch (InvalidProtocolBufferException e) {
            throw new StateFailure("a stored topic is damaged", e);
        }
    }

    static TopicId id(TopicState topic) {
        return new TopicId(topic.getIdMost(), topic.getIdLeast());
    }

    void add(TopicState topic) {
        byId.put(id(topic), topic);
        byName.computeIfAbsent(topic.getTenant(), tenant -> new HashMap<>()).put(topic.getName(), topic);
        bindings.computeIfAbsent(topic.getTenant(), tenant -> new TenantBindings())
                .add("topic " + topic.getName(), topic.getBindingsList());
    }

    void remove(String tenantName, String name) {
        Map<String, TopicState> named = byName.get(tenantName);
        TopicState topic = named == null ? null : named.remove(name);
        if (topic == null) {
            return;
        }
        byId.remove(id(topic));
        TenantBindings tenant = bindings.get(topic.getTenant());
        if (tenant != null) {
            tenant.remove(topic.getBindingsList());
        }
    }

    @Nullable
    TopicState byId(TopicId id) {
        return byId.get(id);
    }

    /** Refuses bindings that are no filters, or of which a subject could match one of these and one of another topic equally well. */
    void checkBindings(String tenant, List<String> filters) {
        bindings.getOrDefault(tenant, new TenantBindings()).check(filters);
    }
}
