/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one log-in brings beside a name, because who vouches for it has said so. Equal to itself only: it is part of what
 * decisions are remembered by, and one of these is one log-in. Immutable.
 */
public final class Grants {
    /** Of the clients that the cluster's own users, a certificate, or nobody vouches for. */
    public static final Grants NONE = builder().build();

    /** The log-in holds for as long as the connection. */
    public static final long NEVER = Long.MAX_VALUE;

    private final boolean superuser;
    private final List<AccessRule> rules;
    private final long expiresAtMillis;
    private final @Nullable String userName;
    private final @Nullable String tenant;

    private Grants(Builder from) {
        superuser = from.superuser;
        rules = List.copyOf(from.rules);
        expiresAtMillis = from.expiresAtMillis;
        userName = from.userName;
        tenant = from.tenant;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Whether it may do everything, whatever rules say. */
    public boolean superuser() {
        return superuser;
    }

    /** Rules of this log-in only, beside the cluster's; a rule of either that denies wins. Their tenant says nothing. */
    public List<AccessRule> rules() {
        return rules;
    }

    /** When it ends, in milliseconds since the epoch, or {@link #NEVER}; the connection is closed then. */
    public long expiresAtMillis() {
        return expiresAtMillis;
    }

    /** Who the client is in truth; null when that is who it says to be. */
    public @Nullable String userName() {
        return userName;
    }

    /** Where it belongs; null when that is where the connection came in. */
    public @Nullable String tenant() {
        return tenant;
    }

    @Override
    public String toString() {
        return "Grants[" + (superuser ? "superuser, " : "") + rules.size() + " rules]";
    }

    /** Collects what a source grants. Confined to its caller. */
    public static final class Builder {
        private boolean superuser;
        private final List<AccessRule> rules = new ArrayList<>();
        private long expiresAtMillis = Long.MAX_VALUE;
        private @Nullable String userName;
        private @Nullable String tenant;

        private Builder() {}

        public Builder superuser(boolean wanted) {
            superuser = wanted;
            return this;
        }

        /** A rule about subjects in either spelling, {@code %c} and {@code %u} allowed. */
        public Builder allow(AccessRule.Action action, String filter) {
            return rule(AccessRule.Effect.ALLOW, action, filter);
        }

        /** As {@link #allow}. */
        public Builder deny(AccessRule.Action action, String filter) {
            return rule(AccessRule.Effect.DENY, action, filter);
        }

        private Builder rule(AccessRule.Effect effect, AccessRule.Action action, String filter) {
            return rule(AccessRule.ofSubject("", "granted", effect, AccessRule.Who.ALL, "", action, filter));
        }

        public Builder rule(AccessRule rule) {
            rules.add(rule);
            return this;
        }

        /** Milliseconds since the epoch. */
        public Builder expiresAtMillis(long millis) {
            expiresAtMillis = millis;
            return this;
        }

        public Builder userName(@Nullable String name) {
            userName = name;
            return this;
        }

        public Builder tenant(@Nullable String name) {
            tenant = name;
            return this;
        }

        public Grants build() {
            return new Grants(this);
        }
    }
}
