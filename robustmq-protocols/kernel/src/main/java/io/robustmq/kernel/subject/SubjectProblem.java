/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

/**
 * Why a text is not a legal subject or filter, or why a subject is not visible in the other spelling.
 *
 * <p>Immutable.
 */
public enum SubjectProblem {
    EMPTY("is empty"),
    TOO_LONG("is longer than " + Subjects.BYTES_MAX + " bytes in UTF-8"),
    TOO_DEEP("has more than " + Subjects.LEVELS_MAX + " levels"),
    BROKEN_TEXT("contains a broken surrogate pair and has no UTF-8 form"),
    NUL_CHARACTER("contains the character U+0000"),
    CONTROL_CHARACTER("contains a control character"),
    WHITE_SPACE("contains white space"),
    EMPTY_LEVEL("has an empty level"),
    WILDCARD_IN_SUBJECT("contains a wildcard where a plain subject is needed"),
    WILDCARD_NOT_WHOLE_LEVEL("has a wildcard that is not a whole level"),
    REST_NOT_LAST("has levels behind the wildcard for all further levels"),
    PRIVATE("is private to its protocol ($..., __..., _INBOX...)");

    private final String text;

    SubjectProblem(String text) {
        this.text = text;
    }

    /** The reason as the end of a sentence that starts with the subject or filter. */
    public String text() {
        return text;
    }

    /** A whole sentence for a log line or an answer; long subjects are shortened. */
    public String describe(String subjectOrFilter) {
        String shown = subjectOrFilter.length() <= 80 ? subjectOrFilter : subjectOrFilter.substring(0, 80) + "...";
        return "'" + shown + "' " + text;
    }
}
