/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import java.util.List;

/**
 * A field of a form, and where it goes in the call that the form makes.
 *
 * @param options of a choice; the first one is chosen
 * @param hint what to write there
 */
record Field(String name, String label, Type type, Place place, boolean required, List<String> options, String hint) {

    /** What is written there. */
    enum Type {
        TEXT,
        PASSWORD,
        NUMBER,
        CHOICE,
        FLAG,
        /** Separated by commas or lines. */
        LIST,
        /** A line for each name=value; an empty value is null. */
        PAIRS,
        LONG_TEXT,
        /** Known already, and not shown. */
        HIDDEN
    }

    /** Which part of the call it becomes. */
    enum Place {
        PATH,
        QUERY,
        BODY
    }

    static Field needed(String name, String label, String hint) {
        return new Field(name, label, Type.TEXT, Place.BODY, true, List.of(), hint);
    }

    static Field optional(String name, String label, String hint) {
        return new Field(name, label, Type.TEXT, Place.BODY, false, List.of(), hint);
    }

    static Field of(String name, String label, Type type, String hint) {
        return new Field(name, label, type, Place.BODY, false, List.of(), hint);
    }

    static Field choice(String name, String label, String... options) {
        return new Field(name, label, Type.CHOICE, Place.BODY, false, List.of(options), "");
    }

    /** Part of the path, from the row that the form belongs to. */
    static Field path(String name) {
        return new Field(name, name, Type.HIDDEN, Place.PATH, true, List.of(), "");
    }

    /** Parameter of the call, from the row that the form belongs to. */
    static Field query(String name) {
        return new Field(name, name, Type.HIDDEN, Place.QUERY, true, List.of(), "");
    }

    /** A field above a listing. */
    static Field filter(String name, String label, String hint) {
        return new Field(name, label, Type.TEXT, Place.QUERY, false, List.of(), hint);
    }

    Field must() {
        return new Field(name, label, type, place, true, options, hint);
    }
}
