/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.plugins.broker;

import io.robustmq.architecture.bad.plugins.mqtt.Packets;

/** Common logic that knows one protocol. */
public final class BadDispatcher {
    public void offer(Packets packets) {}
}
