/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import io.robustmq.kernel.contract.WireContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

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
}
