/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class ConnectionLimitsTest {
    private final ManualClock clock = new ManualClock();
    private final SystemMemoryBudget memory = new SystemMemoryBudget(1000);

    @Test
    void theTotalIsALimitFromBothSides() throws UnknownHostException {
        ConnectionLimits limits = new ConnectionLimits(new NetOptions("x", 2, 9, 100, 1), clock, memory);
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.tryEnter(address(2))).isTrue();
        assertThat(limits.tryEnter(address(3))).isFalse();
        limits.leave(address(1));
        assertThat(limits.tryEnter(address(3))).isTrue();
        assertThat(limits.counts()).isEqualTo(new ConnectionLimits.Counts(2, 3, 1, 0, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void anAddressHasItsOwnLimitAndHarmsNoOther() throws UnknownHostException {
        ConnectionLimits limits = new ConnectionLimits(new NetOptions("x", 9, 2, 100, 1), clock, memory);
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.tryEnter(address(1))).isFalse();
        assertThat(limits.tryEnter(address(2))).isTrue();
        limits.leave(address(1));
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.counts()).isEqualTo(new ConnectionLimits.Counts(3, 4, 0, 1, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void theRateAllowsABurstAndRefillsWithTime() throws UnknownHostException {
        ConnectionLimits limits = new ConnectionLimits(new NetOptions("x", 99, 99, 10, 1), clock, memory);
        for (int i = 0; i < 10; i++) {
            assertThat(limits.tryEnter(address(1))).isTrue();
        }
        assertThat(limits.tryEnter(address(1))).isFalse();
        clock.nanos += 99_000_000;
        assertThat(limits.tryEnter(address(1))).isFalse();
        clock.nanos += 2_000_000;
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.tryEnter(address(1))).isFalse();
        clock.nanos += 3_600_000_000_000L;
        for (int i = 0; i < 10; i++) {
            assertThat(limits.tryEnter(address(1))).isTrue();
        }
        assertThat(limits.tryEnter(address(1)))
                .as("an idle hour saves no more than one burst")
                .isFalse();
        assertThat(limits.counts().refusedByRate()).isEqualTo(4);
        assertThat(limits.counts().open())
                .as("who is refused is not counted in")
                .isEqualTo(21);
    }

    @Test
    void nobodyNewComesInWhileMemoryIsShort() throws UnknownHostException {
        ConnectionLimits limits = new ConnectionLimits(new NetOptions("x", 9, 9, 9, 1), clock, memory);
        assertThat(limits.tryEnter(address(1))).isTrue();
        memory.reserve(1000);
        assertThat(limits.tryEnter(address(1))).isFalse();
        memory.release(1000);
        assertThat(limits.tryEnter(address(1))).isTrue();
        assertThat(limits.counts()).isEqualTo(new ConnectionLimits.Counts(2, 2, 0, 0, 0, 1, 0, 0, 0, 0));
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    /** Moves when the test says so. Confined to the test's thread. */
    private static final class ManualClock implements Clock {
        private long nanos = Long.MAX_VALUE - 100;

        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return nanos;
        }
    }
}
