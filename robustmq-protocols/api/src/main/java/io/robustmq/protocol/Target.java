/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.subject.Spelling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber gets of one subject: its matching subscriptions, merged, so that a message is delivered once to it.
 * Immutable.
 */
public final class Target {
    private static final int[] NO_IDS = {};

    private final Sink sink;
    private final Spelling spelling;
    private final int maxQos;
    private final boolean retainAsPublished;
    private final int[] subscriptionIds;
    private final @Nullable Target forOwnPublishes;

    private Target(List<LiveSubscription> subscriptions, Spelling shown, boolean own) {
        LiveSubscription first = subscriptions.get(0);
        int qos = 0;
        boolean asPublished = false;
        for (LiveSubscription subscription : subscriptions) {
            qos = Math.max(qos, subscription.maxQos());
            asPublished |= subscription.retainAsPublished();
        }
        this.sink = first.sink();
        this.spelling = shown;
        this.maxQos = qos;
        this.retainAsPublished = asPublished;
        int[] ids = subscriptions.stream()
                .mapToInt(LiveSubscription::subscriptionId)
                .filter(id -> id != 0)
                .toArray();
        this.subscriptionIds = ids.length == 0 ? NO_IDS : ids;
        this.forOwnPublishes = own ? this : ownView(subscriptions, shown, this);
    }

    /**
     * Merges the subscriptions of one sink that match one subject.
     *
     * @param subscriptions at least one
     * @param shown the spelling in which the subject is delivered
     */
    public static Target of(List<LiveSubscription> subscriptions, Spelling shown) {
        return new Target(subscriptions, shown, false);
    }

    private static @Nullable Target ownView(List<LiveSubscription> subscriptions, Spelling shown, Target all) {
        List<LiveSubscription> local =
                subscriptions.stream().filter(s -> !s.noLocal()).toList();
        if (local.isEmpty()) {
            return null;
        }
        return local.size() == subscriptions.size() ? all : new Target(local, shown, true);
    }

    public Sink sink() {
        return sink;
    }

    /** The spelling that matched, in which the subject is shown. */
    public Spelling spelling() {
        return spelling;
    }

    /** Granted quality of service: the largest of the subscriptions. */
    public int maxQos() {
        return maxQos;
    }

    public boolean retainAsPublished() {
        return retainAsPublished;
    }

    /** Numbers of the subscriptions that have one; not to be changed. */
    public int[] subscriptionIds() {
        return subscriptionIds;
    }

    /** What applies to messages that this subscriber published itself; null when it wants none of them. */
    public @Nullable Target forOwnPublishes() {
        return forOwnPublishes;
    }
}
