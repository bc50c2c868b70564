/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.protocol.StoredMessage;

/**
 * What a client that has gone leaves in memory because it lies in no log. What was under way counts with what waits for its session
 * and for all of them, and is dropped beyond their limits; groups count what is theirs. After an hour all of it is dropped. Confined to
 * the session's loop.
 */
final class KeptInflight {
    private static final long SECONDS_MAX = 3600;

    private final MqttServices services;
    private final Loop loop;
    private final Inflight inflight;
    private final PendingQueue pending;
    private long bytes;
    private int messages;
    private boolean released;

    KeptInflight(MqttServices services, Loop loop, Inflight inflight, PendingQueue pending) {
        this.services = services;
        this.loop = loop;
        this.inflight = inflight;
        this.pending = pending;
    }

    /**
     * The connection is gone.
     *
     * @param waits whether the session has more to keep here than messages
     * @param end lets the session go
     */
    void sleep(boolean waits, long expirySeconds, RetainedReplays replays, Runnable end) {
        services.counters().droppedQueueFull.add(bound());
        if (expirySeconds <= SECONDS_MAX) {
            loop.schedule(expirySeconds * 1000, end);
            return;
        }
        loop.schedule(SECONDS_MAX * 1000, () -> {
            if (!released) {
                services.counters().droppedTooOld.add(forget() + pending.removeUnlogged());
                replays.clear();
                if (!waits) {
                    end.run();
                }
            }
        });
        if (waits && expirySeconds < MqttLimits.NEVER) {
            loop.schedule(expirySeconds * 1000, end);
        }
    }

    /** Answers how many had to be dropped. */
    private int bound() {
        long bytesMax = services.limits().queuedBytesMax() - pending.bytes();
        int dropped = 0;
        for (Inflight.Unfinished each : Leftovers.unlogged(inflight)) {
            StoredMessage message = each.message();
            if (message == null || each.shared() != null) {
                continue;
            }
            int size = message.sizeBytes();
            if (bytes + size <= bytesMax && services.queued().tryAdd(size)) {
                bytes += size;
                messages++;
            } else {
                inflight.remove(each.packetId());
                dropped++;
            }
        }
        return dropped;
    }

    private int forget() {
        int dropped = 0;
        for (Inflight.Unfinished each : Leftovers.unlogged(inflight)) {
            if (each.message() != null && each.shared() == null) {
                inflight.remove(each.packetId());
                dropped++;
            }
        }
        giveBack();
        return dropped;
    }

    private void giveBack() {
        services.queued().remove(bytes, messages);
        bytes = 0;
        messages = 0;
    }

    /** Somebody else has it now, or nobody. */
    void release() {
        released = true;
        giveBack();
    }
}
