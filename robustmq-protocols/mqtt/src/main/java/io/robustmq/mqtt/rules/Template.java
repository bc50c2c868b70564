/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.rules;

import com.google.re2j.Matcher;
import io.robustmq.kernel.RmqError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A topic with places for what is known of the client ({@code %c} or <code>${clientid}</code>, {@code %u} or
 * <code>${username}</code>, {@code %h} or <code>${host}</code>, {@code %p} or <code>${port}</code>) and for the groups of a regular expression
 * ({@code $1}). Filled in one pass, so that nothing a client sends is taken for a place. Immutable.
 */
final class Template {
    private static final int TOPIC_CHARS_MAX = 65_535;

    private final List<Part> parts;

    private enum Place {
        TEXT,
        CLIENT_ID,
        USER_NAME,
        HOST,
        PORT,
        GROUP
    }

    /** @param group number of a group, 0 for other places */
    private record Part(Place place, String text, int group) {}

    private Template(List<Part> parts) {
        this.parts = parts;
    }

    /** @param groups how many groups there are; fails with INVALID_CONFIG when the text wants another one */
    static Template of(String text, int groups) {
        List<Part> parts = new ArrayList<>();
        StringBuilder plain = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            Part place = placeAt(text, at, groups);
            if (place == null) {
                plain.append(text.charAt(at++));
                continue;
            }
            if (!plain.isEmpty()) {
                parts.add(new Part(Place.TEXT, plain.toString(), 0));
                plain.setLength(0);
            }
            parts.add(place);
            at += place.text.length();
        }
        if (!plain.isEmpty()) {
            parts.add(new Part(Place.TEXT, plain.toString(), 0));
        }
        return new Template(List.copyOf(parts));
    }

    private static @Nullable Part placeAt(String text, int at, int groups) {
        for (Part name : List.of(
                new Part(Place.CLIENT_ID, "%c", 0),
                new Part(Place.CLIENT_ID, "${clientid}", 0),
                new Part(Place.USER_NAME, "%u", 0),
                new Part(Place.USER_NAME, "${username}", 0),
                new Part(Place.HOST, "%h", 0),
                new Part(Place.HOST, "${host}", 0),
                new Part(Place.PORT, "%p", 0),
                new Part(Place.PORT, "${port}", 0))) {
            if (text.startsWith(name.text, at)) {
                return name;
            }
        }
        int end = at + 1;
        while (text.charAt(at) == '$' && end < text.length() && end < at + 3 && isDigit(text.charAt(end))) {
            end++;
        }
        if (end == at + 1) {
            return null;
        }
        String number = text.substring(at, end);
        int group = Integer.parseInt(number.substring(1));
        if (group < 1 || group > groups) {
            throw RmqError.INVALID_CONFIG.exception("there is no group for " + number + " in '" + text + "'");
        }
        return new Part(Place.GROUP, number, group);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Whether its own text has wildcards. */
    boolean hasWildcards() {
        return parts.stream().anyMatch(part -> part.place == Place.TEXT && isWild(part.text));
    }

    private static boolean isWild(String text) {
        return text.indexOf('+') >= 0 || text.indexOf('#') >= 0;
    }

    /** Null when something of the client is not known, has wildcards, which it must not bring in, or the topic gets too long. */
    @Nullable
    String fill(RuleClient client, @Nullable Matcher groups) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            String value = valueOf(part, client, groups);
            boolean ofClient = part.place != Place.TEXT && part.place != Place.GROUP;
            if (value == null
                    || ofClient && (value.isEmpty() || isWild(value))
                    || filled.length() + value.length() > TOPIC_CHARS_MAX) {
                return null;
            }
            filled.append(value);
        }
        return filled.toString();
    }

    private static @Nullable String valueOf(Part part, RuleClient client, @Nullable Matcher groups) {
        return switch (part.place) {
            case TEXT -> part.text;
            case CLIENT_ID -> client.clientId();
            case USER_NAME -> client.userName();
            case HOST -> client.host();
            case PORT -> client.port() == 0 ? null : Integer.toString(client.port());
            case GROUP -> {
                String group = groups == null ? null : groups.group(part.group);
                // A group that took no part is empty, as everywhere.
                yield group == null ? "" : group;
            }
        };
    }
}
