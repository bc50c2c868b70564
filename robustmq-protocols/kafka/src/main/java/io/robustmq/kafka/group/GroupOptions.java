/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import java.time.Duration;
import java.util.List;

/**
 * What consumer groups may take. Immutable.
 *
 * @param membersMax of one group
 * @param initialRebalanceDelay how long the first member of a classic group waits for others
 * @param offsetsRetention how long the offsets of an empty group are kept
 * @param sessionTimeoutMin shortest session timeout that a classic member may ask for
 * @param sessionTimeoutMax longest session timeout that a classic member may ask for
 * @param sessionTimeout after which a silent member of the new protocol is out
 * @param heartbeatInterval of members of the new protocol
 */
public record GroupOptions(
        int membersMax,
        Duration initialRebalanceDelay,
        Duration offsetsRetention,
        Duration sessionTimeoutMin,
        Duration sessionTimeoutMax,
        Duration sessionTimeout,
        Duration heartbeatInterval) {
    public static final GroupOptions DEFAULTS = new GroupOptions(
            1000,
            Duration.ofSeconds(3),
            Duration.ofDays(7),
            Duration.ofSeconds(6),
            Duration.ofMinutes(30),
            Duration.ofSeconds(45),
            Duration.ofSeconds(5));

    public GroupOptions {
        if (membersMax < 1) {
            throw new IllegalArgumentException("a group has a member or more");
        }
        if (sessionTimeoutMin.compareTo(sessionTimeoutMax) > 0 || heartbeatInterval.compareTo(sessionTimeout) >= 0) {
            throw new IllegalArgumentException("session timeouts: the shortest is not above the longest, and heartbeats"
                    + " come more often than every session timeout");
        }
        for (Duration each : List.of(sessionTimeoutMin, sessionTimeoutMax, sessionTimeout, heartbeatInterval)) {
            if (each.toMillis() < 1 || each.toMillis() > Integer.MAX_VALUE) {
                throw new IllegalArgumentException(each + " is not between 1 ms and 24 days");
            }
        }
        if (initialRebalanceDelay.isNegative() || initialRebalanceDelay.toMillis() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(initialRebalanceDelay + " is not between 0 and 24 days");
        }
        if (offsetsRetention.toMinutes() < 1 || offsetsRetention.toMinutes() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(offsetsRetention + " is less than a minute, or too long");
        }
    }
}
