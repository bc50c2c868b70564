/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.subject.Spelling;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.kernel.subject.SubscriptionIndex;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a filtered read looks for. It asks the index of live subscriptions itself, so that a stored record matches exactly when it
 * would have been delivered. Confined to one loop.
 */
public final class SubjectMatcher {
    private final List<SubjectFilter> filters;
    private final boolean wildcardsCross;
    private final SubscriptionIndex<Boolean> live = new SubscriptionIndex<>(0);
    private final byte[][] exactKeys;
    private final byte[][] prefixes;
    private boolean matched;

    /** @param wildcardsCross whether filters that start with a wildcard see subjects of the other spelling, too */
    public SubjectMatcher(List<SubjectFilter> filters, boolean wildcardsCross) {
        this.filters = List.copyOf(filters);
        this.wildcardsCross = wildcardsCross;
        TreeSet<String> exact = new TreeSet<>();
        TreeSet<String> beginnings = new TreeSet<>();
        for (SubjectFilter filter : filters) {
            live.add(filter.spelling(), filter.text(), Boolean.TRUE);
            if (filter.hasWildcard()) {
                beginnings.add(literalPrefix(filter));
            } else {
                exact.add(Subjects.canonical(filter.text()));
            }
        }
        exactKeys = utf8(exact);
        prefixes = utf8(withoutNested(beginnings));
    }

    public SubjectMatcher(List<SubjectFilter> filters) {
        this(filters, false);
    }

    /** The levels before the first wildcard, without the separator behind them, because {@code a/#} matches {@code a}. */
    private static String literalPrefix(SubjectFilter filter) {
        char separator = filter.spelling().separator();
        String text = filter.text();
        int end = 0;
        int start = 0;
        while (start <= text.length()) {
            int next = text.indexOf(separator, start);
            int levelEnd = next < 0 ? text.length() : next;
            if (levelEnd - start == 1 && isWildcard(filter.spelling(), text.charAt(start))) {
                break;
            }
            end = levelEnd;
            start = levelEnd + 1;
        }
        return Subjects.canonical(text.substring(0, end));
    }

    private static boolean isWildcard(Spelling spelling, char level) {
        return level == spelling.one() || level == spelling.rest();
    }

    /** Each name is looked at once, so a prefix that another one covers is left out. */
    private static List<String> withoutNested(TreeSet<String> sorted) {
        List<String> kept = new ArrayList<>();
        for (String prefix : sorted) {
            if (kept.isEmpty() || !prefix.startsWith(kept.get(kept.size() - 1))) {
                kept.add(prefix);
            }
        }
        return kept;
    }

    private static byte[][] utf8(java.util.Collection<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    }

    public List<SubjectFilter> filters() {
        return filters;
    }

    /** Canonical forms: a filter without a wildcard matches none but subjects of its own canonical form. */
    byte[][] exactKeys() {
        return exactKeys;
    }

    /** What the canonical forms of everything else begin with, one of them; empty when no filter has a wildcard. */
    byte[][] prefixes() {
        return prefixes;
    }

    public boolean matches(Spelling published, String subject) {
        matched = false;
        live.match(published, subject, wildcardsCross, (filter, delivered, yes) -> matched = true);
        return matched;
    }

    boolean matches(RecordSubject subject) {
        return (prefixes.length > 0 || isExactKey(subject)) && matches(subject.spelling(), subject.text());
    }

    /** Spares nearly every record of a walk the conversion to text. */
    private boolean isExactKey(RecordSubject subject) {
        for (byte[] key : exactKeys) {
            if (key.length == subject.length() && equalsCanonical(key, subject)) {
                return true;
            }
        }
        return false;
    }

    private static boolean equalsCanonical(byte[] key, RecordSubject subject) {
        for (int i = key.length - 1; i >= 0; i--) {
            // From the end, where subjects differ.
            if (key[i] != SubjectHash.canonical(subject.buffer().getByte(subject.position() + i))) {
                return false;
            }
        }
        return true;
    }
}
