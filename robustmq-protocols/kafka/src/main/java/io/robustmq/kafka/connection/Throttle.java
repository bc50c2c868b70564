/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.protocol.QuotaPort.Meter;
import io.robustmq.protocol.QuotaPort.Presence;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.jspecify.annotations.Nullable;

/**
 * Charges a client for what it produces and fetches. Who has to wait is answered at once, is told for how long, and is not read
 * meanwhile (KIP-219). Confined to the connection's loop.
 */
final class Throttle {
    /** Quotas that are raised meanwhile are noticed after that. */
    private static final long LOOK_MILLIS = 1000;

    private final Presence presence;
    private final Loop loop;
    private final Runnable goOn;
    private @Nullable Cancellable timer;
    private @Nullable Meter waitsFor;
    private boolean outgoing;
    private long untilNanos;

    /** @param goOn called when requests may be started again */
    Throttle(Presence presence, Loop loop, Runnable goOn) {
        this.presence = presence;
        this.loop = loop;
        this.goOn = goOn;
    }

    boolean isWaiting() {
        return timer != null;
    }

    /** Before the response, if there is one, is written. */
    void charge(Exchange exchange, @Nullable ApiMessage response) {
        ApiKeys api = exchange.request().api();
        if (api == ApiKeys.PRODUCE) {
            long waitNanos = charge(false, exchange.produced(), exchange.frameBytes());
            if (waitNanos > 0 && response instanceof ProduceResponseData produced) {
                produced.setThrottleTimeMs(millis(waitNanos));
            }
        } else if (api == ApiKeys.FETCH && response instanceof FetchResponseData fetched) {
            long waitNanos = charge(true, 0, bytes(fetched));
            if (waitNanos > 0) {
                fetched.setThrottleTimeMs(millis(waitNanos));
            }
        }
    }

    private static long bytes(FetchResponseData fetched) {
        long bytes = 0;
        for (var topic : fetched.responses()) {
            for (var partition : topic.partitions()) {
                bytes += partition.records() == null ? 0 : partition.records().sizeInBytes();
            }
        }
        return bytes;
    }

    private long charge(boolean out, int messages, long bytes) {
        Meter meter = out ? presence.outgoing() : presence.incoming();
        long waitNanos = meter == null || bytes == 0 ? 0 : meter.charge(messages, bytes);
        if (waitNanos > 0) {
            waitsFor = meter;
            outgoing = out;
            untilNanos = loop.clock().nanos() + waitNanos;
            if (timer == null) {
                waitOn(waitNanos);
            }
        }
        return waitNanos;
    }

    private static int millis(long nanos) {
        return (int) (TimeUnit.NANOSECONDS.toMillis(nanos - 1) + 1);
    }

    private void waitOn(long nanos) {
        timer = loop.schedule(Math.min(LOOK_MILLIS, millis(nanos)), this::look);
    }

    private void look() {
        long leftNanos = untilNanos - loop.clock().nanos();
        Meter now = outgoing ? presence.outgoing() : presence.incoming();
        if (leftNanos > 0 && now == waitsFor) {
            waitOn(leftNanos);
        } else {
            timer = null;
            goOn.run();
        }
    }

    /** The connection is gone. */
    void end() {
        Cancellable waiting = timer;
        if (waiting != null) {
            waiting.cancel();
        }
        presence.leave();
    }
}
