/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.system.NettyLoops;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.resources.LoopResources;

/**
 * The threads of the net: as many as the process really has processors, native (epoll) where the platform has it. They
 * exist before any port and outlive the last one, because the broker's shards run on them too. Immutable; thread-safe.
 */
public final class NetLoops implements AutoCloseable {
    private final LoopResources resources;
    private final LoopGroup group;

    private NetLoops(LoopResources resources, LoopGroup group) {
        this.resources = resources;
        this.group = group;
    }

    /** Starts so many loops, 0 for one per processor of the process (cgroup and affinity count, not the machine). */
    public static NetLoops create(int count) {
        int loops = count > 0 ? count : Runtime.getRuntime().availableProcessors();
        // Accepting shares the loops: a thread of its own would be one more than there are processors.
        LoopResources resources = LoopResources.create("net", loops, false);
        EventLoopGroup group = resources.onServer(LoopResources.DEFAULT_NATIVE);
        List<EventExecutor> executors = new ArrayList<>();
        group.forEach(executors::add);
        return new NetLoops(resources, NettyLoops.of(executors));
    }

    public LoopGroup group() {
        return group;
    }

    LoopResources resources() {
        return resources;
    }

    /** Runs what is queued and ends the threads; returns when they are gone. */
    @Override
    public void close() {
        resources.disposeLater(Duration.ZERO, Duration.ofSeconds(5)).block(Duration.ofSeconds(10));
    }
}
