/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import org.jspecify.annotations.Nullable;

/**
 * One rule about who may do what. A rule that denies wins over all that allow, whatever order and spelling they were written in.
 * Immutable.
 *
 * @param value of {@code who}: the user, the client id, the address or the network in CIDR notation; empty for everybody and
 *     for those without a name
 * @param filter subject with wildcards of either spelling and {@code %c}, {@code %u}; or the name of what else it is about
 * @param qosMask bit {@code 1 << qos} of each quality of service it is about
 * @param retain null for both, else only publishes that are (or are not) retained
 */
public record AccessRule(
        String tenant,
        String name,
        Effect effect,
        Who who,
        String value,
        Action action,
        Resource resource,
        Match match,
        String filter,
        int qosMask,
        @Nullable Boolean retain) {
    /** Every quality of service. */
    public static final int ANY_QOS = 0b111;

    /** What it says. */
    public enum Effect {
        ALLOW,
        DENY
    }

    /** Whom it is about. */
    public enum Who {
        ALL,
        /** Clients that have said no user name. */
        ANONYMOUS,
        USER,
        CLIENT_ID,
        ADDRESS
    }

    /** What it is about; reading a log is subscribing, writing one is publishing. Whatever is allowed allows to describe. */
    public enum Action {
        ALL,
        PUBLISH,
        SUBSCRIBE,
        CREATE,
        DELETE,
        ALTER,
        DESCRIBE,
        CLUSTER_ACTION,
        DESCRIBE_CONFIGS,
        ALTER_CONFIGS,
        IDEMPOTENT_WRITE
    }

    /** Of what kind the thing is that {@code filter} names. */
    public enum Resource {
        SUBJECT,
        GROUP,
        CLUSTER,
        TRANSACTIONAL_ID
    }

    /** How {@code filter} is compared. */
    public enum Match {
        /** Level by level, with wildcards. */
        FILTER,
        /** It is the name, whatever characters it has. */
        LITERAL,
        /** Names begin with it, in the middle of a level, too. */
        PREFIX
    }

    /** One about subjects, for every quality of service. */
    public static AccessRule ofSubject(
            String tenant, String name, Effect effect, Who who, String value, Action action, String filter) {
        return new AccessRule(
                tenant, name, effect, who, value, action, Resource.SUBJECT, Match.FILTER, filter, ANY_QOS, null);
    }
}
