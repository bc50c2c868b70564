/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Wraps the event loops that the net room created; starts and stops nothing. Thread-safe. */
public final class NettyLoops implements LoopGroup {
    private final NettyLoop[] loops;
    private final FastThreadLocal<NettyLoop> current = new FastThreadLocal<>();

    private NettyLoops(NettyLoop[] loops) {
        this.loops = loops;
    }

    /** Loops {@code net-0}, {@code net-1}, ... over single-threaded executors. */
    public static NettyLoops of(List<? extends EventExecutor> executors) {
        return of("net", executors);
    }

    public static NettyLoops of(String namePrefix, List<? extends EventExecutor> executors) {
        if (executors.isEmpty()) {
            throw RmqError.INVALID_CONFIG.exception("a loop group has one loop or more");
        }
        NettyLoop[] loops = new NettyLoop[executors.size()];
        for (int i = 0; i < loops.length; i++) {
            loops[i] = new NettyLoop(namePrefix + "-" + i, i, executors.get(i));
        }
        return new NettyLoops(loops);
    }

    @Override
    public int size() {
        return loops.length;
    }

    @Override
    public NettyLoop get(int index) {
        return loops[index];
    }

    /** One thread-local read on a loop's thread; only foreign threads look through all loops. */
    @Override
    public @Nullable NettyLoop current() {
        NettyLoop known = current.getIfExists();
        return known != null ? known : find();
    }

    private @Nullable NettyLoop find() {
        for (NettyLoop loop : loops) {
            if (loop.inLoop()) {
                current.set(loop);
                return loop;
            }
        }
        return null;
    }
}
