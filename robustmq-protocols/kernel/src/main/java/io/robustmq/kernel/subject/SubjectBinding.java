/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A filter over canonical levels by which a topic claims subjects. Written with dots or slashes and with the wildcards of MQTT or NATS;
 * {@code #} stands for no or more further levels, {@code >} for one or more. Levels may be empty, as in MQTT.
 *
 * <p>Wildcards in the first level do not claim private subjects ({@code $}, {@code __}, {@code _INBOX.}), just as they do not show them.
 *
 * <p>Immutable.
 */
public final class SubjectBinding {
    private static final String ONE = "*";

    private enum Rest {
        NONE,
        ONE_OR_MORE,
        ANY
    }

    private final String text;
    private final List<String> levels;
    private final Rest rest;

    private SubjectBinding(List<String> levels, Rest rest) {
        this.levels = List.copyOf(levels);
        this.rest = rest;
        List<String> all = new ArrayList<>(levels);
        if (rest != Rest.NONE) {
            all.add(rest == Rest.ANY ? "#" : ">");
        }
        this.text = String.join(".", all);
    }

    /** Why the text is not a legal binding, or null. */
    public static @Nullable SubjectProblem problem(String filter) {
        Levels levels = Levels.borrow();
        try {
            levels.scan(filter, Levels.BOTH, 0);
            SubjectProblem problem = Subjects.filterProblem(Spelling.SLASH, levels);
            if (problem == null && levels.has(Levels.CONTROL)) {
                return SubjectProblem.CONTROL_CHARACTER;
            }
            for (int i = 0; i + 1 < levels.count() && problem == null; i++) {
                problem = levels.isLevel(i, '>') ? SubjectProblem.REST_NOT_LAST : null;
            }
            return problem;
        } finally {
            levels.giveBack();
        }
    }

    /** @throws IllegalArgumentException with the reason if the filter is not legal; see {@link #problem} */
    public static SubjectBinding parse(String filter) {
        SubjectProblem problem = problem(filter);
        if (problem != null) {
            throw new IllegalArgumentException(problem.describe(filter));
        }
        List<String> levels = new ArrayList<>();
        Rest rest = Rest.NONE;
        for (String level : Subjects.canonical(filter).split("\\.", -1)) {
            switch (level) {
                case "+", "*" -> levels.add(ONE);
                case "#" -> rest = Rest.ANY;
                case ">" -> rest = Rest.ONE_OR_MORE;
                default -> levels.add(level);
            }
        }
        return new SubjectBinding(levels, rest);
    }

    /** No wildcard: the topic holds one subject, and the record key stays the client's own. */
    public boolean isExact() {
        return rest == Rest.NONE && !levels.contains(ONE);
    }

    /** The normal form: dots, {@code *} for one level, {@code >} or {@code #} for the rest. */
    public String text() {
        return text;
    }

    /** Levels before the rest; {@code *} for any one. */
    List<String> levels() {
        return levels;
    }

    boolean hasRest() {
        return rest != Rest.NONE;
    }

    boolean isOne(int level) {
        return levels.get(level).equals(ONE);
    }

    /** Whether the rest, if there is one, may be nothing at all. */
    boolean restMayBeEmpty() {
        return rest == Rest.ANY;
    }

    boolean startsWithWildcard() {
        return levels.isEmpty() || isOne(0);
    }

    /** Whether a canonical subject is claimed by this binding. */
    public boolean matches(String canonicalSubject) {
        if (startsWithWildcard() && Subjects.isPrivate(canonicalSubject)) {
            return false;
        }
        String[] subject = canonicalSubject.split("\\.", -1);
        int further = subject.length - levels.size();
        if (further < 0 || further > 0 && rest == Rest.NONE || further == 0 && rest == Rest.ONE_OR_MORE) {
            return false;
        }
        for (int i = 0; i < levels.size(); i++) {
            if (!isOne(i) && !levels.get(i).equals(subject[i])) {
                return false;
            }
        }
        return true;
    }

    /** Why the two cannot both exist, if there are subjects that both claim and neither is more specific in every level. */
    public Optional<BindingConflict> conflictWith(SubjectBinding other) {
        if (!overlaps(other)) {
            return Optional.empty();
        }
        boolean more = false;
        boolean less = false;
        // One place behind the longer of the two: there its end or rest stands.
        for (int i = 0; i <= Math.max(levels.size(), other.levels.size()); i++) {
            int difference = rank(i) - other.rank(i);
            more |= difference > 0;
            less |= difference < 0;
        }
        return more == less ? Optional.of(new BindingConflict(this, other, example(other))) : Optional.empty();
    }

    /** Whether there may be a subject that both claim. */
    public boolean overlaps(SubjectBinding other) {
        int common = Math.min(levels.size(), other.levels.size());
        for (int i = 0; i < common; i++) {
            if (!isOne(i) && !other.isOne(i) && !levels.get(i).equals(other.levels.get(i))) {
                return false;
            }
        }
        if (startsWithWildcard() && other.claimsOnlyPrivate() || other.startsWithWildcard() && claimsOnlyPrivate()) {
            return false;
        }
        return reaches(other) && other.reaches(this);
    }

    /** Whether this binding may be as long as the other one is at least. */
    private boolean reaches(SubjectBinding other) {
        int needed = other.levels.size() + (other.rest == Rest.ONE_OR_MORE ? 1 : 0);
        return hasRest() || levels.size() >= needed;
    }

    private boolean claimsOnlyPrivate() {
        return !levels.isEmpty()
                && Subjects.isPrivate(
                        rest == Rest.ONE_OR_MORE || levels.size() > 1 ? levels.get(0) + "." : levels.get(0));
    }

    /** Literal before one level before rest; an end is as exact as can be, and only ever meets an end or a rest. */
    private int rank(int level) {
        if (level >= levels.size()) {
            return hasRest() ? 0 : 3;
        }
        return isOne(level) ? 1 : 2;
    }

    /** A subject that both bindings claim. */
    private String example(SubjectBinding other) {
        int length = Math.max(
                levels.size() + (rest == Rest.ONE_OR_MORE ? 1 : 0),
                Math.max(1, other.levels.size() + (other.rest == Rest.ONE_OR_MORE ? 1 : 0)));
        List<String> example = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            String mine = i < levels.size() ? levels.get(i) : ONE;
            String theirs = i < other.levels.size() ? other.levels.get(i) : ONE;
            String level = mine.equals(ONE) ? theirs : mine;
            example.add(level.equals(ONE) ? "x" : level);
        }
        return String.join(".", example);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SubjectBinding that && that.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
