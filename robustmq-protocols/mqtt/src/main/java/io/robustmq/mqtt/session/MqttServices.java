/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.session;

import io.robustmq.kernel.Loop;
import io.robustmq.protocol.Ports;

/** What every MQTT connection of a node shares. Immutable; per-loop parts are confined to their loop. */
public final class MqttServices {
    private final Ports ports;
    private final MqttLimits limits;
    private final MqttCounters counters = new MqttCounters();
    private final QueuedBytes queued;
    private final MqttLoop[] loops;

    /** @param queued what waits for all sessions together */
    public MqttServices(Ports ports, MqttLimits limits, QueuedBytes queued) {
        this.ports = ports;
        this.limits = limits;
        this.queued = queued;
        this.loops = new MqttLoop[ports.loops().size()];
        for (int i = 0; i < loops.length; i++) {
            Loop loop = ports.loops().get(i);
            loops[i] = new MqttLoop(loop, ports.turns().of(loop));
        }
    }

    public Ports ports() {
        return ports;
    }

    public MqttLimits limits() {
        return limits;
    }

    public QueuedBytes queued() {
        return queued;
    }

    public MqttCounters counters() {
        return counters;
    }

    /** The part of that loop. */
    public MqttLoop on(Loop loop) {
        return loops[loop.index()];
    }

    public int loops() {
        return loops.length;
    }
}
