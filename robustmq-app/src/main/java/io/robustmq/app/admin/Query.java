/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Parameters of a request as they travel between nodes. Stateless. */
public final class Query {
    public static final String AFTER = "after";
    private static final String LIMIT = "limit";

    private Query() {}

    /** Names and values by turns; those without value are left out. */
    public static Map<String, String> of(@Nullable Object... namesAndValues) {
        Map<String, String> query = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            if (namesAndValues[i + 1] != null) {
                query.put(String.valueOf(namesAndValues[i]), String.valueOf(namesAndValues[i + 1]));
            }
        }
        return query;
    }

    /** Fails with INVALID_REQUEST when it is none. */
    public static long number(Map<String, String> query, String name) {
        String text = query.get(name);
        try {
            return Long.parseLong(String.valueOf(text));
        } catch (NumberFormatException e) {
            throw Problem.invalid(name + " is a number, not '" + text + "'");
        }
    }

    public static int limit(Map<String, String> query) {
        return (int) number(query, LIMIT);
    }
}
