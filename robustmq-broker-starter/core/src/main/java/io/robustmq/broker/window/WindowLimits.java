/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

/**
 * What is bounded. Immutable.
 *
 * @param groupsMax beyond so many groups a member of a new one is refused
 * @param membersMax beyond so many members of one group the next one is refused
 * @param waitingMax messages that wait in memory for the members of one group, when they are in no log
 * @param waitingBytesMax the same in bytes
 */
public record WindowLimits(int groupsMax, int membersMax, int waitingMax, long waitingBytesMax) {

    public static final WindowLimits DEFAULTS = new WindowLimits(100_000, 10_000, 10_000, 64L << 20);
}
