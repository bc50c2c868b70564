/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.contract.LoopContract;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NettyLoopsTest extends LoopContract {
    private final DefaultEventExecutorGroup executors = new DefaultEventExecutorGroup(2);
    private final NettyLoops loops = NettyLoops.of(list());

    private List<EventExecutor> list() {
        List<EventExecutor> list = new ArrayList<>();
        executors.forEach(list::add);
        return list;
    }

    @AfterEach
    void shutDown() {
        executors.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Override
    protected LoopGroup group() {
        return loops;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        Await.until(condition);
    }

    @Test
    void isNamedAfterItsUse() {
        assertThat(loops.get(0).name()).isEqualTo("net-0");
        assertThat(NettyLoops.of("shard", list()).get(1).name()).isEqualTo("shard-1");
        assertThatThrownBy(() -> NettyLoops.of(List.of())).isInstanceOf(RmqException.class);
    }

    @Test
    void aTaskThatThrowsDoesNotEndTheLoop() {
        List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        loops.get(0).execute(() -> {
            throw new IllegalStateException("expected in this test");
        });
        loops.get(0).schedule(1, () -> {
            throw new IllegalStateException("expected in this test, from a timer");
        });
        loops.get(0).schedule(2, () -> seen.add("after"));
        Await.until(() -> seen.size() == 1);
        assertThat(seen).containsExactly("after");
        assertThat(loops.get(0).executor().isShuttingDown()).isFalse();
    }

    @Test
    void aLoopThatWasShutDownIsClosed() throws InterruptedException {
        executors.shutdownGracefully(0, 0, TimeUnit.SECONDS).await(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> loops.get(0).execute(() -> {}))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
        assertThatThrownBy(() -> loops.get(0).schedule(1, () -> {}))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
    }
}
