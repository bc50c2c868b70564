/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table, or one fact of a thing.
 *
 * @param field of the API's answer; dots lead into nested ones
 * @param link where a click leads; null for nowhere
 */
record Column(
        String heading, String field, Kind kind, @Nullable Function<Map<String, Object>, String> link) {

    /** How a value is shown. */
    enum Kind {
        TEXT,
        CODE,
        NUMBER,
        SIZE,
        TIME,
        SECONDS,
        FLAG,
        STATE;

        String css() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Column of(String heading, String field, Kind kind) {
        return new Column(heading, field, kind, null);
    }

    static Column text(String heading, String field) {
        return of(heading, field, Kind.TEXT);
    }

    static Column code(String heading, String field) {
        return of(heading, field, Kind.CODE);
    }

    static Column number(String heading, String field) {
        return of(heading, field, Kind.NUMBER);
    }

    static Column time(String heading, String field) {
        return of(heading, field, Kind.TIME);
    }

    /** A name that leads to the page of what it names, which takes it under the given parameter. */
    static Column name(String heading, String field, String page, String parameter) {
        return new Column(
                heading,
                field,
                Kind.CODE,
                row -> "/console/" + page + "/show?" + parameter + "="
                        + AdminApi.encoded(Values.text(value(row, field))));
    }

    Cell cell(Map<String, Object> row) {
        Object value = value(row, field);
        String href = link == null || Values.text(value).isEmpty() ? null : link.apply(row);
        return switch (kind) {
            case TEXT, CODE -> new Cell(heading, kind.css(), Values.text(value), href, null);
            case NUMBER -> number(value, value instanceof Number given ? Shown.number(given.doubleValue()) : null);
            case SIZE -> number(value, value instanceof Number given ? Shown.size(given.doubleValue()) : null);
            case SECONDS -> number(value, value instanceof Number given ? Shown.seconds(given.longValue()) : null);
            case TIME -> {
                var instant = Shown.instant(value);
                yield new Cell(
                        heading,
                        kind.css(),
                        instant == null ? "" : Shown.time(instant),
                        null,
                        instant == null ? null : instant.toString());
            }
            case FLAG ->
                new Cell(
                        heading,
                        kind.css(),
                        value == null ? "" : Boolean.TRUE.equals(value) ? "yes" : "no",
                        null,
                        null);
            case STATE -> new Cell(heading, kind.css(), Values.text(value), null, tone(Values.text(value)));
        };
    }

    private Cell number(@Nullable Object value, @Nullable String shown) {
        return new Cell(heading, kind.css(), shown == null ? Values.text(value) : shown, null, null);
    }

    private static @Nullable Object value(Map<String, Object> row, String field) {
        Object value = row;
        for (String part : field.split("\\.")) {
            value = Values.fields(value).get(part);
        }
        return value;
    }

    /** The colour says the same as the word, for those who skim. */
    private static String tone(String state) {
        return switch (state.toLowerCase(Locale.ROOT)) {
            case "open",
                    "up",
                    "allow",
                    "stable",
                    "true",
                    "yes",
                    "healthy",
                    "cleared",
                    "writable",
                    "200",
                    "201",
                    "204" -> "good";
            case "unavailable", "down", "deny", "dead", "critical", "failed", "false", "no", "401", "403", "500" ->
                "bad";
            case "warning", "degraded", "preparingrebalance", "completingrebalance", "full", "raised" -> "warn";
            default -> "plain";
        };
    }

    /**
     * What stands in a table's cell.
     *
     * @param css a class of the style sheet
     * @param extra the moment of a time, for the browser; the colour of a state
     */
    record Cell(
            String heading,
            String css,
            String text,
            @Nullable String href,
            @Nullable String extra) {}
}
