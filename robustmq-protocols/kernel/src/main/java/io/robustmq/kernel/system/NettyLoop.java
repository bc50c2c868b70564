/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A loop on a thread of Netty's, which runs its tasks between I/O events. Thread-safe. */
public final class NettyLoop implements Loop {
    private static final Logger LOG = LoggerFactory.getLogger(NettyLoop.class);

    private final String name;
    private final int index;
    private final EventExecutor executor;
    private final boolean endsOnException;

    NettyLoop(String name, int index, EventExecutor executor) {
        this.name = name;
        this.index = index;
        this.executor = executor;
        // Netty's I/O loops log what a task throws and go on; its plain executor ends its thread (4.2.17).
        this.endsOnException = executor instanceof DefaultEventExecutor;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public boolean inLoop() {
        return executor.inEventLoop();
    }

    @Override
    public void execute(Runnable task) {
        try {
            executor.execute(endsOnException ? guarded(task) : task);
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    @Override
    public Cancellable schedule(long delayMillis, Runnable task) {
        try {
            ScheduledFuture<?> future = executor.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException e) {
            throw closed();
        }
    }

    /** A timer's exception would otherwise vanish into its future, which nobody looks at. */
    private static Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                LOG.warn("a task threw", e);
            }
        };
    }

    private RuntimeException closed() {
        return RmqError.CLOSED.exception("loop " + name + " has been shut down");
    }

    @Override
    public Clock clock() {
        return SystemClock.INSTANCE;
    }

    /** Netty's own end of the loop, to register channels with. */
    public EventExecutor executor() {
        return executor;
    }

    @Override
    public String toString() {
        return name;
    }
}
