/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Messages that wait for their time, of all protocols: published with {@link Publish#dueAtMillis} and kept until then.
 * Thread-safe.
 */
public interface DelayPort {

    /** The latest due time is so far ahead: more cannot be meant. */
    long SECONDS_MAX = 4_294_967;

    /** A page of what waits, by due time. */
    CompletionStage<Page> list(Query query);

    /** One message with its payload; fails with NOT_FOUND. */
    CompletionStage<Delayed> show(String tenant, String id);

    /** Forgets a message that is not yet on its way; fails with NOT_FOUND. */
    CompletionStage<Void> cancel(String tenant, String id);

    /** How many wait in all tenants. */
    long count();

    /** Their bytes in the log. */
    long bytes();

    /**
     * What to list.
     *
     * @param filter of the subjects, in the spelling of each; null for all
     * @param client only of this one; null for all
     * @param after the {@code next} of the page before; null for the first
     */
    record Query(
            String tenant,
            @Nullable String filter,
            @Nullable String client,
            @Nullable String after,
            int limit) {}

    /**
     * A page of messages.
     *
     * @param next null when there are no more
     */
    record Page(List<Delayed> delayed, @Nullable String next) {}

    /**
     * One message. The payload is not to be changed.
     *
     * @param acceptedMillis when it was acknowledged
     * @param expiresAtMillis 0 for never
     */
    record Delayed(
            String id,
            String tenant,
            String protocol,
            String subject,
            String client,
            @Nullable String user,
            int qos,
            boolean retain,
            long acceptedMillis,
            long dueMillis,
            long expiresAtMillis,
            byte[] payload) {}
}
