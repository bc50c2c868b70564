/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The filters with wildcards of one spelling. The edges of all nodes live in one hash table keyed by (parent, level), so a node with
 * a million children costs no more to change or to search than one with two.
 *
 * <p>Thread-safe: readers on any thread without locks, writers serialized by the index. A node is taken out only when nothing hangs on
 * it, so a reader that stands on it misses nothing that was there when it began.
 */
final class LevelTrie<S> {
    private final Spelling spelling;
    private final HashSlots edges = new HashSlots();
    private final Node<S> root = new Node<>(null, "", 0, 0, 0);
    private final long seed;
    private long nodesMade;

    private static final class Node<S> extends HashSlots.Slot {
        final @Nullable Node<S> parent;
        final String token;
        final long key;
        final long id;
        /** The first child, while there is no second one: most nodes have one, and it is found without the table. */
        volatile @Nullable Node<S> only;

        /** Children in the table: zero spares the reader a look-up. */
        volatile int inTable;

        volatile @Nullable Node<S> one;
        volatile @Nullable Filter<S> rest;
        volatile @Nullable Filter<S> here;

        Node(@Nullable Node<S> parent, String token, long key, int hash, long id) {
            super(hash);
            this.parent = parent;
            this.token = token;
            this.key = key;
            this.id = id;
        }

        boolean is(Levels levels, int level) {
            return key == levels.key(level) && (key >= 0 || levels.isLevel(level, token));
        }

        boolean isEmpty() {
            return only == null && inTable == 0 && one == null && rest == null && here == null;
        }
    }

    LevelTrie(Spelling spelling, long seed) {
        this.spelling = spelling;
        this.seed = seed;
    }

    /** The subscribers of the filter cut into these levels, or null. */
    @Nullable
    Filter<S> find(Levels filter) {
        Node<S> node = findNode(filter);
        if (node == null) {
            return null;
        }
        return endsInRest(filter) ? node.rest : node.here;
    }

    private @Nullable Node<S> findNode(Levels filter) {
        Node<S> node = root;
        int plain = plainLevels(filter);
        for (int i = 0; i < plain && node != null; i++) {
            node = filter.isLevel(i, spelling.one()) ? node.one : child(node, filter, i);
        }
        return node;
    }

    /** The subscribers of this filter, made if there are none yet. The filter must get a subscriber or be removed again. */
    Filter<S> findOrAdd(Levels filter) {
        Node<S> node = root;
        int plain = plainLevels(filter);
        for (int i = 0; i < plain; i++) {
            node = filter.isLevel(i, spelling.one()) ? oneOrAdd(node) : childOrAdd(node, filter, i);
        }
        boolean rest = endsInRest(filter);
        Filter<S> found = rest ? node.rest : node.here;
        if (found == null) {
            found = new Filter<>(spelling, filter.text(), 0);
            if (rest) {
                node.rest = found;
            } else {
                node.here = found;
            }
        }
        return found;
    }

    private Node<S> oneOrAdd(Node<S> node) {
        Node<S> one = node.one;
        if (one == null) {
            one = new Node<>(node, String.valueOf(spelling.one()), 0, 0, ++nodesMade);
            node.one = one;
        }
        return one;
    }

    private Node<S> childOrAdd(Node<S> node, Levels filter, int level) {
        Node<S> known = child(node, filter, level);
        if (known != null) {
            return known;
        }
        int hash = edgeHash(node, filter, level);
        Node<S> child = new Node<>(node, filter.level(level), filter.key(level), hash, ++nodesMade);
        Node<S> only = node.only;
        if (only == null && node.inTable == 0) {
            node.only = child;
            return child;
        }
        if (only != null) {
            // Into the table first: a reader that no longer sees it as the only child must find it there.
            edges.add(only);
            node.inTable++;
            node.only = null;
        }
        edges.add(child);
        node.inTable++;
        return child;
    }

    private void unlink(Node<S> parent, Node<S> child) {
        if (parent.one == child) {
            parent.one = null;
        } else if (parent.only == child) {
            parent.only = null;
        } else {
            edges.remove(child);
            parent.inTable--;
        }
    }

    /** Takes a filter without subscribers out, and every node that only led to it. */
    void remove(Levels filter) {
        Node<S> node = findNode(filter);
        if (node == null) {
            return;
        }
        if (endsInRest(filter)) {
            node.rest = null;
        } else {
            node.here = null;
        }
        for (Node<S> parent = node.parent; parent != null && node.isEmpty(); parent = node.parent) {
            unlink(parent, node);
            node = parent;
        }
    }

    private boolean endsInRest(Levels filter) {
        return filter.isLevel(filter.count() - 1, spelling.rest());
    }

    private int plainLevels(Levels filter) {
        return endsInRest(filter) ? filter.count() - 1 : filter.count();
    }

    /**
     * Reports every filter that matches the levels.
     *
     * @param firstWildcards whether filters that start with a wildcard may match
     * @param subjectSpelling under which spelling to report
     * @param reportedAs the text for which a further call will report: what matches it is left out here; null for none
     */
    void match(
            Levels levels,
            boolean firstWildcards,
            Spelling subjectSpelling,
            @Nullable String reportedAs,
            Matches<S> out) {
        if (firstWildcards) {
            walk(root, 0, levels, subjectSpelling, reportedAs, out);
            return;
        }
        Node<S> child = child(root, levels, 0);
        if (child != null) {
            walk(child, 1, levels, subjectSpelling, reportedAs, out);
        }
    }

    private void walk(
            Node<S> node,
            int depth,
            Levels levels,
            Spelling subjectSpelling,
            @Nullable String reportedAs,
            Matches<S> out) {
        if (depth == levels.count()) {
            report(node.here, subjectSpelling, reportedAs, out);
            // "sport/#" also matches "sport" (MQTT 4.7.1.2); "sport.>" needs a further token.
            if (spelling == Spelling.SLASH) {
                report(node.rest, subjectSpelling, reportedAs, out);
            }
            return;
        }
        report(node.rest, subjectSpelling, reportedAs, out);
        Node<S> one = node.one;
        if (one != null) {
            walk(one, depth + 1, levels, subjectSpelling, reportedAs, out);
        }
        Node<S> child = child(node, levels, depth);
        if (child != null) {
            walk(child, depth + 1, levels, subjectSpelling, reportedAs, out);
        }
    }

    private void report(
            @Nullable Filter<S> filter, Spelling subjectSpelling, @Nullable String reportedAs, Matches<S> out) {
        if (filter == null || (reportedAs != null && Subjects.matches(spelling, filter.filter(), reportedAs))) {
            return;
        }
        filter.report(subjectSpelling, out);
    }

    private @Nullable Node<S> child(Node<S> parent, Levels levels, int level) {
        Node<S> only = parent.only;
        if (only != null) {
            return only.is(levels, level) ? only : null;
        }
        return parent.inTable == 0 ? null : childInTable(parent, levels, level);
    }

    private @Nullable Node<S> childInTable(Node<S> parent, Levels levels, int level) {
        int hash = edgeHash(parent, levels, level);
        HashSlots.Slot[] table = edges.table(hash);
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            HashSlots.Slot slot = HashSlots.slot(table, i);
            if (slot == null) {
                return null;
            }
            Node<S> node = slot.hash == hash ? node(slot) : null;
            if (node != null && node.parent == parent && node.is(levels, level)) {
                return node;
            }
        }
    }

    private int edgeHash(Node<S> parent, Levels levels, int level) {
        return Long.hashCode(Levels.mix(parent.id ^ seed, levels.key(level), seed));
    }

    /** Shows every filter: each node hangs below a node of the table, or the root, by steps that need no table. */
    boolean scan(Predicate<? super FilterView<S>> visitor) {
        return scanBelow(root, visitor)
                && edges.scan(slot -> {
                    Node<S> node = node(slot);
                    return node == null || scanBelow(node, visitor);
                });
    }

    private boolean scanBelow(@Nullable Node<S> node, Predicate<? super FilterView<S>> visitor) {
        return node == null
                || show(node.here, visitor)
                        && show(node.rest, visitor)
                        && scanBelow(node.one, visitor)
                        && scanBelow(node.only, visitor);
    }

    private boolean show(@Nullable Filter<S> filter, Predicate<? super FilterView<S>> visitor) {
        return filter == null || filter.size() == 0 || visitor.test(filter);
    }

    int capacity() {
        return edges.capacity();
    }

    boolean isEmpty() {
        return root.isEmpty();
    }

    @SuppressWarnings("unchecked")
    private @Nullable Node<S> node(HashSlots.Slot slot) {
        return slot instanceof Node<?> ? (Node<S>) slot : null;
    }
}
