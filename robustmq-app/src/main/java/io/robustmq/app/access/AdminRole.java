/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.access;

import io.robustmq.kernel.RmqError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What an account or a token may do; each may do what those before it may. */
public enum AdminRole {
    /** Looks. */
    VIEWER,
    /** Changes topics, sessions, groups and what is in them. */
    OPERATOR,
    /** Changes who may do what, and the configuration. */
    ADMIN;

    private static final String PREFIX = "ROLE_";

    /** How it is written in requests, answers and documents. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Reads what {@link #key} writes; fails with INVALID_REQUEST. */
    public static AdminRole parse(@Nullable String key) {
        return Arrays.stream(values())
                .filter(role -> role.key().equals(key))
                .findFirst()
                .orElseThrow(() -> RmqError.INVALID_REQUEST.exception(
                        "role is viewer, operator or admin, not " + (key == null ? "left out" : "'" + key + "'")));
    }

    List<GrantedAuthority> authorities() {
        return Arrays.stream(values())
                .filter(role -> role.compareTo(this) <= 0)
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(PREFIX + role.name()))
                .toList();
    }

    String authority() {
        return PREFIX + name();
    }
}
