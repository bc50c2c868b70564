/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.conformance;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.robustmq.kernel.system.NettyLoops;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers on other loops beside the appending owner: one sequence for all (I3), watermarks that never go back (I4). */
public interface ConcurrencyRules extends Rules {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    default void everyReaderSeesTheSameSequence(long seed) throws Exception {
        try (ConcurrentRun run = new ConcurrentRun(bench().engine(), seed, 1 << 26)) {
            run.play(1500);
        }
    }

    /** What falls out under a reader is an answer OUT_OF_RANGE and never a silent gap. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {5, 6, 7, 8})
    default void aReaderThatIsOvertakenByRetentionIsTold(long seed) throws Exception {
        try (ConcurrentRun run = new ConcurrentRun(bench().engine(), seed, 8_000)) {
            run.play(1500);
        }
    }

    /** At most one owner acknowledges per epoch, and what a fenced one appends is nowhere (I2). */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {9, 10, 11, 12})
    default void contendingOwnersNeverBothAcknowledge(long seed) throws Exception {
        List<EventExecutor> executors = Stream.<EventExecutor>generate(DefaultEventExecutor::new)
                .limit(3)
                .toList();
        try {
            new OwnerContest(bench().engine(), NettyLoops.of(executors), seed, 300)
                    .start()
                    .get(30, TimeUnit.SECONDS);
        } finally {
            executors.forEach(executor -> executor.shutdownGracefully(0, 1, TimeUnit.SECONDS));
            executors.forEach(executor -> executor.terminationFuture().syncUninterruptibly());
        }
    }
}
