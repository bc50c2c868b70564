/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.SubjectProblem;
import io.robustmq.kernel.subject.Subjects;
import java.util.List;

/** A legal filter in the spelling of its protocol. Immutable. */
public record SubjectFilter(Spelling spelling, String text) {

    public SubjectFilter {
        SubjectProblem problem = Subjects.filterProblem(spelling, text);
        if (problem != null) {
            throw RmqError.INVALID_SUBJECT.exception(problem.describe(text));
        }
    }

    public boolean hasWildcard() {
        return Subjects.hasWildcard(spelling, text);
    }

    /**
     * What somebody means who does not say which spelling: slash where {@code /}, {@code +} or {@code #} is in it, else dot where
     * {@code *} or {@code >} is, else both. Fails with INVALID_SUBJECT when it is no filter there.
     */
    public static List<SubjectFilter> of(String text) {
        if (text.chars().anyMatch(c -> c == '/' || c == '+' || c == '#')) {
            return List.of(new SubjectFilter(Spelling.SLASH, text));
        }
        SubjectFilter dot = new SubjectFilter(Spelling.DOT, text);
        return dot.hasWildcard() ? List.of(dot) : List.of(new SubjectFilter(Spelling.SLASH, text), dot);
    }
}
