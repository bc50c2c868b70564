/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SimRandomTest {

    @Test
    void givesTheNumbersOfSplitMix64OnEveryMachine() {
        SimRandom random = new SimRandom(1234567);
        assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
        assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
    }

    @Test
    void staysWithinItsBoundsAndReachesThem() {
        SimRandom random = new SimRandom(1);
        boolean[] seen = new boolean[7];
        for (int i = 0; i < 1000; i++) {
            seen[random.nextInt(7)] = true;
            assertThat(random.nextLong(3)).isBetween(0L, 2L);
            assertThat(random.nextInt(Integer.MAX_VALUE)).isNotNegative();
        }
        assertThat(seen).containsOnly(true);
        assertThat(random.percent(0)).isFalse();
        assertThat(random.percent(100)).isTrue();
        assertThatThrownBy(() -> random.nextInt(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aForkIsAStreamOfItsOwn() {
        SimRandom random = new SimRandom(9);
        long a = random.fork("a").nextLong();
        assertThat(random.fork("a").nextLong()).isEqualTo(a);
        assertThat(random.fork("b").nextLong()).isNotEqualTo(a);
        byte[] bytes = new byte[13];
        random.nextBytes(bytes);
        assertThat(bytes).isNotEqualTo(new byte[13]);
        assertThat(random.nextUuid().version()).isEqualTo(4);
    }
}
