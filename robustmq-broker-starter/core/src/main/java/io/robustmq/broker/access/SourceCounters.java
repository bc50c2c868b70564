/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.access;

import io.robustmq.broker.access.CredentialSource.Outcome;
import java.util.concurrent.atomic.LongAdder;

/** What a source has been asked and has said. Thread-safe. */
public final class SourceCounters {
    /** Log-ins that came to it. */
    public final LongAdder asked = new LongAdder();

    public final LongAdder accepted = new LongAdder();
    public final LongAdder refused = new LongAdder();
    /** It does not know the user. */
    public final LongAdder unknown = new LongAdder();
    /** It could not tell, those that were late included. */
    public final LongAdder failed = new LongAdder();
    /** No answer in time. */
    public final LongAdder late = new LongAdder();
    /** Not asked, because it has too much to do or is left alone for a while. */
    public final LongAdder shed = new LongAdder();

    private final LongAdder nanos = new LongAdder();
    private final LongAdder answers = new LongAdder();

    void took(long howLong) {
        nanos.add(howLong);
        answers.increment();
    }

    /** How long all answers took together. */
    public long nanos() {
        return nanos.sum();
    }

    /** Answers of any kind. */
    public long answers() {
        return answers.sum();
    }

    LongAdder of(Outcome outcome) {
        return switch (outcome) {
            case ACCEPTED -> accepted;
            case REFUSED -> refused;
            case UNKNOWN -> unknown;
            case FAILED -> failed;
        };
    }
}
