/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

/**
 * What somebody may use at most, -1 for as much as there is: on each node for itself, but topics, which are those of the cluster.
 * Immutable.
 *
 * @param connections at the same time
 * @param connectionsPerSecond let in
 * @param sessions of MQTT, of connections and sleeping
 * @param topics that somebody created
 * @param messagesPerSecond published
 * @param bytesPerSecond published
 * @param bytesOutPerSecond fetched
 */
public record QuotaLimits(
        long connections,
        long connectionsPerSecond,
        long sessions,
        long topics,
        long messagesPerSecond,
        long bytesPerSecond,
        long bytesOutPerSecond) {
    public static final long UNLIMITED = -1;

    public static final QuotaLimits NONE =
            new QuotaLimits(UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED, UNLIMITED);

    /** The same with other rates of what is published. */
    public QuotaLimits withPublished(long messages, long bytes) {
        return new QuotaLimits(connections, connectionsPerSecond, sessions, topics, messages, bytes, bytesOutPerSecond);
    }

    /** The same with other limits of connections. */
    public QuotaLimits withConnections(long atOnce, long perSecond) {
        return new QuotaLimits(
                atOnce, perSecond, sessions, topics, messagesPerSecond, bytesPerSecond, bytesOutPerSecond);
    }

    /** The same with other limits of what is kept. */
    public QuotaLimits withKept(long sessionsMax, long topicsMax) {
        return new QuotaLimits(
                connections,
                connectionsPerSecond,
                sessionsMax,
                topicsMax,
                messagesPerSecond,
                bytesPerSecond,
                bytesOutPerSecond);
    }

    /** The same with another rate of what is fetched. */
    public QuotaLimits withBytesOut(long perSecond) {
        return new QuotaLimits(
                connections, connectionsPerSecond, sessions, topics, messagesPerSecond, bytesPerSecond, perSecond);
    }
}
