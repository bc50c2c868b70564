/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every loop group does. */
public abstract class LoopContract {

    /** A group of at least two loops. */
    protected abstract LoopGroup group();

    /** Lets the loops work until the condition holds, or fails at a deadline. */
    protected abstract void await(BooleanSupplier condition);

    @Test
    void knowsItsLoops() {
        LoopGroup group = group();
        assertThat(group.size()).isGreaterThanOrEqualTo(2);
        for (int i = 0; i < group.size(); i++) {
            assertThat(group.get(i).index()).isEqualTo(i);
            assertThat(group.get(i).name()).endsWith("-" + i);
        }
        assertThat(group.current()).isNull();
        assertThat(group.get(0).inLoop()).isFalse();
    }

    @Test
    void aTaskRunsOnItsLoopAndNoOther() {
        LoopGroup group = group();
        List<Object> seen = new CopyOnWriteArrayList<>();
        group.get(1)
                .execute(() -> seen.addAll(List.of(
                        group.current() == group.get(1),
                        group.get(1).inLoop(),
                        group.get(0).inLoop())));
        await(() -> seen.size() == 3);
        assertThat(seen).containsExactly(true, true, false);
    }

    @Test
    void tasksOfOneThreadRunInTheirOrder() {
        Loop loop = group().get(0);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1000; i++) {
            int number = i;
            loop.execute(() -> seen.add(number));
        }
        await(() -> seen.size() == 1000);
        assertThat(seen).isEqualTo(IntStream.range(0, 1000).boxed().toList());
    }

    @Test
    void aTaskSubmittedFromTheLoopRunsLaterNotInline() {
        Loop loop = group().get(0);
        List<String> seen = new CopyOnWriteArrayList<>();
        loop.execute(() -> {
            loop.execute(() -> seen.add("inner"));
            seen.add("outer");
        });
        await(() -> seen.size() == 2);
        assertThat(seen).containsExactly("outer", "inner");
    }

    @Test
    void aTimerRunsNotBeforeItsTimeAndInTheOrderOfTheirTimes() {
        Loop loop = group().get(0);
        List<String> seen = new CopyOnWriteArrayList<>();
        long[] times = new long[2];
        loop.execute(() -> {
            times[0] = loop.clock().nanos();
            loop.schedule(40, () -> seen.add("late"));
            loop.schedule(20, () -> {
                times[1] = loop.clock().nanos();
                seen.add("early");
            });
        });
        await(() -> seen.size() == 2);
        assertThat(seen).containsExactly("early", "late");
        assertThat(times[1] - times[0]).isGreaterThanOrEqualTo(20_000_000L);
    }

    @Test
    void aCancelledTimerDoesNotRun() {
        Loop loop = group().get(0);
        List<String> seen = new CopyOnWriteArrayList<>();
        Cancellable cancelled = loop.schedule(5, () -> seen.add("cancelled"));
        cancelled.cancel();
        cancelled.cancel();
        Cancellable done = loop.schedule(20, () -> seen.add("done"));
        await(() -> !seen.isEmpty());
        done.cancel();
        assertThat(seen).containsExactly("done");
    }

    @Test
    void loopsTalkToEachOther() {
        LoopGroup group = group();
        List<String> seen = new CopyOnWriteArrayList<>();
        group.get(0)
                .execute(() -> group.get(1)
                        .execute(() -> group.get(0)
                                .execute(() -> seen.add(group.current().name()))));
        await(() -> !seen.isEmpty());
        assertThat(seen).containsExactly(group.get(0).name());
    }
}
