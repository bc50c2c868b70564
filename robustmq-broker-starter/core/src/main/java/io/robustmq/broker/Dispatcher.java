/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Loop;
import io.robustmq.protocol.PublishRun;
import io.robustmq.protocol.Target;
import org.jspecify.annotations.Nullable;

/**
 * Offers runs to live subscribers: those of its own loop at once, those of other loops by handing the whole run over.
 * Confined to its loop.
 */
final class Dispatcher {

    /** Which messages of a run. */
    enum Which {
        ALL,
        UNACKNOWLEDGED,
        ACKNOWLEDGED;

        boolean takes(PublishRun run, int i) {
            return this == ALL || (run.qos(i) == 0) == (this == UNACKNOWLEDGED);
        }
    }

    private final LoopBroker broker;
    private final int own;
    private final boolean[] others;

    Dispatcher(LoopBroker broker, int loops) {
        this.broker = broker;
        this.own = broker.loop().index();
        this.others = new boolean[loops];
    }

    Loop loop() {
        return broker.loop();
    }

    /** Delivers and hands over; the run is borrowed for the call. */
    void dispatch(PublishRun run, Which which) {
        Route @Nullable [] fresh = refreshed(run);
        boolean anyOther = false;
        for (int from = 0; from < run.count(); ) {
            Route route = route(run, fresh, from);
            int to = endOfGroup(run, fresh, from, route, which);
            if (to == from) {
                from++;
                continue;
            }
            offer(run, from, to, route.targets[own]);
            if (others.length > 1) {
                anyOther |= markOthers(route);
            }
            from = to;
        }
        if (anyOther) {
            handOver(run, fresh, which);
        }
    }

    /** Routes computed again where subscriptions changed since the run was collected; null when none did. */
    private Route @Nullable [] refreshed(PublishRun run) {
        Route[] fresh = null;
        for (int i = 0; i < run.count(); i++) {
            Route route = (Route) run.route(i);
            if (!broker.isCurrent(route)) {
                if (fresh == null) {
                    fresh = new Route[run.count()];
                }
                boolean same = i > 0 && run.route(i - 1) == route && fresh[i - 1] != null;
                fresh[i] = same ? fresh[i - 1] : broker.recompute(route);
            }
        }
        return fresh;
    }

    private static Route route(PublishRun run, Route @Nullable [] fresh, int i) {
        return fresh != null && fresh[i] != null ? fresh[i] : (Route) run.route(i);
    }

    private static int endOfGroup(PublishRun run, Route @Nullable [] fresh, int from, Route route, Which which) {
        int to = from;
        while (to < run.count() && which.takes(run, to) && route(run, fresh, to) == route) {
            to++;
        }
        return to;
    }

    private boolean markOthers(Route route) {
        boolean any = false;
        for (int loop = 0; loop < others.length; loop++) {
            if (loop != own && route.targets[loop].length > 0) {
                others[loop] = true;
                any = true;
            }
        }
        return any;
    }

    private void handOver(PublishRun run, Route @Nullable [] fresh, Which which) {
        for (int i = 0; i < others.length; i++) {
            if (others[i]) {
                others[i] = false;
                Dispatcher there = broker.peer(i).dispatcher();
                Loop loop = broker.peer(i).loop();
                run.retain();
                loop.execute(() -> there.deliverHandedOver(run, fresh, which));
            }
        }
    }

    /** The routes are those of the sender, so that no subscriber is missed or served twice while it changes loops. */
    private void deliverHandedOver(PublishRun run, Route @Nullable [] fresh, Which which) {
        for (int from = 0; from < run.count(); ) {
            Route route = route(run, fresh, from);
            int to = endOfGroup(run, fresh, from, route, which);
            if (to > from) {
                offer(run, from, to, route.targets[own]);
            }
            from = Math.max(to, from + 1);
        }
        run.release();
    }

    private void offer(PublishRun run, int from, int to, Target[] targets) {
        if (run.isFollowed() && targets.length > 0) {
            long began = broker.clock().nanos();
            deliver(run, from, to, targets);
            MessageTraces.delivered(run, from, to, targets, broker.clock().nanos() - began);
        } else {
            deliver(run, from, to, targets);
        }
    }

    private void deliver(PublishRun run, int from, int to, Target[] targets) {
        for (Target target : targets) {
            if (target.forOwnPublishes() == target) {
                target.sink().deliver(run, from, to, target);
            } else {
                deliverOneByOne(run, from, to, target);
            }
        }
        broker.counters().offered.add((long) targets.length * (to - from));
    }

    /** A subscriber with "no local": what it published itself is another matter ([MQTT-3.8.3-3]). */
    private static void deliverOneByOne(PublishRun run, int from, int to, Target target) {
        for (int i = from; i < to; i++) {
            Target effective = run.origin(i) == target.sink().origin() ? target.forOwnPublishes() : target;
            if (effective != null) {
                target.sink().deliver(run, i, i + 1, effective);
            }
        }
    }
}
