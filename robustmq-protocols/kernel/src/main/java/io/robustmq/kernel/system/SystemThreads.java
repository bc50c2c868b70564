/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Threads that belong to no connection. What is made here is closed by who asked for it. Thread-safe: stateless. */
public final class SystemThreads {
    private static final int QUEUE_MAX = 8192;
    private static final int IDLE_SECONDS_MAX = 60;

    private SystemThreads() {}

    /** A pool of daemon threads that go when idle; a caller that overflows its queue runs the task itself. */
    public static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS_MAX,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUE_MAX),
                new DefaultThreadFactory(name, true),
                new ThreadPoolExecutor.CallerRunsPolicy());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** A loop on a thread of its own, {@code name-0}. */
    public static OwnLoop loop(String name) {
        return new OwnLoop(name, new DefaultEventExecutor(new DefaultThreadFactory(name, true)));
    }

    /** A loop with its thread. Thread-safe. */
    public static final class OwnLoop implements AutoCloseable {
        private final DefaultEventExecutor executor;
        private final NettyLoop loop;

        private OwnLoop(String name, DefaultEventExecutor executor) {
            this.executor = executor;
            this.loop = NettyLoops.of(name, List.of(executor)).get(0);
        }

        public NettyLoop loop() {
            return loop;
        }

        /** The same as {@link #close}, without waiting for it: also for tasks of this loop. */
        public void end() {
            executor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }

        /** Runs what is due and ends the thread; later tasks are refused. */
        @Override
        public void close() {
            executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
        }
    }
}
