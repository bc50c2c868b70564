/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.storm.Ledger.Flow;
import io.robustmq.mqtt.storm.Ledger.Receipts;
import java.util.BitSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of the storms finds what it must find, and nothing else. */
class LedgerTest {
    private final Ledger ledger = new Ledger();
    private final Flow once = ledger.flow("t/q1", 1);
    private final Flow twice = ledger.flow("t/q2", 2);
    private final Receipts ofOnce = new Receipts();
    private final Receipts ofTwice = new Receipts();

    @BeforeEach
    void fiveOfEachAreSentToASubscriber() {
        for (Flow flow : ledger.flows()) {
            flow.sent = 5;
            flow.acknowledged.set(1, 6);
        }
        ofOnce.dueFrom = 1;
        ofTwice.dueFrom = 1;
    }

    private void receive(Flow flow, Receipts of, int... numbers) {
        for (int number : numbers) {
            ledger.received("c", flow.topic, number, flow.qos, of);
        }
    }

    private void assertViolation(String what) {
        assertThat(ledger.violations()).hasSize(1).first().asString().contains(what);
    }

    @Test
    void everyMessageInItsOrderIsRight() {
        receive(once, ofOnce, 1, 2, 3, 4, 5);
        receive(twice, ofTwice, 1, 2, 3, 4, 5);
        assertThat(ledger.violations()).isEmpty();
        assertThat(Ledger.missing(once, ofOnce).isEmpty()).isTrue();
        assertThat(Ledger.missing(twice, ofTwice).isEmpty()).isTrue();
        assertThat(ledger.received()).isEqualTo(10);
    }

    @Test
    void whatWasAcknowledgedAndIsDueIsMissed() {
        receive(once, ofOnce, 1, 2, 4, 5);
        assertThat(Ledger.missing(once, ofOnce)).isEqualTo(BitSet.valueOf(new long[] {1 << 3}));
        ofOnce.dueFrom = 4;
        assertThat(Ledger.missing(once, ofOnce).isEmpty()).isTrue();
        ofOnce.dueFrom = 1;
        once.acknowledged.clear(3);
        assertThat(Ledger.missing(once, ofOnce).isEmpty()).isTrue();
    }

    @Test
    void repeatingIsForQos1() {
        receive(once, ofOnce, 1, 2, 1, 2, 3);
        assertThat(ledger.violations()).isEmpty();
        assertThat(ledger.repeated()).isEqualTo(2);
        receive(twice, ofTwice, 1, 1);
        assertViolation("twice");
    }

    @Test
    void anotherOrderIsFound() {
        receive(once, ofOnce, 2, 1);
        assertViolation("1 after 2");
    }

    /** Played by seed 604 of the simulation, which came to the subscriber as 2, 1, 2. */
    @Test
    void whoSubscribedBetweenThemGetsWhatIsSentAgainInTheOrderOfTheLog() {
        ofOnce.dueFrom = 3;
        once.sentAgain.set(1, 3);
        receive(once, ofOnce, 2, 1, 2, 3);
        assertThat(ledger.violations()).isEmpty();
    }

    @Test
    void sendingAgainExcusesNobodyElse() {
        once.sentAgain.set(1, 3);
        receive(once, ofOnce, 2, 1);
        assertViolation("1 after 2");
    }

    @Test
    void atQos2NothingComesLate() {
        ofTwice.dueFrom = 3;
        twice.sentAgain.set(1, 3);
        receive(twice, ofTwice, 2, 1);
        assertViolation("1 after 2");
    }

    @Test
    void withoutHavingBeenSentAgainNothingComesLate() {
        ofOnce.dueFrom = 3;
        receive(once, ofOnce, 2, 1);
        assertViolation("1 after 2");
    }

    @Test
    void whatNobodySentIsFound() {
        receive(once, ofOnce, 6);
        assertViolation("nobody sent");
    }

    @Test
    void whatComesAfterUnsubscribingIsFound() {
        ofOnce.closedAfter = 2;
        receive(once, ofOnce, 1, 2, 3);
        assertViolation("unsubscribed");
    }
}
