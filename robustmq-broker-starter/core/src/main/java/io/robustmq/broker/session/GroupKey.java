/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.session;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.protocol.WindowPort.Group;
import org.jspecify.annotations.Nullable;

/**
 * The name of a group that shares messages, as its subscriptions carry it: {@code $share/name/filter} (MQTT 5.0, 4.8.2), or
 * {@code $queue/filter}. Immutable.
 */
record GroupKey(String tenant, String name, String filter) implements Comparable<GroupKey> {
    private static final String PROTOCOL = "mqtt";
    private static final String SHARE = "$share/";
    private static final String QUEUE = "$queue/";
    private static final String EXCLUSIVE = "$exclusive/";

    /** Who has an exclusive filter is a group of one, whose name no other can have. */
    static GroupKey exclusive(String tenant, String filter) {
        return new GroupKey(tenant, EXCLUSIVE, filter);
    }

    /** The group of a session's filter; null when it is not a group's. */
    static @Nullable GroupKey of(String tenant, String filter) {
        if (filter.startsWith(EXCLUSIVE)) {
            return exclusive(tenant, filter.substring(EXCLUSIVE.length()));
        }
        if (filter.startsWith(QUEUE)) {
            return new GroupKey(tenant, "$queue", filter.substring(QUEUE.length()));
        }
        int slash = filter.startsWith(SHARE) ? filter.indexOf('/', SHARE.length()) : -1;
        return slash < 0
                ? null
                : new GroupKey(tenant, filter.substring(SHARE.length(), slash), filter.substring(slash + 1));
    }

    static GroupKey of(Group group) {
        return new GroupKey(group.tenant(), group.name(), group.filter());
    }

    Group group() {
        return new Group(tenant, PROTOCOL, name, Spelling.SLASH, filter);
    }

    /** As the client id of a session would be in keys: names have no slash. */
    SessionKey key() {
        return new SessionKey(tenant, name + '/' + filter);
    }

    static GroupKey of(SessionKey key) {
        int slash = key.clientId().indexOf('/');
        return new GroupKey(
                key.tenant(), key.clientId().substring(0, slash), key.clientId().substring(slash + 1));
    }

    @Override
    public int compareTo(GroupKey other) {
        return key().compareTo(other.key());
    }
}
