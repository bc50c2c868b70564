/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Rules of a protocol about the topics of its clients: those of the node's configuration, and those that administrators add for
 * the whole cluster. Thread-safe.
 */
public interface TopicRulePort {

    /** In the order of their configuration, then by name; the last one whose source matches decides. */
    List<Rewrite> rewrites();

    /** Fails with INVALID_CONFIG when it says no rule, TOPIC_EXISTS when there is one of that name, QUOTA_EXCEEDED. */
    CompletionStage<Rewrite> add(Rewrite rule);

    /** Fails with NOT_FOUND; with POLICY_VIOLATION when the node's configuration says it. */
    CompletionStage<Void> deleteRewrite(String name);

    List<AutoSubscription> autoSubscriptions();

    /** As for the other kind of rule. */
    CompletionStage<AutoSubscription> add(AutoSubscription rule);

    CompletionStage<Void> deleteAutoSubscription(String name);

    /** What a rule is applied to. */
    enum Action {
        PUBLISH,
        SUBSCRIBE,
        ALL
    }

    /**
     * Another topic instead of the client's.
     *
     * @param configured by the node's configuration, which alone can change it
     * @param source filter of the topics it is about
     * @param regex finds what the destination takes
     * @param destination with {@code $1}, {@code %c}, {@code %u}
     */
    record Rewrite(String name, boolean configured, Action action, String source, String regex, String destination) {}

    /**
     * A subscription that clients get when they connect.
     *
     * @param configured by the node's configuration, which alone can change it
     * @param filter with {@code %c}, {@code %u}
     */
    record AutoSubscription(
            String name,
            boolean configured,
            String filter,
            int qos,
            boolean noLocal,
            boolean retainAsPublished,
            int retainHandling) {}
}
