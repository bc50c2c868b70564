/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;

/** A broker whose only loop tells how many bytes it has allocated. Confined to the test's thread. */
public final class OneLoopBroker implements AutoCloseable {
    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final InProcessBroker broker;
    private final long loopThread;

    public OneLoopBroker() throws Exception {
        // Leak records are allocations of their own.
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        broker = InProcessBroker.options().loops(1).start();
        CompletableFuture<Long> id = new CompletableFuture<>();
        broker.broker()
                .ports()
                .loops()
                .get(0)
                .execute(() -> id.complete(Thread.currentThread().getId()));
        loopThread = id.get();
    }

    public InProcessBroker broker() {
        return broker;
    }

    /** Bytes since the loop began. */
    public long allocated() {
        return threads.getThreadAllocatedBytes(loopThread);
    }

    @Override
    public void close() {
        broker.close();
        ResourceLeakDetector.setLevel(level);
    }
}
