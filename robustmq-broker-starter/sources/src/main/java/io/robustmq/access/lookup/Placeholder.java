/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.lookup;

import io.robustmq.protocol.ClientIdentity;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands for a part of the client in a query, a key, a filter or a name: {@code %u}, {@code %c}, {@code %a}, {@code %t}, as in
 * rules. Not {@code ${...}}, which Spring replaces by variables of the node's own environment.
 */
public enum Placeholder {
    USER('u'),
    CLIENT_ID('c'),
    ADDRESS('a'),
    TENANT('t');

    private static final List<Placeholder> ALL = List.of(values());

    private final char sign;

    Placeholder(char sign) {
        this.sign = sign;
    }

    /** The one that begins at that place of the text; null when there is none. */
    public static @Nullable Placeholder at(String text, int index) {
        if (text.charAt(index) != '%' || index + 1 == text.length()) {
            return null;
        }
        for (Placeholder each : ALL) {
            if (each.sign == text.charAt(index + 1)) {
                return each;
            }
        }
        return null;
    }

    public String of(ClientIdentity client) {
        return switch (this) {
            case USER -> {
                String user = client.userName();
                yield user == null ? "" : user;
            }
            case CLIENT_ID -> client.clientId();
            case ADDRESS -> client.remoteAddress();
            case TENANT -> client.tenant();
        };
    }

    /** Whether each of those parts is one that a name can have: NUL ends texts elsewhere. */
    public static boolean areTexts(Set<Placeholder> placeholders, ClientIdentity client) {
        for (Placeholder each : placeholders) {
            if (each.of(client).indexOf(0) >= 0) {
                return false;
            }
        }
        return true;
    }

    /** Those parts of a client, in a form in which two are equal only when all parts are. */
    public static String all(Set<Placeholder> placeholders, ClientIdentity client) {
        StringBuilder out = new StringBuilder();
        for (Placeholder each : ALL) {
            if (placeholders.contains(each)) {
                String part = each.of(client);
                out.append(part.length()).append(':').append(part);
            }
        }
        return out.toString();
    }

    @Override
    public String toString() {
        return "%" + sign;
    }
}
