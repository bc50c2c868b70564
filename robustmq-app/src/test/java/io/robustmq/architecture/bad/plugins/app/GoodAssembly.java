/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.plugins.app;

import io.robustmq.architecture.bad.plugins.mqtt.Packets;

/** The app assembles the protocols. */
public final class GoodAssembly {
    public final Packets packets = new Packets();
}
