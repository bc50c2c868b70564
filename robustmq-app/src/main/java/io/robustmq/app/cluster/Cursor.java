/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.robustmq.kernel.RmqError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where a page over several nodes ended on each of them; {@code next} and {@code after} of such pages. With a place for each node no row comes
 * twice and none is missed, whatever the nodes have in common. Immutable.
 */
final class Cursor {
    private static final String MARK = "~";
    private static final char DONE = '-';
    private static final char AT = '+';

    private final @Nullable String everywhere;
    private final Map<Integer, @Nullable String> places;

    private Cursor(@Nullable String everywhere, Map<Integer, @Nullable String> places) {
        this.everywhere = everywhere;
        this.places = places;
    }

    /** @param after what an answer said, or a key for all nodes, or nothing */
    static Cursor parse(@Nullable String after) {
        if (after == null || !after.startsWith(MARK)) {
            return new Cursor(after == null || after.isEmpty() ? null : after, Map.of());
        }
        try {
            Map<Integer, @Nullable String> places = new LinkedHashMap<>();
            for (String part : after.substring(1).split("\\.")) {
                int end = part.indexOf(DONE) >= 0 ? part.indexOf(DONE) : part.indexOf(AT);
                int node = Integer.parseInt(part.substring(0, end));
                places.put(
                        node,
                        part.charAt(end) == DONE
                                ? null
                                : new String(
                                        Base64.getUrlDecoder().decode(part.substring(end + 1)),
                                        StandardCharsets.UTF_8));
            }
            return new Cursor(null, places);
        } catch (IllegalArgumentException | StringIndexOutOfBoundsException e) {
            throw RmqError.INVALID_REQUEST.exception("'" + after + "' is not what an answer called next");
        }
    }

    /** Whether it is of no page over several nodes. */
    boolean isPlain() {
        return places.isEmpty();
    }

    /** @param later places that have become known; at least one in all */
    String with(Map<Integer, @Nullable String> later) {
        Map<Integer, @Nullable String> all = new TreeMap<>(places);
        all.putAll(later);
        return text(all);
    }

    boolean isDone(int node) {
        return places.containsKey(node) && places.get(node) == null;
    }

    /** The node's own {@code after}. */
    @Nullable
    String place(int node) {
        return places.containsKey(node) ? places.get(node) : everywhere;
    }

    private static String text(Map<Integer, @Nullable String> places) {
        StringBuilder text = new StringBuilder(MARK);
        places.forEach((node, place) -> {
            text.append(text.length() == 1 ? "" : ".").append(node);
            if (place == null) {
                text.append(DONE);
            } else {
                text.append(AT)
                        .append(Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(place.getBytes(StandardCharsets.UTF_8)));
            }
        });
        return text.toString();
    }
}
