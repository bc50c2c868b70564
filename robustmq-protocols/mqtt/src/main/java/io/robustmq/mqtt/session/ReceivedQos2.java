/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ReceivedExchanges.ExchangeId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * QoS 2 publishes of one client between PUBLISH and PUBREL. A client that lost its connection sends one again while the
 * first is still on its way to the disk: neither publish it twice nor say PUBREC before it is there. Confined to the
 * session's loop.
 */
final class ReceivedQos2 {
    private final BitSet received = new BitSet();
    private final BitSet undecided = new BitSet();
    private final @Nullable ExchangeJournal journal;
    private @Nullable Runnable allDecided;
    private @Nullable Map<Integer, List<Consumer<@Nullable RmqError>>> waiting;

    /** @param journal null for a session that does not outlive its process */
    ReceivedQos2(@Nullable ExchangeJournal journal) {
        this.journal = journal;
        if (journal != null) {
            journal.keptIds().forEach(received::set);
        }
    }

    Qos2Receipt receive(int packetId, boolean dup) {
        if (received.get(packetId)) {
            return Qos2Receipt.REPEATED;
        }
        ExchangeJournal durable = journal;
        if (durable != null && dup && durable.mayHave(packetId)) {
            return Qos2Receipt.PERHAPS_REPEATED;
        }
        first(packetId);
        return Qos2Receipt.FIRST;
    }

    /** It is new. */
    void first(int packetId) {
        received.set(packetId);
        undecided.set(packetId);
        if (journal != null) {
            journal.begin(packetId);
        }
    }

    /** An earlier life has kept it. */
    void found(int packetId, ExchangeId id) {
        received.set(packetId);
        if (journal != null) {
            journal.found(packetId, id);
        }
    }

    /** PUBREL: the id may be used again; false when it was not known. */
    boolean release(int packetId) {
        boolean known = received.get(packetId);
        received.clear(packetId);
        if (journal != null) {
            journal.finish(packetId);
        }
        return known;
    }

    /** The publish is kept, or has failed and was never there: when it is repeated it is new. */
    void decided(int packetId, @Nullable RmqError error) {
        if (error != null) {
            received.clear(packetId);
        }
        undecided.clear(packetId);
        if (journal != null) {
            if (error == null) {
                journal.kept(packetId);
            } else {
                journal.finish(packetId);
            }
        }
        List<Consumer<@Nullable RmqError>> told = waiting == null ? null : waiting.remove(packetId);
        if (told != null) {
            told.forEach(each -> each.accept(error));
        }
        Runnable task = allDecided;
        if (task != null && undecided.isEmpty()) {
            allDecided = null;
            task.run();
        }
    }

    /** Whether the publish of that id is still under way; then the waiter is told how it ended. */
    boolean await(int packetId, Consumer<@Nullable RmqError> waiter) {
        if (!undecided.get(packetId)) {
            return false;
        }
        if (waiting == null) {
            waiting = new HashMap<>();
        }
        waiting.computeIfAbsent(packetId, id -> new ArrayList<>(1)).add(waiter);
        return true;
    }

    /** Runs the task when nothing is under way any more; once. */
    void whenDecided(Runnable task) {
        if (undecided.isEmpty()) {
            task.run();
        } else {
            allDecided = task;
        }
    }

    /** Packet ids that wait for PUBREL, copied; null for none. */
    @Nullable
    BitSet ids() {
        return received.isEmpty() ? null : (BitSet) received.clone();
    }
}
