/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceCheckTest {
    private final SequenceCheck check = new SequenceCheck(true);

    @Test
    void messagesInOrderAreNoFault() {
        accept(0, 1, 2);
        assertFaults(3, 0, 0, 0);
    }

    @Test
    void whatNeverComesIsLost() {
        accept(0, 3);
        assertFaults(6, 4, 0, 0);
        assertThat(check.missing()).isEqualTo(2);
    }

    @Test
    void whatComesLateIsReorderedAndNotLost() {
        accept(0, 2, 1);
        assertFaults(3, 0, 0, 1);
    }

    @Test
    void whatComesTwiceIsADuplicateAndNotNew() {
        accept(0, 1);
        assertThat(check.accept(1)).isFalse();
        assertThat(check.accept(0)).isFalse();
        assertFaults(2, 0, 2, 0);
    }

    @Test
    void aSubscriberThatJoinsLateBeginsWithWhatItSees() {
        SequenceCheck late = new SequenceCheck(false);
        assertThat(late.accept(1000)).isTrue();
        assertThat(late.accept(1002)).isTrue();
        assertThat(late.missing()).isEqualTo(1);
    }

    private void accept(long... sequences) {
        for (long sequence : sequences) {
            assertThat(check.accept(sequence)).isTrue();
        }
    }

    private void assertFaults(long sent, long lost, long duplicated, long reordered) {
        assertThat(check.lost(sent)).isEqualTo(lost);
        assertThat(check.duplicated()).isEqualTo(duplicated);
        assertThat(check.reordered()).isEqualTo(reordered);
    }
}
