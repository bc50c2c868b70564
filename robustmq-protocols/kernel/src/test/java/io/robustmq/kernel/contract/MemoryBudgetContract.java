/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every memory budget does. */
public abstract class MemoryBudgetContract {

    protected abstract MemoryBudget budget(long limitBytes, long highMarkBytes, long lowMarkBytes);

    @Test
    void takesExactlyUpToTheLimit() {
        MemoryBudget budget = budget(100, 80, 60);
        assertThat(budget.limitBytes()).isEqualTo(100);
        assertThat(budget.tryReserve(99)).isTrue();
        assertThat(budget.tryReserve(2)).isFalse();
        assertThat(budget.usedBytes()).isEqualTo(99);
        assertThat(budget.tryReserve(1)).isTrue();
        assertThat(budget.tryReserve(1)).isFalse();
        assertThat(budget.tryReserve(Long.MAX_VALUE)).isFalse();
        assertThat(budget.tryReserve(0)).isTrue();
        assertThat(budget.refusals()).isEqualTo(3);
        budget.release(100);
        assertThat(budget.usedBytes()).isZero();
    }

    @Test
    void completesBeyondTheLimitWhatWasAccepted() {
        MemoryBudget budget = budget(100, 80, 60);
        budget.reserve(150);
        assertThat(budget.usedBytes()).isEqualTo(150);
        assertThat(budget.tryReserve(1)).isFalse();
        budget.release(51);
        assertThat(budget.tryReserve(1)).isTrue();
    }

    @Test
    void pressureBeginsAboveTheHighMarkAndEndsBelowTheLowMark() {
        MemoryBudget budget = budget(100, 80, 60);
        List<Boolean> heard = new ArrayList<>();
        Cancellable registration = budget.onPressure(heard::add);
        budget.reserve(80);
        assertThat(budget.underPressure()).isFalse();
        budget.reserve(1);
        assertThat(budget.underPressure()).isTrue();
        budget.reserve(10);
        budget.release(31);
        assertThat(budget.usedBytes()).isEqualTo(60);
        assertThat(budget.underPressure()).isTrue();
        budget.release(1);
        assertThat(budget.underPressure()).isFalse();
        assertThat(heard).containsExactly(true, false);
        registration.cancel();
        budget.reserve(30);
        assertThat(budget.underPressure()).isTrue();
        assertThat(heard).hasSize(2);
    }

    @Test
    void refusesWhatCannotBe() {
        MemoryBudget budget = budget(100, 80, 60);
        budget.reserve(5);
        assertThatThrownBy(() -> budget.release(6)).isInstanceOf(RmqException.class);
        assertThat(budget.usedBytes()).isEqualTo(5);
        assertThatThrownBy(() -> budget.tryReserve(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.reserve(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> budget.release(-1)).isInstanceOf(IllegalArgumentException.class);
    }
}
