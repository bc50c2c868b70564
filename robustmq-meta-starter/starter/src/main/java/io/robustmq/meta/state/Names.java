/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import io.robustmq.kernel.RmqError;
import java.util.regex.Pattern;

/** What topics and tenants may be called. */
final class Names {
    private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
    private static final String INTERNAL_PREFIX = "__";

    private Names() {}

    static void checkTopic(String name, boolean internal) {
        check("topic", name);
        if (internal != name.startsWith(INTERNAL_PREFIX)) {
            throw RmqError.INVALID_NAME.exception(
                    internal
                            ? "an internal topic's name starts with __, not '" + name + "'"
                            : "'" + name + "': names that start with __ are internal");
        }
    }

    static void checkTenant(DocKey key) {
        check("tenant", key.name());
        if (!key.tenant().isEmpty()) {
            throw RmqError.INVALID_REQUEST.exception("a tenant belongs to no tenant");
        }
    }

    private static void check(String what, String name) {
        // "." and ".." match the pattern, but Kafka refuses them, and so do file systems.
        if (!LEGAL.matcher(name).matches() || name.equals(".") || name.equals("..")) {
            throw RmqError.INVALID_NAME.exception("a " + what + "'s name is [a-zA-Z0-9._-]{1,249}, not '" + name + "'");
        }
    }
}
