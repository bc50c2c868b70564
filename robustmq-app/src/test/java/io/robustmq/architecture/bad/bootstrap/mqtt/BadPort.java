/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.bootstrap.mqtt;

import io.netty.bootstrap.ServerBootstrap;

/** A protocol that opens its own port, past every connection limit. */
public final class BadPort {
    public final ServerBootstrap bootstrap = new ServerBootstrap();
}
