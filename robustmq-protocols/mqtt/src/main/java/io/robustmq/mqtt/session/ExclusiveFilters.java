/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.SessionPort;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who holds which exclusive filter: one session of a node for each, until it unsubscribes or ends. Thread-safe.
 */
public final class ExclusiveFilters {
    private static final String PREFIX = "$exclusive/";

    private final ConcurrentHashMap<Key, String> holders = new ConcurrentHashMap<>();

    private record Key(String tenant, String filter) {}

    public static boolean isExclusive(String filter) {
        return filter.startsWith(PREFIX);
    }

    /** The filter that is matched. */
    public static String inner(String filter) {
        return isExclusive(filter) ? filter.substring(PREFIX.length()) : filter;
    }

    /**
     * Fails with QUOTA_EXCEEDED when another session has it, also one that has slept since an earlier process; other filters are
     * nobody's.
     */
    void claim(SessionPort sessions, String tenant, String filter, String clientId) {
        if (!isExclusive(filter)) {
            return;
        }
        String holder = holders.putIfAbsent(new Key(tenant, filter), clientId);
        String sleeper = holder == null ? sessions.exclusiveOwner(tenant, inner(filter)) : holder;
        if (sleeper != null && !sleeper.equals(clientId)) {
            if (holder == null) {
                release(tenant, filter, clientId);
            }
            throw RmqError.QUOTA_EXCEEDED.exception("another client has subscribed to it");
        }
    }

    void release(String tenant, String filter, String clientId) {
        if (isExclusive(filter)) {
            holders.remove(new Key(tenant, filter), clientId);
        }
    }

    public int size() {
        return holders.size();
    }
}
