/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Netty's event loops as loops of the kernel. Immutable. */
final class ExecutorLoops implements LoopGroup {
    private final Loop[] loops;

    ExecutorLoops(List<EventExecutor> executors, Clock clock) {
        loops = new Loop[executors.size()];
        for (int i = 0; i < loops.length; i++) {
            loops[i] = new ExecutorLoop(i, executors.get(i), clock);
        }
    }

    @Override
    public int size() {
        return loops.length;
    }

    @Override
    public Loop get(int index) {
        return loops[index];
    }

    @Override
    public @Nullable Loop current() {
        for (Loop loop : loops) {
            if (loop.inLoop()) {
                return loop;
            }
        }
        return null;
    }

    private record ExecutorLoop(int index, EventExecutor executor, Clock clock) implements Loop {
        @Override
        public String name() {
            return "net-" + index;
        }

        @Override
        public boolean inLoop() {
            return executor.inEventLoop();
        }

        @Override
        public void execute(Runnable task) {
            executor.execute(task);
        }

        @Override
        public Cancellable schedule(long delayMillis, Runnable task) {
            ScheduledFuture<?> future = executor.schedule(task, delayMillis, TimeUnit.MILLISECONDS);
            return () -> future.cancel(false);
        }
    }
}
