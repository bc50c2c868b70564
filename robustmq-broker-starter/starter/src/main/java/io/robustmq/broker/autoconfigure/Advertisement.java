/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.robustmq.node.Phases;
import org.springframework.context.SmartLifecycle;

/** Right after the ports have opened: makes them known. Confined to the thread that starts and stops the context. */
final class Advertisement implements SmartLifecycle {
    private final BrokerLifecycle broker;
    private volatile boolean running;

    Advertisement(BrokerLifecycle broker) {
        this.broker = broker;
    }

    @Override
    public void start() {
        running = true;
        broker.advertise();
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public int getPhase() {
        return Phases.LISTENERS + 5;
    }
}
