/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.window;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BacklogCutTest {

    @Test
    void theOldestOverAllShardsGo() {
        BacklogCut cut = new BacklogCut(3, 1000);
        BacklogCut.OfShard one = cut.ofShard();
        BacklogCut.OfShard two = cut.ofShard();
        one.add(10, 1, 1);
        one.add(11, 4, 1);
        two.add(20, 2, 1);
        two.add(21, 3, 1);
        two.add(22, 5, 1);
        cut.decide();
        assertThat(one.keptFrom()).isEqualTo(11);
        assertThat(two.keptFrom()).isEqualTo(21);
        assertThat(cut.droppedByCount()).isEqualTo(2);
        assertThat(cut.droppedByBytes()).isZero();
    }

    @Test
    void whatIsWithinTheLimitsStays() {
        BacklogCut cut = new BacklogCut(2, 20);
        BacklogCut.OfShard one = cut.ofShard();
        one.add(10, 1, 10);
        one.add(11, 4, 10);
        cut.decide();
        assertThat(one.keptFrom()).isEqualTo(10);
        assertThat(cut.droppedByCount() + cut.droppedByBytes()).isZero();
    }

    @Test
    void bytesCountToo() {
        BacklogCut cut = new BacklogCut(100, 20);
        BacklogCut.OfShard one = cut.ofShard();
        for (int i = 0; i < 100; i++) {
            one.add(i, i, 10);
        }
        cut.decide();
        assertThat(one.keptFrom()).isEqualTo(98);
        assertThat(cut.droppedByBytes()).isEqualTo(98);
    }

    /** One shard never keeps more in memory than may be left at the end. */
    @Test
    void nothingMayBeLeft() {
        BacklogCut cut = new BacklogCut(0, 0);
        BacklogCut.OfShard one = cut.ofShard();
        one.add(1, 1, 10);
        cut.decide();
        assertThat(one.keptFrom()).isEqualTo(Long.MAX_VALUE);
        assertThat(cut.droppedByCount()).isEqualTo(1);
    }
}
