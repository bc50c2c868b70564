/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What every listing has in common: a filter, a limit, and where the next page begins. Stateless. */
public final class Page {
    public static final int LIMIT_DEFAULT = 100;
    public static final int LIMIT_MAX = 10_000;

    private Page() {}

    /** See {@link #of(String, List, Function, Function, String, String, Integer, Function)}: the key is the text. */
    public static <T> Map<String, Object> of(
            String field,
            List<T> all,
            Function<T, String> key,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            Function<T, ?> json) {
        return of(field, all, key, key, filter, after, limit, json);
    }

    /**
     * A page of a listing.
     *
     * @param all in any order; pages are in that of their keys
     * @param text what holds the filter
     * @param after the key of the last one of the page before
     */
    public static <T> Map<String, Object> of(
            String field,
            List<T> all,
            Function<T, String> key,
            Function<T, String> text,
            @Nullable String filter,
            @Nullable String after,
            @Nullable Integer limit,
            Function<T, ?> json) {
        int wanted = limit(limit);
        List<T> found = all.stream()
                .filter(each -> filter == null || text.apply(each).contains(filter))
                .filter(each ->
                        after == null || after.isEmpty() || key.apply(each).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .limit(wanted + 1L)
                .toList();
        return of(field, found, wanted, key, json);
    }

    /**
     * A page of what somebody else has sorted and filtered.
     *
     * @param found one more than wanted when there are more
     */
    public static <T> Map<String, Object> of(
            String field, List<T> found, int wanted, Function<T, String> key, Function<T, ?> json) {
        boolean more = found.size() > wanted;
        List<T> shown = more ? found.subList(0, wanted) : found;
        Map<String, Object> body = new LinkedHashMap<>();
        body.put(field, shown.stream().map(json).toList());
        body.put("next", more ? key.apply(shown.get(shown.size() - 1)) : null);
        return body;
    }

    /** The limit of a request; fails with INVALID_REQUEST. */
    public static int limit(@Nullable Integer limit) {
        return limit(limit, LIMIT_MAX);
    }

    /** The same where a page costs more. */
    public static int limit(@Nullable Integer limit, int max) {
        int wanted = limit == null ? LIMIT_DEFAULT : limit;
        if (wanted < 1 || wanted > max) {
            throw Problem.invalid("limit is a number from 1 to " + max + ", not " + limit);
        }
        return wanted;
    }
}
