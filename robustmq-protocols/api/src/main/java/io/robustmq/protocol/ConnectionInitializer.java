/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.netty.channel.Channel;
import io.robustmq.kernel.Loop;

/** Adds a protocol's handlers to a connection that was just accepted. Called on the connection's loop. */
@FunctionalInterface
public interface ConnectionInitializer {

    /**
     * Adds handlers at the end of the pipeline. They see and write plain {@code ByteBuf}s whatever the transport is,
     * must consume every message, and do their own back-pressure through auto-read and writability. An event
     * {@link CloseRequest} asks them to say farewell and close.
     */
    void initialize(Channel channel, Loop loop, ConnectionInfo connection);
}
