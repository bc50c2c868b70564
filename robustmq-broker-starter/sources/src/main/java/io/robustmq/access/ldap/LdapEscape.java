/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.ldap;

import java.nio.charset.StandardCharsets;

/** Makes names of clients mean nothing but themselves in filters and in distinguished names. Stateless. */
final class LdapEscape {
    private static final String IN_FILTERS = "*()\\";
    private static final String IN_NAMES = "\"+,;<>\\=#";

    private LdapEscape() {}

    /** A value within a filter: RFC 4515, section 3. */
    static String filter(String value) {
        StringBuilder out = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == 0 || IN_FILTERS.indexOf(c) >= 0) {
                hex(out, c);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** A value within a distinguished name: RFC 4514, section 2.4. */
    static String name(String value) {
        StringBuilder out = new StringBuilder(value.length() + 8);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean atAnEnd = i == 0 || i == value.length() - 1;
            if (c < ' ' || IN_NAMES.indexOf(c) >= 0) {
                hex(out, c);
            } else if (c == ' ' && atAnEnd) {
                // Not in hexadecimal digits: the class library takes those for a space that means nothing.
                out.append("\\ ");
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static void hex(StringBuilder out, char c) {
        for (byte each : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
            out.append('\\').append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
    }
}
