/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The live subscriptions of one tenant: filters without wildcard in a hash table, the others in a trie per spelling. Within one spelling
 * matching is exactly the protocol's own; across, {@code sensors/1/temp} meets {@code sensors.1.temp}.
 *
 * <ul>
 *   <li>A slash subject is matched in the dot trie in canonical form; a dot subject in the slash trie both as it is ({@code a.b} is
 *       one level) and translated ({@code a/b}). A filter that matches both forms is reported once, under the published spelling.
 *   <li>Private subjects ({@code $}, {@code __}, {@code _INBOX.}) never match in the other spelling.
 *   <li>A filter whose first level is a wildcard matches only subjects of its own spelling, unless the caller allows more.
 *   <li>A form that is not legal in the reader's spelling is not matched there but counted in {@link #unspellable}.
 * </ul>
 *
 * <p>Thread-safe: any number of readers on any thread without locks; writers take a lock. A match sees each change wholly or not at all,
 * and never misses a subscription that was there when it began and stays.
 *
 * @param <S> the subscriber, compared by {@code equals}
 */
public final class SubscriptionIndex<S> {
    private final long seed;
    private final ExactFilters<S> exact = new ExactFilters<>();
    private final LevelTrie<S> slash;
    private final LevelTrie<S> dot;
    private final LongAdder unspellable = new LongAdder();
    private final Object writing = new Object();

    private volatile int slashFilters;
    private volatile int dotFilters;
    private volatile long subscriptions;
    private volatile long version;

    /**
     * @param seed of the hashes: random per process in production, so that clients cannot prepare filters that collide
     */
    public SubscriptionIndex(long seed) {
        this.seed = seed;
        this.slash = new LevelTrie<>(Spelling.SLASH, seed);
        this.dot = new LevelTrie<>(Spelling.DOT, seed);
    }

    /**
     * Adds a subscriber to a filter.
     *
     * @return false if an equal one was there, which then stays
     * @throws IllegalArgumentException if the filter is not legal in this spelling; {@link Subjects#filterProblem} says it before
     */
    public boolean add(Spelling spelling, String filter, S subscriber) {
        return put(spelling, filter, subscriber, false) == null;
    }

    /**
     * Adds a subscriber, or replaces an equal one in a single step, so that a subscription renewed with other options misses nothing
     * [MQTT-3.8.4-3].
     *
     * @return the equal one that was there, or null
     */
    public @Nullable S replace(Spelling spelling, String filter, S subscriber) {
        return put(spelling, filter, subscriber, true);
    }

    private @Nullable S put(Spelling spelling, String filter, S subscriber, boolean replace) {
        Objects.requireNonNull(subscriber, "subscriber");
        Levels levels = Levels.borrow();
        try {
            boolean wildcard = scanFilter(levels, spelling, filter);
            synchronized (writing) {
                Filter<S> entry = wildcard ? trie(spelling).findOrAdd(levels) : findOrAddExact(spelling, levels);
                boolean first = entry.size() == 0;
                S previous = entry.put(subscriber, replace);
                if (previous == null) {
                    count(spelling, first ? 1 : 0, 1);
                }
                if (previous == null || replace) {
                    version++;
                }
                return previous;
            }
        } finally {
            levels.giveBack();
        }
    }

    private Filter<S> findOrAddExact(Spelling spelling, Levels levels) {
        int hash = ExactFilters.hash(levels);
        Filter<S> entry = exact.find(spelling, levels.text(), hash);
        if (entry == null) {
            entry = new Filter<>(spelling, levels.text(), hash);
            exact.add(entry);
        }
        return entry;
    }

    /** Removes a subscriber from a filter; false if it was not there. */
    public boolean remove(Spelling spelling, String filter, S subscriber) {
        Levels levels = Levels.borrow();
        try {
            boolean wildcard = scanFilter(levels, spelling, filter);
            synchronized (writing) {
                Filter<S> entry = find(spelling, levels, wildcard);
                if (entry == null || !entry.remove(subscriber)) {
                    return false;
                }
                boolean last = entry.size() == 0;
                if (last && wildcard) {
                    trie(spelling).remove(levels);
                } else if (last) {
                    exact.remove(entry);
                }
                count(spelling, last ? -1 : 0, -1);
                version++;
                return true;
            }
        } finally {
            levels.giveBack();
        }
    }

    private @Nullable Filter<S> find(Spelling spelling, Levels levels, boolean wildcard) {
        return wildcard ? trie(spelling).find(levels) : exact.find(spelling, levels.text(), ExactFilters.hash(levels));
    }

    /** Checks the filter and cuts it as its table needs it; true if it has a wildcard. */
    private boolean scanFilter(Levels levels, Spelling spelling, String filter) {
        levels.scan(filter, Subjects.separatorTrait(spelling), seed);
        SubjectProblem problem = Subjects.filterProblem(spelling, levels);
        if (problem != null) {
            throw new IllegalArgumentException(problem.describe(filter));
        }
        if (Subjects.hasWildcard(spelling, filter)) {
            return true;
        }
        levels.scan(filter, Levels.BOTH, seed);
        return false;
    }

    private void count(Spelling spelling, int filters, int subscribers) {
        if (spelling == Spelling.SLASH) {
            slashFilters += filters;
        } else {
            dotFilters += filters;
        }
        subscriptions += subscribers;
    }

    private LevelTrie<S> trie(Spelling spelling) {
        return spelling == Spelling.SLASH ? slash : dot;
    }

    /** Reports every subscription that matches; filters starting with a wildcard see their own spelling only. */
    public void match(Spelling published, String subject, Matches<S> out) {
        match(published, subject, false, out);
    }

    /**
     * Reports every subscription that matches, each once per filter, in no particular order.
     *
     * @param wildcardsCross whether filters that start with a wildcard see subjects of the other spelling too (the tenant decides)
     */
    public void match(Spelling published, String subject, boolean wildcardsCross, Matches<S> out) {
        Levels levels = Levels.borrow();
        try {
            if (published == Spelling.SLASH) {
                matchSlash(levels, subject, wildcardsCross, out);
            } else {
                matchDot(levels, subject, wildcardsCross, out);
            }
        } finally {
            levels.giveBack();
        }
    }

    private void matchSlash(Levels levels, String subject, boolean wildcardsCross, Matches<S> out) {
        levels.scan(subject, Levels.SLASH, seed);
        boolean own = slashFilters > 0 && isSpellable(Subjects.subjectProblem(Spelling.SLASH, levels));
        if (own && !slash.isEmpty()) {
            // Filters that start with a wildcard do not match topics that start with $ [MQTT-4.7.2-1].
            boolean firstWildcards = subject.charAt(0) != '$';
            slash.match(levels, firstWildcards, Spelling.SLASH, null, out);
        }
        if (levels.has(Levels.DOT)) {
            levels.scan(subject, Levels.BOTH, seed);
        }
        boolean cross = dotFilters > 0 && mayCross(Spelling.SLASH, levels);
        exact.match(Spelling.SLASH, levels, own, false, cross, out);
        if (cross && !dot.isEmpty()) {
            dot.match(levels, wildcardsCross, Spelling.DOT, null, out);
        }
    }

    private void matchDot(Levels levels, String subject, boolean wildcardsCross, Matches<S> out) {
        levels.scan(subject, Levels.DOT, seed);
        boolean own = dotFilters > 0 && isSpellable(Subjects.subjectProblem(Spelling.DOT, levels));
        if (own && !dot.isEmpty()) {
            dot.match(levels, true, Spelling.DOT, null, out);
        }
        if (levels.has(Levels.SLASH)) {
            levels.scan(subject, Levels.BOTH, seed);
        }
        boolean cross = slashFilters > 0 && mayCross(Spelling.DOT, levels);
        exact.match(Spelling.DOT, levels, own, cross, cross, out);
        if (!cross || slash.isEmpty()) {
            return;
        }
        boolean twoForms = levels.has(Levels.DOT);
        if (twoForms) {
            slash.match(levels, wildcardsCross, Spelling.SLASH, subject, out);
            levels.scan(subject, Levels.SLASH, seed);
        }
        slash.match(levels, wildcardsCross, Spelling.DOT, null, out);
    }

    private boolean mayCross(Spelling published, Levels levels) {
        return !Subjects.isPrivate(levels.text()) && isSpellable(Subjects.crossingProblem(published, levels));
    }

    private boolean isSpellable(@Nullable SubjectProblem problem) {
        if (problem != null) {
            unspellable.increment();
        }
        return problem == null;
    }

    /**
     * Shows every filter until the visitor answers false, in no particular order, on the calling thread. For listings: it walks
     * everything, and is only weakly consistent, so a filter whose neighbours change meanwhile may be shown twice or not at all.
     */
    public void scan(Predicate<? super FilterView<S>> visitor) {
        if (exact.scan(visitor) && slash.scan(visitor)) {
            dot.scan(visitor);
        }
    }

    /** The subscribers of one filter, or null if it has none. */
    public @Nullable FilterView<S> filter(Spelling spelling, String filter) {
        Levels levels = Levels.borrow();
        try {
            boolean wildcard = scanFilter(levels, spelling, filter);
            return find(spelling, levels, wildcard);
        } finally {
            levels.giveBack();
        }
    }

    /**
     * Grows after every change. A result matched after reading version v is valid while the version is still v.
     */
    public long version() {
        return version;
    }

    /** Distinct filters, of both spellings. */
    public int filters() {
        return slashFilters + dotFilters;
    }

    /** Pairs of filter and subscriber. */
    public long subscriptions() {
        return subscriptions;
    }

    /** How often a subject was not matched in a spelling that has filters, because it is not legal there. */
    public long unspellable() {
        return unspellable.sum();
    }

    /** Slots held by all tables; for tests against leaks. */
    int capacity() {
        synchronized (writing) {
            return exact.capacity() + slash.capacity() + dot.capacity();
        }
    }
}
