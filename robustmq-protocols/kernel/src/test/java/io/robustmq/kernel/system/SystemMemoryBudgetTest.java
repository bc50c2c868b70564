/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.contract.MemoryBudgetContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SystemMemoryBudgetTest extends MemoryBudgetContract {

    @Override
    protected MemoryBudget budget(long limitBytes, long highMarkBytes, long lowMarkBytes) {
        return new SystemMemoryBudget(limitBytes, highMarkBytes, lowMarkBytes);
    }

    @Test
    void manyThreadsNeverExceedTheLimitAndPressureAlternates() throws InterruptedException {
        SystemMemoryBudget budget = new SystemMemoryBudget(1000, 700, 500);
        List<Boolean> heard = Collections.synchronizedList(new ArrayList<>());
        budget.onPressure(heard::add);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int size = 100 + t * 50;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (budget.tryReserve(size)) {
                        if (budget.usedBytes() > 1000) {
                            heard.add(null);
                        }
                        budget.release(size);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(budget.usedBytes()).isZero();
        assertThat(budget.underPressure()).isFalse();
        assertThat(heard).hasSize(heard.size() / 2 * 2).doesNotContainNull();
        for (int i = 0; i < heard.size(); i++) {
            assertThat(heard.get(i)).isEqualTo(i % 2 == 0);
        }
    }

    @Test
    void marksAreOrdered() {
        assertThatThrownBy(() -> new SystemMemoryBudget(10, 11, 5)).isInstanceOf(RmqException.class);
        assertThatThrownBy(() -> new SystemMemoryBudget(10, 5, 6)).isInstanceOf(RmqException.class);
        assertThat(new SystemMemoryBudget(1000).limitBytes()).isEqualTo(1000);
    }
}
