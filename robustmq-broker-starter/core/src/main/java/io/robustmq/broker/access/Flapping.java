/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.kernel.Clock;
import io.robustmq.protocol.AccessRule.Who;
import io.robustmq.protocol.BanPort.Ban;
import io.robustmq.protocol.ClientIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who of MQTT's clients comes and goes too often in a while, and stays outside for another: its client id, and its address where
 * that is wanted. Client ids of other protocols are no names of clients: many of Kafka's share one. Thread-safe: the table is
 * guarded by this.
 */
final class Flapping {
    private static final String PROTOCOL = "mqtt";
    private static final String REASON = "flapping";

    private final FlappingConfig config;
    private final Clock clock;
    private final Consumer<Ban> bans;
    private final LongAdder banned = new LongAdder();
    /** By when their time began: the eldest is the first, and goes when there is no room. */
    private final Map<Name, Count> counts = new LinkedHashMap<>();

    private record Name(String tenant, Who who, String value) {}

    private static final class Count {
        final long beganNanos;
        int disconnects;

        Count(long beganNanos) {
            this.beganNanos = beganNanos;
        }
    }

    /** @param bans what to do with whom */
    Flapping(FlappingConfig config, Clock clock, Consumer<Ban> bans) {
        this.config = config;
        this.clock = clock;
        this.bans = bans;
    }

    /** A client that was let in is gone. */
    void left(ClientIdentity client) {
        if (!client.protocol().equals(PROTOCOL)) {
            return;
        }
        count(client.tenant(), Who.CLIENT_ID, client.clientId(), config.disconnectsMax());
        if (config.addressDisconnectsMax() > 0) {
            count(client.tenant(), Who.ADDRESS, client.remoteAddress(), config.addressDisconnectsMax());
        }
    }

    private void count(String tenant, Who who, String value, int max) {
        if (isTooOften(new Name(tenant, who, value), max)) {
            banned.increment();
            bans.accept(new Ban(tenant, who, value, clock.millis() + config.banMillis(), REASON));
        }
    }

    private synchronized boolean isTooOften(Name name, int max) {
        long now = clock.nanos();
        Count count = counts.get(name);
        if (count != null && isOver(count, now)) {
            counts.remove(name);
            count = null;
        }
        if (count == null) {
            makeRoom(now);
            count = new Count(now);
            counts.put(name, count);
        }
        if (++count.disconnects <= max) {
            return false;
        }
        counts.remove(name);
        return true;
    }

    private void makeRoom(long now) {
        var eldest = counts.values().iterator();
        while (eldest.hasNext()) {
            Count count = eldest.next();
            if (counts.size() < config.tableMax() && !isOver(count, now)) {
                return;
            }
            eldest.remove();
        }
    }

    private boolean isOver(Count count, long now) {
        return now - count.beganNanos >= config.windowMillis() * 1_000_000;
    }

    /** How many were banned since the node started. */
    long banned() {
        return banned.sum();
    }

    /** Who is counted, for tests. */
    synchronized int watched() {
        return counts.size();
    }

    /** Null when nobody is to be watched. */
    static @Nullable Flapping of(FlappingConfig config, Clock clock, Consumer<Ban> bans) {
        return config.enabled() ? new Flapping(config, clock, bans) : null;
    }
}
