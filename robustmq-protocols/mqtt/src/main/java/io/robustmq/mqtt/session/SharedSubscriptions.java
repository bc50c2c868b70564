/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.Inflight.State;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.WindowDelivery;
import io.robustmq.protocol.WindowMember;
import io.robustmq.protocol.WindowPort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The groups of a session. Confined to the session's loop. */
final class SharedSubscriptions {
    private MqttSession session;
    private Inflight inflight;
    private PendingQueue pending;
    private final Map<SharedFilter, SharedMember> members = new HashMap<>();
    /** Those whose SUBACK is not written yet. */
    private final List<SharedMember> joined = new ArrayList<>();

    private boolean heldUp;

    SharedSubscriptions(MqttSession session, Inflight inflight, PendingQueue pending) {
        this.session = session;
        this.inflight = inflight;
        this.pending = pending;
    }

    /** Another connection goes on with it, on its own loop. */
    void moveTo(MqttSession next, Inflight inflightOfNext, PendingQueue pendingOfNext) {
        session = next;
        inflight = inflightOfNext;
        pending = pendingOfNext;
        members.values().forEach(member -> member.moveTo(next));
    }

    boolean has(String filter) {
        SharedFilter known = SharedFilter.of(filter);
        return known != null && members.containsKey(known);
    }

    int size() {
        return members.size();
    }

    /** By filter. */
    List<StoredSubscription> list() {
        return members.values().stream()
                .map(SharedMember::subscription)
                .sorted(Comparator.comparing(StoredSubscription::filter))
                .toList();
    }

    /** Joins the group, or changes what was subscribed; true when the filter is new. */
    boolean subscribe(SharedFilter filter, SubscriptionRequest request, int subscriptionId) {
        SharedMember known = members.get(filter);
        if (known != null) {
            known.change(filter, request, subscriptionId);
            joined.add(known);
            return false;
        }
        MqttServices services = session.services();
        WindowPort.Group group = group(session, filter);
        SharedMember member = new SharedMember(
                session,
                this,
                filter,
                request,
                subscriptionId,
                joining -> services.ports()
                        .windows()
                        .join(group, services.features().shared().of(filter.group()), joining));
        members.put(filter, member);
        services.subscribed().addShared(filter.filter());
        joined.add(member);
        return true;
    }

    static WindowPort.Group group(MqttSession session, SharedFilter filter) {
        return new WindowPort.Group(
                session.tenant(), session.protocol(), filter.group(), Spelling.SLASH, filter.filter());
    }

    /** The client has been told of its subscriptions: from now on messages come. */
    void begin() {
        joined.forEach(this::open);
        joined.clear();
    }

    private void open(SharedMember member) {
        Wire online = session.wire();
        if (online != null) {
            member.membership().open(online.loop(), online.window());
        }
    }

    /** The client is there: from now on messages come. */
    void online() {
        joined.clear();
        members.values().forEach(this::open);
    }

    /** What was not sent goes to others; what was sent stays until somebody asks for it. */
    void offline() {
        members.values().forEach(member -> member.membership().close());
        giveBack(pending.removeShared(null));
        heldUp = false;
    }

    boolean unsubscribe(SharedFilter filter) {
        SharedMember member = members.remove(filter);
        if (member == null) {
            return false;
        }
        joined.remove(member);
        member.membership().close();
        giveBack(pending.removeShared(member));
        member.membership().leave();
        session.services().subscribed().removeShared(filter.filter());
        return true;
    }

    /** Leaves all groups; what QoS 2 has begun nobody else may have ([MQTT-4.8.2-5]). */
    void end() {
        members.values().forEach(member -> member.membership().close());
        giveBack(inflight.removeShared(null));
        giveBack(pending.removeShared(null));
        inflight.forgetShared();
        members.forEach((filter, member) -> {
            member.membership().leave();
            session.services().subscribed().removeShared(filter.filter());
        });
        members.clear();
    }

    /** Each goes back to its own group, in its order. */
    static void giveBack(List<WindowDelivery> deliveries) {
        if (deliveries.isEmpty()) {
            return;
        }
        Map<WindowMember, List<WindowDelivery>> byMember = new IdentityHashMap<>();
        deliveries.forEach(delivery -> byMember.computeIfAbsent(delivery.member(), member -> new ArrayList<>())
                .add(delivery));
        byMember.forEach((member, own) -> ((SharedMember) member).membership().giveBack(own));
    }

    private void holdUp() {
        heldUp = true;
        members.values().forEach(member -> member.membership().pause());
    }

    boolean isHeldUp() {
        return heldUp;
    }

    void goOn() {
        if (heldUp) {
            heldUp = false;
            members.values().forEach(member -> member.membership().resume());
        }
    }

    // --- messages

    /** What a group passed to this client, at QoS 0. */
    void takeUnacknowledged(PublishRun run, int from, int to, Target target) {
        session.deliverQos0(run, from, to, target);
        holdUpWithoutRoom();
    }

    /** What a group passed to this client, to be acknowledged. */
    void take(WindowDelivery delivery, PublishRun run, int i, Target target) {
        Wire online = session.wire();
        if (online == null || session.hasPending() || inflight.size() >= online.window() || !online.hasRoom()) {
            take(delivery, target);
            return;
        }
        int packetId = inflight.add(delivery.qos());
        boolean retain = retains(delivery, target);
        if (keptBegun(packetId, delivery, target.subscriptionIds(), retain)) {
            return;
        }
        inflight.keep(packetId, delivery.message(), target.subscriptionIds(), retain, delivery);
        if (!online.write(run, i, delivery.qos(), packetId, target)) {
            inflight.remove(packetId);
            session.services().counters().droppedTooLarge.increment();
        }
    }

    /**
     * A QoS 2 delivery of a group that outlives the process is finished with this client also in the next one: sends it when that
     * is noted. False for others.
     */
    boolean keptBegun(int packetId, WindowDelivery delivery, int[] subscriptionIds, boolean retain) {
        DurableState durable = session.durable();
        if (durable == null || delivery.qos() != 2 || delivery.shard() == null) {
            return false;
        }
        String group = ((SharedMember) delivery.member()).requested();
        inflight.keepBegun(packetId, delivery.message(), subscriptionIds, retain, delivery, group);
        durable.sendNoted(packetId, delivery.message(), retain, subscriptionIds);
        return true;
    }

    /**
     * Groups among the filters outlive the process from now on.
     *
     * @param done on the session's loop, with what to cancel when the session is kept with the filters, or why it cannot be
     */
    void keep(List<String> filters, BiConsumer<List<Cancellable>, @Nullable Throwable> done) {
        List<CompletableFuture<Cancellable>> asked = new ArrayList<>();
        for (String each : filters) {
            SharedFilter ofGroup = SharedFilter.of(each);
            SharedMember member = ofGroup == null ? null : members.get(ofGroup);
            if (member != null) {
                asked.add(member.membership().keep().toCompletableFuture());
            }
        }
        if (asked.isEmpty()) {
            done.accept(List.of(), null);
            return;
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .whenComplete((v, failure) -> session.loop()
                        .execute(() -> done.accept(
                                asked.stream()
                                        .filter(each -> !each.isCompletedExceptionally())
                                        .map(CompletableFuture::join)
                                        .toList(),
                                failure)));
    }

    /** What an earlier process has begun with the client goes on. */
    void takeUp() {
        for (Inflight.Unfinished each : inflight.unfinished()) {
            SharedFilter group = each.group() == null ? null : SharedFilter.of(each.group());
            SharedMember member = group == null ? null : members.get(group);
            if (member != null && each.shard() != null && each.shared() == null && each.state() == State.PUBREC) {
                inflight.attach(each.packetId(), member.membership().takeUp(each.shard(), each.offset()));
            }
        }
    }

    /** The same for a message that waited. */
    void take(WindowDelivery delivery, Target target) {
        StoredMessage message = delivery.message();
        boolean retain = retains(delivery, target);
        if (delivery.qos() == 0) {
            delivery.done();
            session.offer(message, 0, retain, target.subscriptionIds());
            return;
        }
        PendingQueue.Pending next =
                new PendingQueue.Pending(message, delivery.qos(), target.subscriptionIds(), retain, delivery);
        if (!pending.offer(next)) {
            session.services().counters().droppedQueueFull.increment();
            delivery.done();
            return;
        }
        session.drain();
        holdUpWithoutRoom();
    }

    private static boolean retains(WindowDelivery delivery, Target target) {
        return delivery.retain() && target.retainAsPublished();
    }

    /** As long as the client's buffers are full, groups pass it over. */
    private void holdUpWithoutRoom() {
        Wire online = session.wire();
        if (online != null && !online.hasRoom()) {
            holdUp();
        }
    }
}
