/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import java.util.Comparator;
import java.util.Map;

/**
 * Rows of which each node has its own. Immutable.
 *
 * @param what the name that nodes ask each other by
 * @param field of an answer, where the rows are
 * @param key field of a row, which pages are sorted by; rows of the same key and node stay together
 * @param order of keys, the same in which each node lists them
 * @param brokers whether only nodes with the role broker have any
 */
public record Listing(String what, String field, String key, Comparator<String> order, boolean brokers) {

    /** Rows of brokers that are sorted as texts are. */
    public static Listing byText(String what, String key) {
        return new Listing(what, what, key, Comparator.naturalOrder(), true);
    }

    /** Rows that are sorted by a number. */
    public static Listing byNumber(String what, String key, boolean brokers) {
        return new Listing(what, what, key, Comparator.comparingLong(Long::parseLong), brokers);
    }

    String keyOf(Map<String, Object> row) {
        return String.valueOf(row.get(key));
    }
}
