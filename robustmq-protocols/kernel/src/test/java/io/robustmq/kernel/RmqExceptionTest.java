/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RmqExceptionTest {
    private final RmqException ours = RmqError.FENCED.exception("epoch 1 is over");
    private final IllegalStateException foreign = new IllegalStateException("no");

    @Test
    void whatFuturesHavePutAroundAFailureIsTakenOff() {
        Throwable wrapped = new CompletionException(new CompletionException(ours));
        assertThat(RmqException.causeOf(wrapped)).isSameAs(ours);
        assertThat(RmqException.errorOf(wrapped)).isEqualTo(RmqError.FENCED);
        assertThat(RmqException.of(wrapped, "the log failed")).isSameAs(ours);
        assertThat(RmqException.causeOf(ours)).isSameAs(ours);
    }

    @Test
    void aWrapperAroundNothingIsTheCause() {
        CompletionException empty = new CompletionException("nothing inside", null);
        assertThat(RmqException.causeOf(empty)).isSameAs(empty);
    }

    @Test
    void whatIsNotOursIsInternalAndSaysWhoFailed() {
        assertThat(RmqException.errorOf(new CompletionException(foreign))).isEqualTo(RmqError.INTERNAL);
        assertThat(RmqException.of(new CompletionException(foreign), "the log failed"))
                .hasMessage("the log failed: java.lang.IllegalStateException: no")
                .hasCause(foreign)
                .extracting(RmqException::error)
                .isEqualTo(RmqError.INTERNAL);
    }
}
