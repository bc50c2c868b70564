/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ClientAccess;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.MessageTrace;
import io.robustmq.protocol.Publish;
import io.robustmq.protocol.PublishAcks;
import io.robustmq.protocol.Publisher;
import org.jspecify.annotations.Nullable;

/** One client's publishes: finds the route, asks the stages, adds to the run. Confined to its loop. */
final class CorePublisher implements Publisher {
    private static final int KEPT_SUBJECT_BYTES_MAX = 1024;

    private final LoopBroker broker;
    private final RouteTable routes;
    private final ClientIdentity client;
    private final ClientAccess access;
    private final Object origin;
    private final PublishAcks acks;
    private @Nullable Route last;

    CorePublisher(LoopBroker broker, RouteTable routes, ClientIdentity client, Object origin, PublishAcks acks) {
        this.broker = broker;
        this.routes = routes;
        this.client = client;
        this.access = broker.access(client);
        this.origin = origin;
        this.acks = acks;
    }

    @Override
    public @Nullable RmqError publish(Publish message) {
        Route route = last;
        if (route == null
                || !route.isFor(message.subjectBuffer(), message.subjectOffset(), message.subjectLength())
                || !broker.isCurrent(route)) {
            route = routes.find(message.subjectBuffer(), message.subjectOffset(), message.subjectLength());
            // One that is long is looked up each time: each of many connections would keep its own.
            last = message.subjectLength() <= KEPT_SUBJECT_BYTES_MAX ? route : null;
        }
        for (PublishStage stage : route.stages) {
            RmqError refusal = stage.check(access, route.subject, message);
            if (refusal != null) {
                broker.counters().publishesRefused.increment();
                return refusal;
            }
        }
        if (message.dueAtMillis() != 0) {
            RmqError refusal =
                    broker.delayed().accept(client, routes.protocol(), route.subject, message, broker.loop(), acks);
            MessageTrace trace = message.trace();
            if (trace != null && refusal == null) {
                // What becomes of it later is no part of this.
                trace.ended(null);
            }
            return refusal;
        }
        if (message.retain()) {
            RmqError refusal = broker.retained().admit(client.tenant(), route.subject, message);
            if (refusal != null) {
                broker.counters().publishesRefused.increment();
                return refusal;
            }
        }
        route.stageFor(message.qos()).add(route, message, acks, origin);
        return null;
    }
}
