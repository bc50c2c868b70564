/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.bootstrap.net;

import io.netty.bootstrap.ServerBootstrap;

/** Ports are opened here. */
public final class GoodPort {
    public final ServerBootstrap bootstrap = new ServerBootstrap();
}
