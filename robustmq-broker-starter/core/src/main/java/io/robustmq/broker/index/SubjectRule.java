/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.subject.Spelling;
import org.jspecify.annotations.Nullable;

/**
 * How a topic's records tell their subject. Immutable.
 *
 * @param keyIsSubject the topic binds a wildcard, or is a catch-all
 * @param oneName the topic binds one name and nothing else, so that there is nothing to look up
 * @param spelling in which everything in the topic was published, as in a protocol's catch-all; null where protocols meet
 * @param boundName the subject of a record that does not say; empty where the key is the subject
 */
public record SubjectRule(
        boolean keyIsSubject, boolean oneName, @Nullable Spelling spelling, String boundName) {

    /** Of a catch-all, with its protocol's spelling, or of a topic that binds a wildcard, with null. */
    public static SubjectRule ofKeys(@Nullable Spelling spelling) {
        return new SubjectRule(true, false, spelling, "");
    }

    /** Of a topic that binds names only. */
    public static SubjectRule ofNames(String first, boolean oneName) {
        return new SubjectRule(false, oneName, null, first);
    }
}
