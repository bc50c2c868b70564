/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.ShardPositions;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import io.robustmq.protocol.WindowMembership;
import java.util.List;

/** A session's part in one group. Confined to the session's loop, but for what {@link WindowMember} says. */
final class SharedMember implements WindowMember {
    private volatile MqttSession session;
    private final SharedSubscriptions shared;
    private final WindowMembership membership;
    private volatile int maxQos;
    private SharedFilter filter;
    private SubscriptionRequest request;
    private int subscriptionId;
    private Target slash;
    private Target dot;

    /** What a group needs to know of the member before the member knows its group. */
    @FunctionalInterface
    interface Joining {
        WindowMembership join(WindowMember member);
    }

    SharedMember(
            MqttSession session,
            SharedSubscriptions shared,
            SharedFilter filter,
            SubscriptionRequest request,
            int subscriptionId,
            Joining group) {
        this.session = session;
        this.shared = shared;
        this.filter = filter;
        this.request = request;
        this.subscriptionId = subscriptionId;
        this.maxQos = request.qos();
        this.slash = target(filter, request, subscriptionId, Spelling.SLASH);
        this.dot = target(filter, request, subscriptionId, Spelling.DOT);
        this.membership = group.join(this);
    }

    /** A new subscription to the same filter. */
    void change(SharedFilter changed, SubscriptionRequest wanted, int id) {
        filter = changed;
        request = wanted;
        subscriptionId = id;
        maxQos = wanted.qos();
        slash = target(changed, wanted, id, Spelling.SLASH);
        dot = target(changed, wanted, id, Spelling.DOT);
    }

    /** What was subscribed. */
    StoredSubscription subscription() {
        return new StoredSubscription(
                request.filter(), request.qos(), false, false, 0, subscriptionId, 0, ShardPositions.NONE);
    }

    /** Another connection of the same session. */
    void moveTo(MqttSession next) {
        session = next;
        change(filter, request, subscriptionId);
    }

    private Target target(SharedFilter filter, SubscriptionRequest request, int subscriptionId, Spelling shown) {
        LiveSubscription subscription = new LiveSubscription(
                session,
                Spelling.SLASH,
                filter.filter(),
                request.qos(),
                false,
                request.retainAsPublished(),
                subscriptionId);
        return Target.of(List.of(subscription), shown);
    }

    WindowMembership membership() {
        return membership;
    }

    /** As it was subscribed to. */
    String requested() {
        return request.filter();
    }

    @Override
    public String name() {
        return session.clientId();
    }

    @Override
    public int maxQos() {
        return maxQos;
    }

    private Target shownAs(Target group) {
        return group.spelling() == Spelling.SLASH ? slash : dot;
    }

    @Override
    public void take(PublishRun run, int from, int to, Target group) {
        shared.takeUnacknowledged(run, from, to, shownAs(group));
    }

    @Override
    public void take(WindowDelivery delivery, PublishRun run, int i, Target group) {
        shared.take(delivery, run, i, shownAs(group));
    }

    @Override
    public void take(WindowDelivery delivery) {
        shared.take(delivery, slash);
    }

    @Override
    public void recall() {
        session.recall(this);
    }
}
