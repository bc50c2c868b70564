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
 * @param backlogMax messages that members find when they come back to their group; the oldest ones beyond are dropped
 * @param backlogBytesMax the same in bytes
 * @param backlogAgeMillisMax what has waited longer is dropped; 0 for no such limit
 */
public record WindowLimits(
        int groupsMax,
        int membersMax,
        int waitingMax,
        long waitingBytesMax,
        int backlogMax,
        long backlogBytesMax,
        long backlogAgeMillisMax) {

    public static final WindowLimits DEFAULTS = new WindowLimits(100_000, 10_000, 10_000, 64L << 20);

    /** With usual limits of what members find. */
    public WindowLimits(int groupsMax, int membersMax, int waitingMax, long waitingBytesMax) {
        this(groupsMax, membersMax, waitingMax, waitingBytesMax, 100_000, 256L << 20, 0);
    }

    /** The same with other limits of what members find when they come back. */
    public WindowLimits withBacklog(int messages, long bytes, long ageMillis) {
        return new WindowLimits(groupsMax, membersMax, waitingMax, waitingBytesMax, messages, bytes, ageMillis);
    }
}
