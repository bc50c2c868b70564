/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import org.jspecify.annotations.Nullable;

/**
 * A filter whose subscribers share messages: {@code $share/group/filter}, or {@code $queue/filter} for the one group of that
 * name, which is EMQX's shorthand. Immutable.
 */
public record SharedFilter(String group, String filter) {
    private static final String SHARE = "$share/";
    private static final String QUEUE = "$queue/";
    private static final String QUEUE_GROUP = "$queue";

    /** Whether it names a group, well or badly. */
    public static boolean isShared(String filter) {
        return filter.startsWith("$") && (filter.startsWith(SHARE) || filter.startsWith(QUEUE));
    }

    /** Null when it names no group, or not as [MQTT-4.8.2-1] and [MQTT-4.8.2-2] want it. */
    public static @Nullable SharedFilter of(String filter) {
        if (filter.startsWith(QUEUE)) {
            return filter.length() == QUEUE.length()
                    ? null
                    : new SharedFilter(QUEUE_GROUP, filter.substring(QUEUE.length()));
        }
        if (!filter.startsWith(SHARE)) {
            return null;
        }
        int slash = filter.indexOf('/', SHARE.length());
        if (slash <= SHARE.length() || slash == filter.length() - 1) {
            return null;
        }
        String group = filter.substring(SHARE.length(), slash);
        return group.indexOf('+') >= 0 || group.indexOf('#') >= 0
                ? null
                : new SharedFilter(group, filter.substring(slash + 1));
    }
}
