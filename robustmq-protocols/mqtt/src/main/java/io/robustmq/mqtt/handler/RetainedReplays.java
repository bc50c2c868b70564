/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.handler;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.mqtt.session.ExclusiveFilters;
import io.robustmq.mqtt.session.MqttSession;
import io.robustmq.mqtt.session.Wire;
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
 * meanwhile is delivered at once; what the replay finds later is that one, never an older one. Confined to the session's loop.
 */
final class RetainedReplays {
    private static final int MESSAGES_PER_TURN = 256;
    private static final int BYTES_PER_TURN = 64 * 1024;

    /** How soon a client that was too slow is looked at again. */
    private static final long PAUSE_MILLIS = 5;

    private final RetainedPort retained;
    private final MqttSession session;
    private final Map<String, Waiting> waiting = new LinkedHashMap<>();
    private @Nullable Running current;
    private boolean scheduled;

    private record Waiting(SubscriptionRequest request, int[] subscriptionIds) {}

    /** Confined like its owner. */
    private final class Running implements Consumer<StoredMessage> {
        private final SubscriptionRequest request;
        private final int[] subscriptionIds;
        private final RetainedPort.Replay replay;
        private int bytes;

        Running(Waiting next) {
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

    RetainedReplays(RetainedPort retained, MqttSession session) {
        this.retained = retained;
        this.session = session;
    }

    /** As much as one turn allows is written before this returns. */
    void begin(SubscriptionRequest request, int[] subscriptionIds) {
        // The same filter once more: as it is wanted now.
        waiting.remove(request.filter());
        waiting.put(request.filter(), new Waiting(request, subscriptionIds));
        if (!scheduled) {
            turn();
        }
    }

    /** Nobody wants it any more. */
    void forget(String filter) {
        waiting.remove(filter);
        if (current != null && current.request.filter().equals(filter)) {
            current = null;
        }
    }

    private void turn() {
        scheduled = false;
        if (session.wire() == null) {
            waiting.clear();
            current = null;
            return;
        }
        int messages = 0;
        int bytes = 0;
        for (Running running = next(); running != null; running = next()) {
            if (messages >= MESSAGES_PER_TURN || bytes >= BYTES_PER_TURN) {
                scheduled = true;
                session.loop().execute(this::turn);
                return;
            }
            if (!takesMore()) {
                scheduled = true;
                session.loop().schedule(PAUSE_MILLIS, this::turn);
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
            current = new Running(first.next());
            first.remove();
        }
        return current;
    }

    private boolean takesMore() {
        Wire wire = session.wire();
        return wire != null && wire.isFlowing() && !session.hasPending();
    }
}
