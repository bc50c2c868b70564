/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Makes one page of what several nodes have answered. Stateless. */
final class Merge {
    static final String NODE = "node";
    static final String NEXT = "next";

    private Merge() {}

    /** A node's own page. Immutable. */
    record Answer(
            int node,
            List<Map<String, Object>> rows,
            @Nullable String next) {
        @SuppressWarnings("unchecked")
        static Answer of(int node, String field, Map<String, Object> body) {
            List<Map<String, Object>> rows = new ArrayList<>();
            for (Object each : (List<Object>) body.getOrDefault(field, List.of())) {
                Map<String, Object> row = new LinkedHashMap<>((Map<String, Object>) each);
                row.put(NODE, node);
                rows.add(row);
            }
            Object next = body.get(NEXT);
            return new Answer(node, rows, next == null ? null : String.valueOf(next));
        }
    }

    /** Rows of one key on one node. */
    private record Group(int node, String key, List<Map<String, Object>> rows) {}

    /** A page, and where the following one begins on each node: null where nothing more is. */
    record Page(List<Map<String, Object>> rows, Map<Integer, @Nullable String> places) {
        boolean more() {
            return places.values().stream().anyMatch(Objects::nonNull);
        }
    }

    /**
     * At most so many keys. What lies behind the end of some node's page has to wait: that node may have rows that come first.
     *
     * @param cursor places of nodes that have not answered are kept
     */
    static Page page(Listing listing, List<Answer> answers, Cursor cursor, int limit) {
        List<Group> groups = new ArrayList<>();
        String horizon = null;
        for (Answer answer : answers) {
            groups.addAll(groups(listing, answer));
            if (answer.next != null && (horizon == null || listing.order().compare(answer.next, horizon) < 0)) {
                horizon = answer.next;
            }
        }
        groups.sort(Comparator.comparing(Group::key, listing.order()).thenComparingInt(Group::node));
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<Integer, String> taken = new HashMap<>();
        Map<Integer, Integer> left = new HashMap<>();
        int keys = 0;
        for (Group group : groups) {
            if (keys < limit && (horizon == null || listing.order().compare(group.key, horizon) <= 0)) {
                rows.addAll(group.rows);
                taken.put(group.node, group.key);
                keys++;
            } else {
                left.merge(group.node, 1, Integer::sum);
            }
        }
        Map<Integer, @Nullable String> places = new HashMap<>();
        for (Answer answer : answers) {
            places.put(
                    answer.node,
                    left.containsKey(answer.node)
                            ? taken.getOrDefault(answer.node, cursor.place(answer.node))
                            : answer.next);
            if (left.containsKey(answer.node) && places.get(answer.node) == null) {
                // Nothing of it was taken, and it was asked from its beginning.
                places.put(answer.node, "");
            }
        }
        return new Page(rows, places);
    }

    static Map<String, Object> body(
            String field, List<Map<String, Object>> rows, @Nullable Object next, List<Map<String, Object>> incomplete) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(field, rows);
        body.put(NEXT, next);
        body.put("incomplete", incomplete);
        return body;
    }

    private static List<Group> groups(Listing listing, Answer answer) {
        Map<String, Group> groups = new LinkedHashMap<>();
        for (Map<String, Object> row : answer.rows) {
            groups.computeIfAbsent(listing.keyOf(row), key -> new Group(answer.node, key, new ArrayList<>()))
                    .rows
                    .add(row);
        }
        return List.copyOf(groups.values());
    }

    /** The last rows of all, and where whoever follows goes on on each node. */
    static Page tail(Listing listing, List<Answer> answers, Cursor cursor, int limit) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Map<Integer, @Nullable String> places = new HashMap<>();
        for (Answer answer : answers) {
            rows.addAll(answer.rows);
            places.put(answer.node, answer.next);
        }
        rows.sort(Comparator.comparing(listing::keyOf, listing.order()).thenComparing(row -> (Integer) row.get(NODE)));
        return new Page(rows.subList(Math.max(0, rows.size() - limit), rows.size()), places);
    }
}
