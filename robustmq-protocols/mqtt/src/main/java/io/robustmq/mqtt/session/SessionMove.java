/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Moves a session from one loop to another without losing, repeating or reordering a message. (1) Routes are turned to the
 * new loop. (2) Every loop passes a marker to the old one: behind it come only runs that were routed anew. (3) When the old
 * loop has all markers, it has delivered everything that was routed to it; it hands the state over. (4) The new loop first
 * delivers what arrived meanwhile. The list is confined to the new loop, the count to the old one.
 */
public final class SessionMove {

    private record Early(PublishRun run, int from, int to, Target target) {}

    private final MqttSession session;
    private final Loop from;
    private final Loop to;
    private final List<Early> early = new ArrayList<>();
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int markersMissing;

    private SessionMove(MqttSession session, Loop from, Loop to) {
        this.session = session;
        this.from = from;
        this.to = to;
    }

    /**
     * Begins on the session's loop, with no connection attached; completes on the new loop, at once when it is the same.
     */
    public static CompletionStage<Void> move(MqttSession session, Loop to) {
        Loop from = session.stateLoop();
        assert from.inLoop();
        if (from == to) {
            return CompletableFuture.completedStage(null);
        }
        SessionMove move = new SessionMove(session, from, to);
        session.moving(move);
        move.begin(session.services().ports().loops());
        return move.done;
    }

    private void begin(LoopGroup loops) {
        session.route(to);
        markersMissing = loops.size();
        for (int i = 0; i < loops.size(); i++) {
            Loop each = loops.get(i);
            each.execute(() -> from.execute(this::marker));
        }
    }

    private void marker() {
        if (--markersMissing == 0) {
            to.execute(this::arrived);
        }
    }

    /** On the new loop: a message routed to it before the state came. */
    void arrivedEarly(PublishRun run, int first, int end, Target target) {
        assert to.inLoop();
        run.retain();
        early.add(new Early(run, first, end, target));
    }

    private void arrived() {
        session.moved(to);
        for (Early each : early) {
            session.deliver(each.run, each.from, each.to, each.target);
            each.run.release();
        }
        early.clear();
        done.complete(null);
    }
}
