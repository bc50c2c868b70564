/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import org.jspecify.annotations.Nullable;

/**
 * What is a legal subject or filter in which spelling, and how a subject is spelled elsewhere.
 *
 * <p>Immutable: static functions only.
 */
public final class Subjects {
    /** Longest subject or filter in UTF-8 bytes, MQTT's limit for strings, applied to both spellings. */
    public static final int BYTES_MAX = 65_535;

    /** Most levels of a subject or filter; bounds the depth of every walk. */
    public static final int LEVELS_MAX = 128;

    private static final String INBOX = "_INBOX";
    private static final String SYSTEM = "$SYS";

    private Subjects() {}

    /** The dot spelling, under which access, bindings, keys and partitions are decided. */
    public static String canonical(String subject) {
        return subject.replace('/', '.');
    }

    /** The same subject in another spelling; legal there only if {@link #crossingProblem} finds none. */
    public static String translate(String subject, Spelling from, Spelling to) {
        return from == to ? subject : subject.replace(from.separator(), to.separator());
    }

    /** Why the text is not a legal subject in this spelling, or null. */
    public static @Nullable SubjectProblem subjectProblem(Spelling spelling, String subject) {
        Levels levels = Levels.borrow();
        try {
            levels.scan(subject, separatorTrait(spelling), 0);
            return subjectProblem(spelling, levels);
        } finally {
            levels.giveBack();
        }
    }

    public static boolean isLegalSubject(Spelling spelling, String subject) {
        return subjectProblem(spelling, subject) == null;
    }

    static @Nullable SubjectProblem subjectProblem(Spelling spelling, Levels levels) {
        SubjectProblem problem = textProblem(spelling, levels);
        if (problem != null) {
            return problem;
        }
        int wildcards = spelling == Spelling.SLASH ? Levels.PLUS_OR_HASH : Levels.STAR_OR_GREATER_LEVEL;
        return levels.has(wildcards) ? SubjectProblem.WILDCARD_IN_SUBJECT : null;
    }

    /**
     * Why a subject published in one spelling is not matched in the other, or null. Stricter than {@link #subjectProblem} in one
     * point: control characters do not cross, because an MQTT receiver may close the connection over them (MQTT 1.5.4).
     */
    public static @Nullable SubjectProblem crossingProblem(Spelling from, String subject) {
        if (isPrivate(subject)) {
            return SubjectProblem.PRIVATE;
        }
        Levels levels = Levels.borrow();
        try {
            levels.scan(subject, Levels.BOTH, 0);
            return crossingProblem(from, levels);
        } finally {
            levels.giveBack();
        }
    }

    /** As above without the check for private subjects; the levels are cut at the separators of the form to be matched. */
    static @Nullable SubjectProblem crossingProblem(Spelling from, Levels levels) {
        SubjectProblem problem = subjectProblem(from.other(), levels);
        return problem == null && levels.has(Levels.CONTROL) ? SubjectProblem.CONTROL_CHARACTER : problem;
    }

    /** Subjects that never cross protocols: {@code $...}, {@code __...}, {@code _INBOX....} in either spelling. */
    public static boolean isPrivate(String subject) {
        if (subject.isEmpty()) {
            return false;
        }
        char first = subject.charAt(0);
        if (first == '$') {
            return true;
        }
        if (first != '_') {
            return false;
        }
        if (subject.startsWith("__")) {
            return true;
        }
        int end = INBOX.length();
        return subject.length() > end
                && subject.startsWith(INBOX)
                && (subject.charAt(end) == '.' || subject.charAt(end) == '/');
    }

    /** Subjects and filters of what nodes say about themselves: {@code $SYS} and what is below, in either spelling. */
    public static boolean isSystem(String text) {
        int end = SYSTEM.length();
        return text.startsWith(SYSTEM) && (text.length() == end || text.charAt(end) == '/' || text.charAt(end) == '.');
    }

    /** Why the text is not a legal subscription filter in this spelling, or null. */
    public static @Nullable SubjectProblem filterProblem(Spelling spelling, String filter) {
        Levels levels = Levels.borrow();
        try {
            levels.scan(filter, separatorTrait(spelling), 0);
            return filterProblem(spelling, levels);
        } finally {
            levels.giveBack();
        }
    }

    public static boolean isLegalFilter(Spelling spelling, String filter) {
        return filterProblem(spelling, filter) == null;
    }

    static @Nullable SubjectProblem filterProblem(Spelling spelling, Levels levels) {
        SubjectProblem problem = textProblem(spelling, levels);
        if (problem != null) {
            return problem;
        }
        for (int i = 0; i < levels.count(); i++) {
            // [MQTT-4.7.1-1] and [MQTT-4.7.1-2]; in NATS "a*" and "a>" are plain tokens.
            if (spelling == Spelling.SLASH && levels.has(Levels.PLUS_OR_HASH) && hasPartialWildcard(levels, i)) {
                return SubjectProblem.WILDCARD_NOT_WHOLE_LEVEL;
            }
            if (i + 1 < levels.count() && levels.isLevel(i, spelling.rest())) {
                return SubjectProblem.REST_NOT_LAST;
            }
        }
        return null;
    }

    private static boolean hasPartialWildcard(Levels levels, int level) {
        int start = levels.start(level);
        int end = levels.end(level);
        if (end - start < 2) {
            return false;
        }
        for (int i = start; i < end; i++) {
            char c = levels.text().charAt(i);
            if (c == '+' || c == '#') {
                return true;
            }
        }
        return false;
    }

    private static @Nullable SubjectProblem textProblem(Spelling spelling, Levels levels) {
        if (levels.text().isEmpty()) {
            return SubjectProblem.EMPTY;
        }
        if (levels.has(Levels.TOO_LONG)) {
            return SubjectProblem.TOO_LONG;
        }
        if (levels.has(Levels.TOO_DEEP)) {
            return SubjectProblem.TOO_DEEP;
        }
        if (levels.has(Levels.BROKEN_TEXT)) {
            return SubjectProblem.BROKEN_TEXT;
        }
        if (levels.has(Levels.NUL)) {
            return SubjectProblem.NUL_CHARACTER;
        }
        if (spelling == Spelling.SLASH) {
            return null;
        }
        if (levels.has(Levels.SPACE)) {
            return SubjectProblem.WHITE_SPACE;
        }
        if (levels.has(Levels.CONTROL)) {
            return SubjectProblem.CONTROL_CHARACTER;
        }
        return levels.has(Levels.EMPTY_LEVEL) ? SubjectProblem.EMPTY_LEVEL : null;
    }

    /** Whether a legal filter contains a wildcard of its spelling. */
    public static boolean hasWildcard(Spelling spelling, String filter) {
        int start = 0;
        while (start <= filter.length()) {
            int end = levelEnd(filter, start, spelling.separator());
            if (isWildcard(filter, start, end, spelling.one()) || isWildcard(filter, start, end, spelling.rest())) {
                return true;
            }
            start = end + 1;
        }
        return false;
    }

    /**
     * Whether one legal filter matches one subject of the same spelling, under the protocol's own rules: {@code sport/#} matches
     * {@code sport}, {@code sport.>} does not; MQTT filters that start with a wildcard do not match {@code $...} [MQTT-4.7.2-1].
     */
    public static boolean matches(Spelling spelling, String filter, String subject) {
        boolean slash = spelling == Spelling.SLASH;
        char separator = spelling.separator();
        if (slash && subject.startsWith("$") && !filter.startsWith("$")) {
            return false;
        }
        int f = 0;
        int s = 0;
        while (f <= filter.length()) {
            int filterEnd = levelEnd(filter, f, separator);
            if (isWildcard(filter, f, filterEnd, spelling.rest())) {
                return slash || s <= subject.length();
            }
            if (s > subject.length()) {
                return false;
            }
            int subjectEnd = levelEnd(subject, s, separator);
            boolean same = isWildcard(filter, f, filterEnd, spelling.one())
                    || (filterEnd - f == subjectEnd - s && filter.regionMatches(f, subject, s, filterEnd - f));
            if (!same) {
                return false;
            }
            f = filterEnd + 1;
            s = subjectEnd + 1;
        }
        return s > subject.length();
    }

    private static int levelEnd(String text, int start, char separator) {
        int end = text.indexOf(separator, start);
        return end < 0 ? text.length() : end;
    }

    private static boolean isWildcard(String filter, int start, int end, char wildcard) {
        return end - start == 1 && filter.charAt(start) == wildcard;
    }

    static int separatorTrait(Spelling spelling) {
        return spelling == Spelling.SLASH ? Levels.SLASH : Levels.DOT;
    }
}
