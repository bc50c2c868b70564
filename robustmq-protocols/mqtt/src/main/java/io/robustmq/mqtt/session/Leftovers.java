/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.mqtt.session.PendingQueue.Pending;
import io.robustmq.protocol.WindowDelivery;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection of a durable session leaves to the next in memory, because it is not in the log: what groups gave, retained
 * messages that were sent for a new subscription, or are still to be, and what the capture rule leaves out. It does not outlive the
 * process. Immutable.
 *
 * @param replays of retained messages that have not come to their end
 * @param shared its part in groups; null for none
 * @param exclusives filters that are the client's alone
 */
record Leftovers(
        List<Inflight.Unfinished> inFlight,
        List<Pending> waiting,
        @Nullable SharedSubscriptions shared,
        List<String> exclusives,
        RetainedReplays replays) {

    static Leftovers of(
            Inflight inflight,
            PendingQueue pending,
            @Nullable SharedSubscriptions shared,
            List<String> exclusives,
            RetainedReplays replays) {
        return new Leftovers(unlogged(inflight), unlogged(pending), shared, exclusives, replays);
    }

    static boolean isNothing(Inflight inflight, PendingQueue pending, RetainedReplays replays) {
        return unlogged(inflight).isEmpty() && unlogged(pending).isEmpty() && replays.isDone();
    }

    /** Of what a group gave that lies in the log the next connection finds all but the group's side. */
    static List<Inflight.Unfinished> unlogged(Inflight inflight) {
        return inflight.unfinished().stream()
                .filter(each -> each.shard() == null || each.shared() != null)
                .toList();
    }

    private static List<Pending> unlogged(PendingQueue pending) {
        List<Pending> waiting = new ArrayList<>();
        pending.forEach(each -> {
            if (each.feed() == null) {
                waiting.add(each);
            }
        });
        return List.copyOf(waiting);
    }

    /** The next connection goes on with it. */
    @Nullable
    SharedSubscriptions takeOver(MqttSession session, Inflight inflight, PendingQueue pending) {
        List<WindowDelivery> notBegun = new ArrayList<>();
        for (Inflight.Unfinished each : inFlight) {
            WindowDelivery given = each.shared();
            if (each.shard() == null) {
                inflight.restore(each);
            } else if (given != null && !inflight.attach(each.packetId(), given)) {
                notBegun.add(given);
            }
        }
        waiting.forEach(pending::offer);
        session.replays().takeOver(replays);
        if (shared != null) {
            shared.moveTo(session, inflight, pending);
        }
        SharedSubscriptions.giveBack(notBegun);
        return shared;
    }

    /** The session has ended: others in its groups get what was the client's. */
    void discard(MqttSession session) {
        MqttServices services = session.services();
        Inflight inflight = new Inflight();
        PendingQueue pending = new PendingQueue(Integer.MAX_VALUE, Long.MAX_VALUE, services.queued());
        for (Inflight.Unfinished each : inFlight) {
            WindowDelivery given = each.shared();
            if (each.shard() == null) {
                inflight.restore(each);
            } else if (given != null) {
                // Nobody else may have what QoS 2 has begun ([MQTT-4.8.2-5]).
                given.done();
            }
        }
        waiting.forEach(pending::offer);
        if (shared != null) {
            shared.moveTo(session, inflight, pending);
            shared.end();
        }
        pending.clear();
        exclusives.forEach(filter -> services.exclusive().release(session.tenant(), filter, session.clientId()));
    }
}
