/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture.bad.reactor.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Buffers and channels are what protocols are made of. */
public final class GoodHandler extends ChannelInboundHandlerAdapter {
    public int readable(ByteBuf buffer) {
        return buffer.readableBytes();
    }
}
