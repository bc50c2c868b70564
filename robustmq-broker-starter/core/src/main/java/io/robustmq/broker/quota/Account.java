/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant, a user or a client uses of this node. Thread-safe: guarded by itself, but for the count of holders, which is
 * guarded by the map that it is in.
 */
final class Account {
    final Name name;
    /** Connections; of a client those that have charged something since there are quotas of clients. */
    int holders;

    private @Nullable QuotaBook seen;
    private QuotaLimits limits = QuotaLimits.NONE;
    private @Nullable Bucket connects;
    private @Nullable Bucket messages;
    private @Nullable Bucket bytes;
    private @Nullable Bucket bytesOut;

    /** Whose it is: {@link Whom#TENANT}, {@link Whom#USER} or {@link Whom#CLIENT}. */
    record Name(String tenant, Whom whom, String name) {}

    Account(Name name) {
        this.name = name;
    }

    /** Buckets of what has not changed stay as full as they are. */
    synchronized QuotaLimits limits(QuotaBook book, long nowNanos) {
        if (book != seen) {
            QuotaLimits now = book.limits(name);
            connects = changed(connects, limits.connectionsPerSecond(), now.connectionsPerSecond(), nowNanos);
            messages = changed(messages, limits.messagesPerSecond(), now.messagesPerSecond(), nowNanos);
            bytes = changed(bytes, limits.bytesPerSecond(), now.bytesPerSecond(), nowNanos);
            bytesOut = changed(bytesOut, limits.bytesOutPerSecond(), now.bytesOutPerSecond(), nowNanos);
            limits = now;
            seen = book;
        }
        return limits;
    }

    private static @Nullable Bucket changed(@Nullable Bucket bucket, long before, long now, long nowNanos) {
        if (now < 0) {
            return null;
        }
        return bucket != null && before == now ? bucket : new Bucket(now, nowNanos);
    }

    synchronized @Nullable Bucket connects() {
        return connects;
    }

    synchronized @Nullable Bucket messages() {
        return messages;
    }

    synchronized @Nullable Bucket bytes() {
        return bytes;
    }

    synchronized @Nullable Bucket bytesOut() {
        return bytesOut;
    }

    /** Whether a new one would be the same. */
    synchronized boolean isIdle(long nowNanos) {
        return holders == 0
                && isFull(connects, nowNanos)
                && isFull(messages, nowNanos)
                && isFull(bytes, nowNanos)
                && isFull(bytesOut, nowNanos);
    }

    private static boolean isFull(@Nullable Bucket bucket, long nowNanos) {
        return bucket == null || bucket.isFull(nowNanos);
    }
}
