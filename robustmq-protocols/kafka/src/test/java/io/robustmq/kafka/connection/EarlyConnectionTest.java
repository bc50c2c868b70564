/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class EarlyConnectionTest {
    private final CompletableFuture<Requests> classes = new CompletableFuture<>();
    private final List<Object> read = new ArrayList<>();
    private final EmbeddedChannel channel =
            new EmbeddedChannel(new EarlyConnection(classes, requests -> new ChannelInboundHandlerAdapter() {
                @Override
                public void channelRead(ChannelHandlerContext context, Object message) {
                    read.add(message);
                }
            }));

    @Test
    void whatCameEarlyIsReadInItsOrderWhenTheClassesAreThere() {
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.writeInbound("first", "second");
        assertThat(read).isEmpty();

        classes.complete(exchange -> {});
        channel.runPendingTasks();
        assertThat(read).containsExactly("first", "second");
        assertThat(channel.config().isAutoRead()).isTrue();

        channel.writeInbound("third");
        assertThat(read).containsExactly("first", "second", "third");
        assertThat(channel.pipeline().get(EarlyConnection.class)).isNull();
    }

    @Test
    void aClientThatLeavesEarlyLeavesNothingBehind() {
        ByteBuf bytes = Unpooled.buffer(1).writeByte(1);
        channel.writeInbound(bytes);
        channel.close();
        assertThat(bytes.refCnt()).isZero();

        classes.complete(exchange -> {});
        channel.runPendingTasks();
        assertThat(read).isEmpty();
    }

    @Test
    void aFailureClosesTheConnection() {
        classes.completeExceptionally(new NoClassDefFoundError("half a jar"));
        channel.runPendingTasks();
        assertThat(channel.isOpen()).isFalse();
    }
}
