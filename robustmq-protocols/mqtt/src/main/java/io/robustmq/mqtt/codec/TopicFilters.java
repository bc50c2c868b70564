/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.codec;

/** The spelling rules of filters (4.7.1, 4.7.3, 4.8.2). */
final class TopicFilters {
    static final String SHARED_PREFIX = "$share/";

    private TopicFilters() {}

    /** Shared subscriptions exist only in MQTT 5; in 3.x their names are ordinary filters here. */
    static boolean isValid(String filter, boolean sharedKnown) {
        if (sharedKnown && filter.startsWith(SHARED_PREFIX)) {
            int slash = filter.indexOf('/', SHARED_PREFIX.length());
            return slash > SHARED_PREFIX.length()
                    && !hasWildcard(filter, SHARED_PREFIX.length(), slash)
                    && areLevelsValid(filter, slash + 1);
        }
        return areLevelsValid(filter, 0);
    }

    private static boolean hasWildcard(String filter, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = filter.charAt(i);
            if (c == '+' || c == '#') {
                return true;
            }
        }
        return false;
    }

    /** At least one character; a wildcard fills its level, and {@code #} is last. */
    private static boolean areLevelsValid(String filter, int from) {
        int length = filter.length();
        for (int i = from; i < length; i++) {
            char c = filter.charAt(i);
            if (c != '+' && c != '#') {
                continue;
            }
            boolean opensLevel = i == from || filter.charAt(i - 1) == '/';
            boolean closesLevel = i == length - 1 || c == '+' && filter.charAt(i + 1) == '/';
            if (!opensLevel || !closesLevel) {
                return false;
            }
        }
        return length > from;
    }
}
