/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.protocol.RetainedPort;
import io.robustmq.protocol.StoredMessage;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Gives a session the retained messages of its new subscriptions, one subscription after the other: some each turn of the loop, so that
 * others are served in between, and no faster than the client takes them, so that none is dropped. A message that is published
 * meanwhile is delivered at once; what the replay finds later is that one, never an older one. What a connection did not get because
 * it went, the next one of the session gets. Confined to the session's loop.
 */
public final class RetainedReplays {
    private static final int MESSAGES_PER_TURN = 256;
    private static final int BYTES_PER_TURN = 64 * 1024;

    /** How soon a client that was too slow is looked at again, if it does not acknowledge anything before. */
    private static final long PAUSE_MILLIS = 5;

    private final RetainedPort retained;
    private final MqttSession session;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>(2);
    private @Nullable Running current;
    private boolean scheduled;
    private boolean turning;
    /** Until the client takes more; null when it does. */
    private @Nullable Cancellable pause;

    private record Waiting(SubscriptionRequest request, int[] subscriptionIds) {}

    /** A replay that has begun, for whichever connection the session has. Confined like its owner. */
    private static final class Running implements Consumer<StoredMessage> {
        private final SubscriptionRequest request;
        private final int[] subscriptionIds;
        private final RetainedPort.Replay replay;
        private MqttSession session;
        private int bytes;

        Running(Waiting next, RetainedPort retained, MqttSession session) {
            this.session = session;
            request = next.request;
            subscriptionIds = next.subscriptionIds;
            replay = retained.replay(session.tenant(), Spelling.SLASH, ExclusiveFilters.inner(request.filter()));
        }

        @Override
        public void accept(StoredMessage message) {
            bytes += message.sizeBytes();
            session.offer(message, request.qos(), true, subscriptionIds);
        }
    }

    RetainedReplays(MqttSession session) {
        this.retained = session.services().ports().retained();
        this.session = session;
    }

    /** Whether there is nothing left to be sent. */
    boolean isDone() {
        return waiting.isEmpty() && current == null;
    }

    /** Where the connection before has left; nothing is sent yet. */
    void takeOver(RetainedReplays before) {
        waiting.putAll(before.waiting);
        Running running = before.current;
        if (running != null) {
            running.session = session;
            current = running;
        }
    }

    /** Nobody gets what is left. */
    void clear() {
        waiting.clear();
        current = null;
    }

    /** The connection may be ready for more. */
    void goOn() {
        if (turning || scheduled || isDone()) {
            return;
        }
        if (pause != null) {
            if (!takesMore()) {
                return;
            }
            pause.cancel();
        }
        turn();
    }

    /** As much as one turn allows is written before this returns. */
    public void begin(SubscriptionRequest request, int[] subscriptionIds) {
        // The same filter once more: as it is wanted now.
        waiting.remove(request.filter());
        waiting.put(request.filter(), new Waiting(request, subscriptionIds));
        goOn();
    }

    /** Nobody wants it any more. */
    public void forget(String filter) {
        waiting.remove(filter);
        if (current != null && current.request.filter().equals(filter)) {
            current = null;
        }
    }

    private void turn() {
        scheduled = false;
        pause = null;
        if (session.wire() != null) {
            turning = true;
            try {
                send();
            } finally {
                turning = false;
            }
        }
    }

    private void send() {
        int messages = 0;
        int bytes = 0;
        for (Running running = next(); running != null; running = next()) {
            if (messages >= MESSAGES_PER_TURN || bytes >= BYTES_PER_TURN) {
                scheduled = true;
                session.loop().execute(this::turn);
                return;
            }
            if (!takesMore()) {
                pause = session.loop().schedule(PAUSE_MILLIS, this::turn);
                return;
            }
            running.bytes = 0;
            if (!running.replay.advance(1, running)) {
                current = null;
            }
            messages++;
            bytes += running.bytes;
        }
    }

    private @Nullable Running next() {
        if (current == null && !waiting.isEmpty()) {
            Iterator<Waiting> first = waiting.values().iterator();
            current = new Running(first.next(), retained, session);
            first.remove();
        }
        return current;
    }

    private boolean takesMore() {
        Wire wire = session.wire();
        return wire != null && wire.isFlowing() && !session.hasPending();
    }
}
