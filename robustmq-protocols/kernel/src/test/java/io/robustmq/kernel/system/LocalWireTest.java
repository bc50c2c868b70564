/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import io.robustmq.kernel.contract.WireContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocalWireTest extends WireContract {
    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(2);
    private final LocalWire.Network network = new LocalWire.Network();
    private final NettyLoops loops;

    LocalWireTest() {
        List<EventExecutor> list = new ArrayList<>();
        executors.forEach(list::add);
        loops = NettyLoops.of(list);
    }

    @AfterEach
    void shutDown() {
        executors.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Override
    protected Wire connect(NodeId node) {
        return network.connect(node);
    }

    @Override
    protected LoopGroup loops() {
        return loops;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        Await.until(condition);
    }

    @Test
    void dropsWhatWouldWaitBeyondTheLimit() {
        LocalWire.Network small = new LocalWire.Network(10);
        Wire one = small.connect(ONE);
        Wire two = small.connect(TWO);
        Inbox inbox = new Inbox(loops.get(0), two);
        CountDownLatch release = new CountDownLatch(1);
        loops.get(0).execute(() -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        one.send(TWO, bytes("0123456"));
        one.send(TWO, bytes("0123"));
        one.send(TWO, bytes("012"));
        assertThat(two.dropped()).isOne();
        release.countDown();
        await(() -> inbox.messages.size() == 2);
        assertThat(inbox.messages).containsExactly("1:0123456", "1:012");
        one.send(TWO, bytes("0123456789"));
        await(() -> inbox.messages.size() == 3);
        assertThat(two.dropped()).isOne();
    }
}
