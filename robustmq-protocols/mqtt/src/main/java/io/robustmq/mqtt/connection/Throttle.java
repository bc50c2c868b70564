/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.connection;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.QuotaPort.Meter;
import io.robustmq.protocol.QuotaPort.Presence;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Charges a client for what it publishes and says when it may go on. Made for connections whose tenant, user or client has a
 * quota. Confined to the connection's loop.
 */
final class Throttle {
    /** Quotas that are raised meanwhile are noticed after that. */
    private static final long LOOK_MILLIS = 1000;

    private final Presence presence;
    private final MqttConnection connection;
    private final Loop loop;
    private @Nullable Meter meter;
    private @Nullable Cancellable timer;
    private long untilNanos;

    private Throttle(Presence presence, MqttConnection connection) {
        this.presence = presence;
        this.connection = connection;
        this.loop = connection.loop();
    }

    /** Quotas may have changed since the last read; null as long as there was none. */
    static @Nullable Throttle of(@Nullable Throttle known, Presence presence, MqttConnection connection) {
        Meter now = presence.incoming();
        if (known == null && now == null) {
            return null;
        }
        Throttle throttle = known == null ? new Throttle(presence, connection) : known;
        throttle.meter = now;
        return throttle;
    }

    /** Whether the client has to wait after this message; then {@link MqttConnection#paid} follows. */
    boolean charge(long bytes) {
        Meter charged = meter;
        if (charged == null) {
            return false;
        }
        long waitNanos = charged.charge(1, bytes);
        if (waitNanos <= 0) {
            return false;
        }
        untilNanos = loop.clock().nanos() + waitNanos;
        waitOn(waitNanos);
        return true;
    }

    private void waitOn(long nanos) {
        long millis = TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1;
        timer = loop.schedule(Math.min(LOOK_MILLIS, millis), this::look);
    }

    private void look() {
        timer = null;
        long leftNanos = untilNanos - loop.clock().nanos();
        if (leftNanos > 0 && presence.incoming() == meter) {
            waitOn(leftNanos);
        } else {
            connection.paid();
        }
    }

    /** The connection is gone. */
    void cancel() {
        Cancellable waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
    }
}
