/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

/**
 * What holds where nobody has said anything. Immutable.
 *
 * @param anonymous clients that say no user name
 * @param unmatched what no rule is about
 * @param usersMax users of the cluster
 * @param rulesMax rules of the cluster
 * @param credentialsMax right passwords that are remembered
 * @param failuresMax entries of the table of wrong ones
 * @param attemptsMax attempts that are checked or wait for that; beyond, clients are told to come later
 */
public record AccessConfig(
        Unsaid anonymous,
        Unsaid unmatched,
        int usersMax,
        int rulesMax,
        int credentialsMax,
        int failuresMax,
        int attemptsMax) {

    /** What happens to what nobody has said anything about. */
    public enum Unsaid {
        /** Allowed as long as there is no user. */
        AUTO,
        ALLOW,
        DENY;

        boolean allows(boolean anyUsers) {
            return this == ALLOW || this == AUTO && !anyUsers;
        }
    }

    public static final AccessConfig DEFAULTS =
            new AccessConfig(Unsaid.AUTO, Unsaid.AUTO, 200_000, 20_000, 50_000, 50_000, 1_000);

    public AccessConfig with(Unsaid wantedAnonymous, Unsaid wantedUnmatched) {
        return new AccessConfig(
                wantedAnonymous, wantedUnmatched, usersMax, rulesMax, credentialsMax, failuresMax, attemptsMax);
    }
}
