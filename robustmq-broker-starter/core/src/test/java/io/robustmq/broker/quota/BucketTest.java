/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** One second's worth at once, then so many a second, in the order of those who wait. */
class BucketTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long START = -5_000_000_000L;
    private final Bucket bucket = new Bucket(100, START);

    @Test
    void oneSecondsWorthIsThereAtOnceAndNotOneMore() {
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.charge(1, START)).isZero();
        }
        assertThat(bucket.charge(1, START)).isEqualTo(10 * MILLI);
        assertThat(bucket.isFull(START)).isFalse();
    }

    @Test
    void itFillsAgainUpToOneSecondsWorth() {
        bucket.charge(100, START);
        assertThat(bucket.charge(50, START + 500 * MILLI)).isZero();
        assertThat(bucket.charge(1, START + 500 * MILLI)).isEqualTo(10 * MILLI);
        long later = START + 10_000 * MILLI;
        assertThat(bucket.isFull(later)).isTrue();
        assertThat(bucket.charge(100, later)).isZero();
        assertThat(bucket.charge(1, later)).isPositive();
    }

    /** Whoever comes later waits later: the first does not wait for what the second charges. */
    @Test
    void thoseWhoWaitGoOnInTheirOrder() {
        bucket.charge(100, START);
        assertThat(bucket.charge(1, START)).isEqualTo(10 * MILLI);
        assertThat(bucket.charge(1, START)).isEqualTo(20 * MILLI);
        assertThat(bucket.charge(1, START + 10 * MILLI)).isEqualTo(20 * MILLI);
        assertThat(bucket.charge(1, START + 20 * MILLI)).isEqualTo(20 * MILLI);
    }

    @Test
    void whatIsTooLargeForAnySecondCostsAMinuteAtMost() {
        assertThat(bucket.charge(6_000, START)).isEqualTo(TimeUnit.SECONDS.toNanos(59));
        assertThat(new Bucket(100, START).charge(1_000_000, START)).isEqualTo(TimeUnit.SECONDS.toNanos(59));
    }

    @Test
    void whatIsOnlyTriedIsChargedOnlyIfThereIsSoMuch() {
        for (int i = 0; i < 100; i++) {
            assertThat(bucket.tryCharge(1, START)).isTrue();
        }
        assertThat(bucket.tryCharge(1, START)).isFalse();
        assertThat(bucket.tryCharge(1, START + 9 * MILLI)).isFalse();
        assertThat(bucket.tryCharge(1, START + 10 * MILLI)).isTrue();
        assertThat(bucket.tryCharge(1, START + 10 * MILLI)).isFalse();
    }
}
