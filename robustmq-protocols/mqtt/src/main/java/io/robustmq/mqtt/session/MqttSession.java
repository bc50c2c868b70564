/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.LiveSubscription;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Sink;
import io.robustmq.protocol.StoredMessage;
import io.robustmq.protocol.Target;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client's subscriptions and messages, with or without a connection; in memory. Confined to its loop: the routing loop may
 * run ahead of it while the session moves, see {@link SessionMove}.
 */
public final class MqttSession implements Sink {
    private final MqttServices services;
    private final MqttCounters counters;
    private final String tenant;
    private final String clientId;
    private final Map<String, LiveSubscription> subscriptions = new HashMap<>();
    private final Inflight inflight = new Inflight();
    private final PendingQueue pending;
    private @Nullable ArrayDeque<Inflight.Unfinished> resends;
    private @Nullable ReceivedQos2 receivedQos2;
    private @Nullable SharedSubscriptions shared;
    private @Nullable Wire wire;
    private @Nullable Cancellable expiry;
    private @Nullable Cancellable willTimer;
    private @Nullable Consumer<Loop> will;
    private long expirySeconds;
    private long leaseEpoch;
    private boolean ended;
    private volatile Loop routingLoop;
    private volatile Loop stateLoop;
    private volatile @Nullable SessionMove move;

    public MqttSession(MqttServices services, String tenant, String clientId, Loop loop) {
        this.services = services;
        this.counters = services.counters();
        this.tenant = tenant;
        this.clientId = clientId;
        this.routingLoop = loop;
        this.stateLoop = loop;
        this.pending = new PendingQueue(
                services.limits().queuedMessagesMax(), services.limits().queuedBytesMax(), services.queued());
    }

    public String tenant() {
        return tenant;
    }

    public String clientId() {
        return clientId;
    }

    public long leaseEpoch() {
        return leaseEpoch;
    }

    public void leaseEpoch(long epoch) {
        leaseEpoch = epoch;
    }

    /** Seconds it outlives its connection; 0 ends with it, {@link MqttLimits#NEVER} does not end. */
    public long expirySeconds() {
        return expirySeconds;
    }

    public void expirySeconds(long seconds) {
        expirySeconds = seconds;
    }

    public boolean isEnded() {
        return ended;
    }

    public int subscriptionCount() {
        return subscriptions.size() + (shared == null ? 0 : shared.size());
    }

    @Override
    public Loop loop() {
        return routingLoop;
    }

    /** The loop that may touch this session now. */
    public Loop stateLoop() {
        return stateLoop;
    }

    void route(Loop loop) {
        routingLoop = loop;
        services.ports().subscribe().rerouted();
    }

    void moved(Loop loop) {
        stateLoop = loop;
        move = null;
    }

    void moving(SessionMove current) {
        move = current;
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

    /** A client is back for the session: it neither expires nor publishes its will while the connection is made. */
    public void takeUp() {
        assert stateLoop.inLoop();
        cancelExpiry();
        cancelWill();
    }

    /** A connection takes the session on. */
    public void attach(Wire attached) {
        takeUp();
        wire = attached;
    }

    private void cancelExpiry() {
        Cancellable timer = expiry;
        if (timer != null) {
            timer.cancel();
            expiry = null;
        }
    }

    /** Publishes the will after the delay, or when the session ends before ([MQTT-3.1.3-9]); a new connection stops it. */
    public void delayWill(Consumer<Loop> publish, long delaySeconds) {
        will = publish;
        willTimer = stateLoop.schedule(delaySeconds * 1000, this::fireWill);
    }

    private void fireWill() {
        Consumer<Loop> publish = will;
        cancelWill();
        if (publish != null) {
            publish.accept(stateLoop);
        }
    }

    private void cancelWill() {
        will = null;
        Cancellable timer = willTimer;
        if (timer != null) {
            timer.cancel();
            willTimer = null;
        }
    }

    public @Nullable Wire wire() {
        return wire;
    }

    /** The connection is gone; the session waits, or ends when it does not outlive it. */
    public void detach() {
        assert stateLoop.inLoop();
        wire = null;
        cancelExpiry();
        if (shared != null) {
            shared.offline();
        }
        if (expirySeconds == 0) {
            end();
        } else if (expirySeconds < MqttLimits.NEVER) {
            expiry = stateLoop.schedule(expirySeconds * 1000, () -> {
                if (wire == null && !ended) {
                    counters.sessionsExpired.increment();
                    end();
                }
            });
        }
    }

    /** Forgets everything and gives the client id back, if it is still its own. */
    public void end() {
        assert stateLoop.inLoop();
        if (ended) {
            return;
        }
        ended = true;
        wire = null;
        fireWill();
        cancelExpiry();
        if (shared != null) {
            shared.end();
        }
        subscriptions.forEach((filter, subscription) -> {
            services.ports().subscribe().remove(tenant, subscription);
            services.exclusive().release(filter, this);
        });
        pending.clear();
        subscriptions.keySet().forEach(services.subscribed()::remove);
        subscriptions.clear();
        services.ports().sessions().release(tenant, clientId, leaseEpoch);
    }

    /**
     * Sends again what was under way when the last connection broke, in its order, then what waits ([MQTT-4.4.0-1]). The
     * window is the new connection's, which may be smaller: what is beyond it follows acknowledgements ([MQTT-3.3.4-9]).
     */
    public void resume() {
        Wire online = wire;
        if (online == null) {
            return;
        }
        ArrayDeque<Inflight.Unfinished> again = new ArrayDeque<>();
        for (Inflight.Unfinished unfinished : inflight.unfinished()) {
            if (unfinished.state() == Inflight.State.PUBCOMP) {
                online.writePubRel(unfinished.packetId());
            } else if (unfinished.message() != null) {
                again.add(unfinished);
            } else {
                inflight.remove(unfinished.packetId());
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
        return subscriptions.containsKey(filter)
                || shared != null && shared.has(filter)
                || subscriptionCount() < services.limits().subscriptionsMax()
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
        services.exclusive().claim(request.filter(), this);
        LiveSubscription subscription = new LiveSubscription(
                this,
                Spelling.SLASH,
                ExclusiveFilters.inner(request.filter()),
                grantedQos,
                request.noLocal(),
                request.retainAsPublished(),
                subscriptionId);
        LiveSubscription previous = subscriptions.put(request.filter(), subscription);
        if (subscription.equals(previous)) {
            return false;
        }
        // The new one first, so that no message falls between ([MQTT-3.8.4-3]).
        services.ports().subscribe().add(tenant, subscription);
        if (previous != null) {
            services.ports().subscribe().remove(tenant, previous);
        } else {
            services.subscribed().add(request.filter());
        }
        return previous == null;
    }

    /** SUBACK is written: groups that were joined begin to send. */
    public void beginShared() {
        if (shared != null) {
            shared.begin();
        }
    }

    /** False when there was no such subscription. */
    public boolean unsubscribe(String filter) {
        SharedFilter ofGroup = SharedFilter.of(filter);
        if (ofGroup != null) {
            return shared != null && shared.unsubscribe(ofGroup);
        }
        LiveSubscription subscription = subscriptions.remove(filter);
        if (subscription == null) {
            return false;
        }
        services.ports().subscribe().remove(tenant, subscription);
        services.subscribed().remove(filter);
        services.exclusive().release(filter, this);
        return true;
    }

    // --- inbound QoS 2

    /** Whether the packet id is new; a repeated one must not be published again ([MQTT-4.3.3-10]). */
    public boolean receiveQos2(int packetId) {
        ReceivedQos2 ids = receivedQos2;
        if (ids == null) {
            ids = new ReceivedQos2();
            receivedQos2 = ids;
        }
        return ids.receive(packetId);
    }

    /** PUBREL: the id may be used again; false when it was not known. */
    public boolean releaseQos2(int packetId) {
        return receivedQos2 != null && receivedQos2.release(packetId);
    }

    /** A publish is kept, or failed: then it is new when it is repeated. From any loop. */
    public void decidedQos2(int packetId, @Nullable RmqError error) {
        if (!stateLoop.inLoop()) {
            stateLoop.execute(() -> decidedQos2(packetId, error));
        } else if (receivedQos2 != null) {
            receivedQos2.decided(packetId, error);
        }
    }

    /** Whether an earlier publish of that id is still under way; then the waiter is told on this loop how it ended. */
    public boolean awaitQos2(int packetId, Consumer<@Nullable RmqError> waiter) {
        return receivedQos2 != null && receivedQos2.await(packetId, waiter);
    }

    /** Packet ids that wait for PUBREL, copied; null for none. */
    public @Nullable BitSet receivedQos2() {
        return receivedQos2 == null ? null : receivedQos2.ids();
    }

    // --- outbound

    @Override
    public void deliver(PublishRun run, int from, int to, Target target) {
        if (!stateLoop.inLoop()) {
            SessionMove current = move;
            if (current != null) {
                current.arrivedEarly(run, from, to, target);
            } else {
                // A run that was under way while the session moved twice: it goes after the session.
                run.retain();
                stateLoop.execute(() -> {
                    deliver(run, from, to, target);
                    run.release();
                });
            }
            return;
        }
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
        Wire online = wire;
        boolean retain = run.retain(i) && target.retainAsPublished();
        if (online == null || hasPending() || inflight.size() >= online.window() || !online.hasRoom()) {
            enqueue(run.store(i), qos, target.subscriptionIds(), retain);
            return;
        }
        int packetId = inflight.add(qos);
        if (!online.write(run, i, qos, packetId, target)) {
            inflight.remove(packetId);
            counters.droppedTooLarge.increment();
        } else if (expirySeconds != 0) {
            inflight.keep(packetId, run.store(i), target.subscriptionIds(), retain);
        }
    }

    // --- groups

    /** Others could have what this session's client has not acknowledged, if it is not about to come back. */
    void recall(SharedMember member) {
        stateLoop.execute(() -> {
            // While the session moves, a client is coming back.
            if (move != null || !stateLoop.inLoop() || wire != null || ended) {
                return;
            }
            SharedSubscriptions.giveBack(inflight.removeShared(member));
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
            StoredMessage message = next.message();
            if (message.expired(now)) {
                counters.expired.increment();
                if (next.shared() != null) {
                    next.shared().done();
                }
                continue;
            }
            int packetId = inflight.add(next.qos());
            if (expirySeconds != 0 || next.shared() != null) {
                inflight.keep(packetId, message, next.subscriptionIds(), next.retain(), next.shared());
            }
            if (!online.write(message, next.qos(), false, next.retain(), packetId, next.subscriptionIds())) {
                inflight.remove(packetId);
                counters.droppedTooLarge.increment();
            }
        }
        if (shared != null && shared.isHeldUp() && online.hasRoom()) {
            shared.goOn();
        }
    }

    public boolean hasPending() {
        return !pending.isEmpty() || resends != null || shared != null && shared.isHeldUp();
    }

    /** Whether something waits that could be sent now. */
    public boolean canDrain() {
        Wire online = wire;
        int unsent = resends == null ? 0 : resends.size();
        return online != null && hasPending() && inflight.size() - unsent < online.window() && online.hasRoom();
    }

    /** PUBACK; false when nothing waits for it. */
    public boolean acknowledged(int packetId) {
        if (!inflight.awaits(packetId, Inflight.State.PUBACK)) {
            return false;
        }
        inflight.remove(packetId);
        return true;
    }

    /** PUBREC; false when the packet id is unknown. A failure ends the handshake ([MQTT-4.3.3-4]). */
    public boolean received(int packetId, boolean failed) {
        if (inflight.awaits(packetId, Inflight.State.PUBREC)) {
            if (failed) {
                inflight.remove(packetId);
            } else {
                inflight.received(packetId);
            }
            return true;
        }
        return inflight.awaits(packetId, Inflight.State.PUBCOMP);
    }

    /** PUBCOMP; false when nothing waits for it. */
    public boolean completed(int packetId) {
        if (!inflight.awaits(packetId, Inflight.State.PUBCOMP)) {
            return false;
        }
        inflight.remove(packetId);
        return true;
    }
}
