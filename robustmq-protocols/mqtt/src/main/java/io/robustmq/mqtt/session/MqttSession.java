/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.DurableSession;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.SessionPort;
import io.robustmq.protocol.Sink;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.StoredSubscription;
import io.robustmq.protocol.Target;
import io.robustmq.protocol.WindowDelivery;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A client's subscriptions and messages while it has a connection. What outlives that is with the session's coordinator and in the
 * log: see {@link DurableState}. Confined to its loop.
 */
public final class MqttSession implements Sink {
    private final MqttServices services;
    private final MqttCounters counters;
    private final String tenant;
    private final String clientId;
    private final Loop loop;
    private final long leaseEpoch;
    private final @Nullable DurableState durable;
    private final SessionFilters filters;
    private final Inflight inflight = new Inflight();
    private final PendingQueue pending;
    private @Nullable KeptInflight leftInflight;
    private final RetainedReplays replays;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private @Nullable ArrayDeque<Inflight.Unfinished> resends;
    private final InboundQos2 inboundQos2;
    private @Nullable SharedSubscriptions shared;
    private @Nullable Wire wire;
    private long expirySeconds;
    private boolean ended;

    /** @param lease with what is kept of the session, if anything is */
    public MqttSession(MqttServices services, String tenant, String clientId, Loop loop, SessionPort.Lease lease) {
        this.services = services;
        this.counters = services.counters();
        this.tenant = tenant;
        this.clientId = clientId;
        this.loop = loop;
        this.leaseEpoch = lease.connectionEpoch();
        this.filters = new SessionFilters(this);
        this.pending = new PendingQueue(
                services.limits().queuedMessagesMax(), services.limits().queuedBytesMax(), services.queued());
        this.replays = new RetainedReplays(this);
        DurableSession stored = lease.durable();
        this.durable = stored == null ? null : new DurableState(this, stored, inflight);
        this.inboundQos2 =
                new InboundQos2(loop, stored == null ? null : new DurableQos2(this, stored, lease.present()));
        if (lease.handedOver() instanceof Leftovers leftovers) {
            if (stored != null && lease.present()) {
                shared = leftovers.takeOver(this, inflight, pending);
            } else {
                leftovers.discard(this);
            }
        }
    }

    public String tenant() {
        return tenant;
    }

    public String clientId() {
        return clientId;
    }

    /** Seconds it outlives its connection; 0 ends with it, {@link MqttLimits#NEVER} does not end. */
    public long expirySeconds() {
        return expirySeconds;
    }

    public void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    /** Null when it ends with its connection. */
    public @Nullable DurableState durable() {
        return durable;
    }

    public int subscriptionCount() {
        return filters.size() + (shared == null ? 0 : shared.size());
    }

    /** What the client has subscribed to on this connection, groups' last. */
    List<StoredSubscription> subscribed() {
        return SubscriptionLists.live(filters, shared);
    }

    @Override
    public Loop loop() {
        return loop;
    }

    MqttServices services() {
        return services;
    }

    @Override
    public String protocol() {
        return "mqtt";
    }

    @Override
    public Object origin() {
        return this;
    }

    @Override
    public String clientName() {
        return clientId;
    }

    // --- connection

    /** A connection takes the session on. */
    public void attach(Wire attached) {
        assert loop.inLoop();
        wire = attached;
    }

    public @Nullable Wire wire() {
        return wire;
    }

    /**
     * The connection is gone; the session waits, or ends when it does not outlive it.
     *
     * @param keepWill whether the will that its coordinator has is to be published, after its delay
     */
    public void detach(boolean keepWill) {
        assert loop.inLoop();
        wire = null;
        if (shared != null) {
            shared.offline();
        }
        DurableState kept = durable;
        if (kept == null) {
            end();
        } else {
            kept.leave(expirySeconds, keepWill, this::asleep);
        }
    }

    /** Completes when the session has nothing to do with this connection any more. */
    CompletionStage<Void> left() {
        return left;
    }

    /** What outlives the connection is with the coordinator now; what only this process knows waits here, for a while. */
    private void asleep() {
        filters.sleep();
        boolean waits = shared != null || !filters.exclusives().isEmpty();
        if (expirySeconds == 0 || !waits && Leftovers.isNothing(inflight, pending, replays)) {
            end();
            return;
        }
        leftInflight = new KeptInflight(services, loop, inflight, pending);
        leftInflight.sleep(waits, expirySeconds, replays, this::end);
        left.complete(null);
    }

    /** Gives everything back that it has here. */
    private void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (shared != null) {
            shared.end();
        }
        filters.end();
        pending.clear();
        if (leftInflight != null) {
            leftInflight.release();
        }
        services.ports().sessions().release(tenant, clientId, leaseEpoch);
        left.complete(null);
    }

    /** On this loop, when the session has been left: the next connection has what is here. */
    @Nullable
    Leftovers handOver() {
        if (ended) {
            return null;
        }
        ended = true;
        Leftovers leftovers = Leftovers.of(inflight, pending, shared, filters.exclusives(), replays);
        pending.clear();
        if (leftInflight != null) {
            leftInflight.release();
        }
        return leftovers;
    }

    /**
     * Sends again what was under way when the last connection broke, in its order, then what waits ([MQTT-4.4.0-1]). The
     * window is the new connection's, which may be smaller: what is beyond it follows acknowledgements ([MQTT-3.3.4-9]).
     */
    public void resume() {
        if (durable != null) {
            durable.resume();
        }
    }

    /** What is to be sent again is there; what waits may follow it. */
    void resend(List<Inflight.Unfinished> unfinished) {
        Wire online = wire;
        if (online == null) {
            return;
        }
        ArrayDeque<Inflight.Unfinished> again = new ArrayDeque<>();
        for (Inflight.Unfinished each : unfinished) {
            if (each.state() == Inflight.State.PUBCOMP) {
                online.writePubRel(each.packetId());
            } else if (each.message() != null) {
                again.add(each);
            } else {
                inflight.remove(each.packetId());
            }
        }
        resends = again.isEmpty() ? null : again;
        drain();
        if (shared != null) {
            shared.online();
        }
    }

    private void resend(Wire online, Inflight.Unfinished unfinished, StoredMessage message) {
        if (!inflight.awaits(unfinished.packetId(), unfinished.state())) {
            return;
        }
        int qos = unfinished.state() == Inflight.State.PUBACK ? 1 : 2;
        if (!online.write(
                message, qos, true, unfinished.retain(), unfinished.packetId(), unfinished.subscriptionIds())) {
            inflight.remove(unfinished.packetId());
            counters.droppedTooLarge.increment();
        }
    }

    // --- subscriptions

    /** Whether the session and the node have room for the filter; one that is there can be replaced at any time. */
    public boolean mayAdd(String filter) {
        return filters.has(filter)
                || shared != null && shared.has(filter)
                || subscriptionCount() < services.limits().sessions().subscriptionsMax()
                        && services.subscribed().mayAdd(filter);
    }

    /**
     * Adds or replaces the subscription; true when the filter is new.
     *
     * @throws RmqException QUOTA_EXCEEDED for a filter of a group or an exclusive one that takes no more
     */
    public boolean subscribe(SubscriptionRequest request, int grantedQos, int subscriptionId) {
        SharedFilter ofGroup = SharedFilter.of(request.filter());
        if (ofGroup != null) {
            if (shared == null) {
                shared = new SharedSubscriptions(this, inflight, pending);
            }
            return shared.subscribe(ofGroup, request, subscriptionId);
        }
        return filters.subscribe(request, grantedQos, subscriptionId);
    }

    /** SUBACK is written: groups that were joined begin to send. */
    public void beginShared() {
        if (shared != null) {
            shared.begin();
        }
    }

    /** Its part in groups; null for none. */
    @Nullable
    SharedSubscriptions shared() {
        return shared;
    }

    /** The live part of a subscription that is there already. */
    void subscribeLive(StoredSubscription stored) {
        SubscriptionRequest request = new SubscriptionRequest(
                stored.filter(), stored.qos(), stored.noLocal(), stored.retainAsPublished(), stored.retainHandling());
        if (shared == null || !shared.has(stored.filter())) {
            try {
                subscribe(request, stored.qos(), stored.subscriptionId());
            } catch (RmqException taken) {
                counters.subscriptionsRefused.increment();
            }
        }
    }

    /** Every filter as it was subscribed, with its quality of service; those that a sleeping client left, too. */
    public Map<String, Integer> subscriptions() {
        return SubscriptionLists.all(durable, subscribed());
    }

    public boolean isSubscribed(String filter) {
        return filters.has(filter);
    }

    /** False when there was no such subscription. */
    public boolean unsubscribe(String filter) {
        SharedFilter ofGroup = SharedFilter.of(filter);
        if (ofGroup != null) {
            return shared != null && shared.unsubscribe(ofGroup);
        }
        return filters.unsubscribe(filter);
    }

    /** Retained messages for new subscriptions. */
    public RetainedReplays replays() {
        return replays;
    }

    /** The client's own publishes of QoS 2. */
    public InboundQos2 inboundQos2() {
        return inboundQos2;
    }

    // --- outbound

    @Override
    public void deliver(PublishRun run, int from, int to, Target target) {
        if (ended) {
            return;
        }
        if (target.maxQos() == 0) {
            deliverQos0(run, from, to, target);
            return;
        }
        for (int i = from; i < to; i++) {
            int qos = Math.min(run.qos(i), target.maxQos());
            if (qos == 0) {
                deliverQos0(run, i, i + 1, target);
            } else {
                deliverAcknowledged(run, i, qos, target);
            }
        }
    }

    void deliverQos0(PublishRun run, int from, int to, Target target) {
        Wire online = wire;
        if (online == null) {
            counters.droppedOffline.add(to - from);
        } else if (!online.hasRoom()) {
            counters.droppedSlow.add(to - from);
        } else {
            online.writeQos0(run, from, to, target);
        }
    }

    private void deliverAcknowledged(PublishRun run, int i, int qos, Target target) {
        DurableState kept = durable;
        ShardId shard = kept == null ? null : run.shard();
        if (kept != null && shard != null) {
            deliverLogged(kept, shard, run, i, qos, target);
            return;
        }
        Wire online = wire;
        boolean retain = run.retain(i) && target.retainAsPublished();
        if (online == null || mustWait(online)) {
            enqueue(run.store(i), qos, target.subscriptionIds(), retain);
            return;
        }
        int packetId = inflight.add(qos);
        if (!online.write(run, i, qos, packetId, target)) {
            inflight.remove(packetId);
            counters.droppedTooLarge.increment();
        } else if (kept != null) {
            inflight.keep(packetId, run.store(i), target.subscriptionIds(), retain);
        }
    }

    /** What a durable session gets of the log it gets once, and it knows where it lies. */
    private void deliverLogged(DurableState kept, ShardId shard, PublishRun run, int i, int qos, Target target) {
        Feed feed = kept.feeds().takes(run, i, shard, qos, target);
        Wire online = wire;
        if (feed == null || online == null) {
            return;
        }
        long offset = run.offset(i);
        boolean retain = run.retain(i) && target.retainAsPublished();
        if (mustWait(online)) {
            kept.feeds().await(pending, feed, run, i, qos, target.subscriptionIds(), retain);
            return;
        }
        int packetId = inflight.add(qos);
        feed.sentAtOnce(offset);
        if (qos == 2) {
            inflight.keep(packetId, shard, offset);
            kept.sendNoted(packetId, run.store(i), retain, target.subscriptionIds());
            return;
        }
        if (online.write(run, i, qos, packetId, target)) {
            inflight.keep(packetId, shard, offset);
        } else {
            inflight.remove(packetId);
            counters.droppedTooLarge.increment();
        }
        kept.changed();
    }

    private boolean mustWait(Wire online) {
        return hasPending() || inflight.size() >= online.window() || !online.hasRoom();
    }

    /** Queues a message of the log; false when there is no room for it. */
    boolean queue(PendingQueue.Pending message) {
        return pending.offer(message);
    }

    // --- groups

    /** Others could have what this session's client has not acknowledged, if it is not about to come back. */
    void recall(SharedMember member) {
        loop.execute(() -> {
            if (wire == null && !ended) {
                SharedSubscriptions.giveBack(inflight.removeShared(member));
            }
        });
    }

    /** Queues a message, or writes it when nothing is before it. */
    public void offer(StoredMessage message, int maxQos, boolean retain, int[] subscriptionIds) {
        int qos = Math.min(message.qos(), maxQos);
        Wire online = wire;
        if (qos > 0) {
            enqueue(message, qos, subscriptionIds, retain);
            drain();
        } else if (online == null) {
            counters.droppedOffline.increment();
        } else if (!online.hasRoom()) {
            counters.droppedSlow.increment();
        } else if (!online.write(message, 0, false, retain, 0, subscriptionIds)) {
            counters.droppedTooLarge.increment();
        }
    }

    private void enqueue(StoredMessage message, int qos, int[] subscriptionIds, boolean retain) {
        if (!pending.offer(new PendingQueue.Pending(message, qos, subscriptionIds, retain))) {
            counters.droppedQueueFull.increment();
        }
    }

    /** Sends what waits, as far as window and buffers allow. */
    public void drain() {
        Wire online = wire;
        if (online == null) {
            return;
        }
        ArrayDeque<Inflight.Unfinished> again = resends;
        while (again != null && canDrain()) {
            Inflight.Unfinished unfinished = again.removeFirst();
            StoredMessage kept = unfinished.message();
            if (kept != null) {
                resend(online, unfinished, kept);
            }
            if (again.isEmpty()) {
                resends = null;
                again = null;
            }
        }
        long now = services.ports().clock().millis();
        PendingQueue.Pending next;
        while ((next = pending.peek()) != null && canDrain()) {
            pending.removeFirst();
            send(online, next, now);
        }
        if (durable != null) {
            durable.feeds().refill(pending);
        }
        if (shared != null && shared.isHeldUp() && online.hasRoom()) {
            shared.goOn();
        }
        replays.goOn();
    }

    private void send(Wire online, PendingQueue.Pending next, long nowMillis) {
        StoredMessage message = next.message();
        Feed feed = next.feed();
        if (feed != null) {
            feed.left(next.offset());
        }
        if (message.expired(nowMillis)) {
            counters.expired.increment();
            if (next.shared() != null) {
                next.shared().done();
            }
            return;
        }
        int packetId = inflight.add(next.qos());
        if (feed != null) {
            inflight.keep(packetId, feed.shard, next.offset());
            if (durable != null && next.qos() == 2) {
                durable.sendNoted(packetId, message, next.retain(), next.subscriptionIds());
                return;
            }
        } else if (shared != null
                && next.shared() != null
                && shared.keptBegun(packetId, next.shared(), next.subscriptionIds(), next.retain())) {
            return;
        } else if (durable != null || next.shared() != null) {
            inflight.keep(packetId, message, next.subscriptionIds(), next.retain(), next.shared());
        }
        if (!online.write(message, next.qos(), false, next.retain(), packetId, next.subscriptionIds())) {
            inflight.remove(packetId);
            counters.droppedTooLarge.increment();
        }
        if (durable != null) {
            durable.changed();
        }
    }

    public boolean hasPending() {
        return !pending.isEmpty()
                || resends != null
                || durable != null && durable.isRestoring()
                || shared != null && shared.isHeldUp();
    }

    /** Whether something waits that could be sent now. */
    public boolean canDrain() {
        Wire online = wire;
        int unsent = resends == null ? 0 : resends.size();
        return online != null
                && (!pending.isEmpty() || resends != null)
                && (durable == null || !durable.isRestoring())
                && inflight.size() - unsent < online.window()
                && online.hasRoom();
    }

    /** PUBACK; false when nothing waits for it. */
    public boolean acknowledged(int packetId) {
        if (!inflight.awaits(packetId, Inflight.State.PUBACK)) {
            return false;
        }
        inflight.remove(packetId);
        acknowledgedOne();
        return true;
    }

    private void acknowledgedOne() {
        if (durable != null) {
            durable.changed();
        }
    }

    /**
     * PUBREC; false when the packet id is unknown. A failure ends the handshake ([MQTT-4.3.3-4]); otherwise a durable session answers
     * when the reception is noted.
     */
    public boolean received(int packetId, boolean failed) {
        boolean first = inflight.awaits(packetId, Inflight.State.PUBREC);
        if (!first && !inflight.awaits(packetId, Inflight.State.PUBCOMP)) {
            return false;
        }
        WindowDelivery shared = null;
        if (first && failed) {
            inflight.remove(packetId);
        } else if (first) {
            shared = inflight.received(packetId);
        }
        if (first) {
            acknowledgedOne();
        }
        if (durable != null && !failed) {
            durable.answerReception(packetId, shared);
        }
        return true;
    }

    /** PUBCOMP; false when nothing waits for it. */
    public boolean completed(int packetId) {
        if (!inflight.awaits(packetId, Inflight.State.PUBCOMP)) {
            return false;
        }
        inflight.remove(packetId);
        acknowledgedOne();
        return true;
    }
}
