/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What a node does. */
public enum Role {
    META,
    BROKER,
    JOURNAL;

    /** The key that lists a node's roles. */
    public static final String KEY = "robustmq.roles";

    /** The roles of a node that says nothing: everything a single node needs. */
    public static final List<String> DEFAULT = List.of("meta", "broker");

    /** The name in configuration and listings. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Every name that {@link #KEY} takes in this build. */
    public static String validNames() {
        return Arrays.stream(values())
                .filter(role -> role != JOURNAL)
                .map(Role::key)
                .collect(Collectors.joining(", "));
    }

    /**
     * The roles of those names; {@code engine} is the name that the journal had in the Rust project.
     *
     * @throws InvalidRolesException names what is wrong and what would be right
     */
    public static Set<Role> parse(Collection<String> names) {
        EnumSet<Role> roles = EnumSet.noneOf(Role.class);
        for (String name : names) {
            String trimmed = name.trim().toLowerCase(Locale.ROOT);
            if (!trimmed.isEmpty()) {
                roles.add(parse(trimmed));
            }
        }
        if (roles.isEmpty()) {
            throw new InvalidRolesException(
                    "A node without a role does nothing, and " + KEY + " is empty.",
                    "List one or more of " + validNames() + ", or leave the key out for " + String.join(",", DEFAULT)
                            + ".");
        }
        if (roles.contains(JOURNAL)) {
            throw new InvalidRolesException(
                    "The role journal (alias engine) is not available in this build.",
                    "Take it out of " + KEY + "; the roles of this build are meta and broker.");
        }
        return Collections.unmodifiableSet(roles);
    }

    private static Role parse(String name) {
        for (Role role : values()) {
            if (role.key().equals(name)) {
                return role;
            }
        }
        if (name.equals("engine")) {
            return JOURNAL;
        }
        throw new InvalidRolesException(
                "'" + name + "' is not a role.", "Set " + KEY + " to one or more of " + validNames() + ".");
    }
}
