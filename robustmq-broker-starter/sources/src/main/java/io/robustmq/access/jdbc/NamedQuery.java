/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.jdbc;

import io.robustmq.access.lookup.Placeholder;
import io.robustmq.protocol.ClientIdentity;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A query whose {@code %u}, {@code %c}, {@code %a} and {@code %t} become parameters of a prepared statement: what a client says is
 * never part of the text. Within quotes and comments nothing is replaced. Immutable.
 */
final class NamedQuery {
    private final String sql;
    private final List<Placeholder> parameters = new ArrayList<>();

    private NamedQuery(String text) {
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            int end = endOfQuoted(text, i);
            Placeholder placeholder = end > i ? null : Placeholder.at(text, i);
            if (end > i) {
                refusePlaceholder(text, i, end);
                out.append(text, i, end);
                i = end;
            } else if (placeholder != null && !isWordAt(text, i + 2)) {
                parameters.add(placeholder);
                out.append('?');
                i += 2;
            } else {
                out.append(text.charAt(i++));
            }
        }
        sql = out.toString();
    }

    /** Fails with IllegalArgumentException for one that would be the same for everybody. */
    static NamedQuery of(String what, String text) {
        NamedQuery query = new NamedQuery(text);
        if (!query.parameters.contains(Placeholder.USER) && !query.parameters.contains(Placeholder.CLIENT_ID)) {
            throw new IllegalArgumentException(what + " asks for neither %u nor %c: " + text);
        }
        return query;
    }

    /** With a question mark for each parameter. */
    String sql() {
        return sql;
    }

    List<Placeholder> parameters() {
        return List.copyOf(parameters);
    }

    void bind(PreparedStatement statement, ClientIdentity client) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            statement.setString(i + 1, parameters.get(i).of(client));
        }
    }

    /** In {@code name = '%u'} the name would be compared with these two characters, and nobody would be found. */
    private static void refusePlaceholder(String text, int from, int end) {
        String quoted = text.substring(from, end);
        if (quoted.length() == 4 && Placeholder.at(quoted, 1) != null) {
            throw new IllegalArgumentException("a placeholder is a parameter of its own: " + quoted.substring(1, 3)
                    + " without the quotes, in " + text);
        }
    }

    /** Where the string, the quoted name or the comment ends that begins there; the same place when none does. */
    private static int endOfQuoted(String text, int i) {
        char c = text.charAt(i);
        if (c == '\'' || c == '"' || c == '`') {
            return behind(text, text.indexOf(c, i + 1), 1);
        }
        if (text.startsWith("--", i)) {
            return behind(text, text.indexOf('\n', i), 1);
        }
        if (text.startsWith("/*", i)) {
            return behind(text, text.indexOf("*/", i + 2), 2);
        }
        if (c == '$') {
            int tagEnd = text.indexOf('$', i + 1);
            String tag = tagEnd < 0 ? "" : text.substring(i, tagEnd + 1);
            if (!tag.isEmpty() && tag.chars().skip(1).limit(tag.length() - 2).allMatch(Character::isLetterOrDigit)) {
                return behind(text, text.indexOf(tag, tagEnd + 1), tag.length());
            }
        }
        return i;
    }

    private static int behind(String text, int found, int length) {
        return found < 0 ? text.length() : found + length;
    }

    private static boolean isWordAt(String text, int index) {
        return index < text.length() && (Character.isLetterOrDigit(text.charAt(index)) || text.charAt(index) == '_');
    }
}
