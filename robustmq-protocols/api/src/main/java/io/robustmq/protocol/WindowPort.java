/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Spelling;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Windows: groups whose members share messages, each message to one of them. Thread-safe.
 */
public interface WindowPort {

    /** Who gets the next message. */
    enum Strategy {
        /** One after the other. */
        ROUND_ROBIN,
        /** Anybody. */
        RANDOM,
        /** The same until it leaves. */
        STICKY,
        /** The same for all messages of one publisher, as long as the same members are there. */
        HASH_CLIENT,
        /** The same for all messages of one subject, as long as the same members are there. */
        HASH_TOPIC,
        /** One after the other among those on the publisher's node, others only when there is none. */
        LOCAL
    }

    /**
     * Which group: members that name the same one share.
     *
     * @param protocol of its members, which decides what they may see
     */
    record Group(String tenant, String protocol, String name, Spelling spelling, String filter) {}

    /**
     * Makes the member one of the group; the first one makes the group. When it returns, every publish that is acknowledged from
     * now on reaches the group. It gets messages once it has been opened.
     *
     * @param strategy of a group that is made now
     * @throws RmqException QUOTA_EXCEEDED when there are too many groups, or members of this one
     */
    WindowMembership join(Group group, Strategy strategy, WindowMember member);

    /** Completes when a group whose last kept member has gone has ended, if that is so. */
    CompletionStage<Void> settled(Group group);

    /** All groups of the tenant by name and filter. */
    CompletionStage<List<Description>> list(String tenant);

    /**
     * A group as it stands.
     *
     * @param waiting messages that nobody could take yet
     * @param underWay messages that members have not acknowledged
     * @param delivered messages given to members since the group is there
     * @param redelivered of these, those that another member had before
     * @param dropped messages that nobody could take and that do not wait
     * @param kept what outlives the process; null for a group that ends with its connections
     */
    record Description(
            String name,
            String filter,
            Strategy strategy,
            long waiting,
            long underWay,
            long delivered,
            long redelivered,
            long dropped,
            List<MemberDescription> members,
            @Nullable Kept kept) {}

    /**
     * What of a group outlives the process.
     *
     * @param positions everything below was acknowledged, does not match, or was dropped
     * @param behind records that lie before the positions, whether or not they match
     * @param drops what the group has lost since it is there
     */
    record Kept(long sinceMillis, ShardPositions positions, long behind, SessionProgress.Drops drops) {}

    /**
     * @param loop where it is online; null when it is not
     * @param underWay messages that it has not acknowledged
     */
    record MemberDescription(String name, @Nullable String loop, int credit, int underWay) {}
}
