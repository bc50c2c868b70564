/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

/**
 * Receives what {@link SubscriptionIndex#match} finds, on the calling thread. It may match again, but must not wait.
 *
 * @param <S> the subscriber
 */
@FunctionalInterface
public interface Matches<S> {
    /**
     * One subscription matches.
     *
     * @param filterSpelling the spelling in which the filter was subscribed
     * @param subjectSpelling the spelling under which the subject is delivered to it: of the two that may match, the published one first
     * @param subscriber as it was added
     */
    void match(Spelling filterSpelling, Spelling subjectSpelling, S subscriber);
}
