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
    private final Node<S> root = new Node<>(null, "", 0, 0);
    private long nodesMade;

    private static final class Node<S> extends HashSlots.Slot {
        final @Nullable Node<S> parent;
        final String token;
        final long salt;
        /** Children that are no wildcard: zero spares the reader a look-up. */
        volatile int literals;

        volatile @Nullable Node<S> one;
        volatile @Nullable Filter<S> rest;
        volatile @Nullable Filter<S> here;

        Node(@Nullable Node<S> parent, String token, int hash, long salt) {
            super(hash);
            this.parent = parent;
            this.token = token;
            this.salt = salt;
        }

        boolean isEmpty() {
            return literals == 0 && one == null && rest == null && here == null;
        }
    }

    LevelTrie(Spelling spelling) {
        this.spelling = spelling;
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
            one = new Node<>(node, String.valueOf(spelling.one()), 0, nextSalt());
            node.one = one;
        }
        return one;
    }

    private Node<S> childOrAdd(Node<S> node, Levels filter, int level) {
        Node<S> child = child(node, filter, level);
        if (child == null) {
            child = new Node<>(node, filter.level(level), edgeHash(node, filter, level), nextSalt());
            edges.add(child);
            node.literals++;
        }
        return child;
    }

    private long nextSalt() {
        return Levels.mix(++nodesMade, spelling.ordinal());
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
            if (parent.one == node) {
                parent.one = null;
            } else {
                edges.remove(node);
                parent.literals--;
            }
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
        Node<S> child = root.literals == 0 ? null : child(root, levels, 0);
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
        Node<S> child = node.literals == 0 ? null : child(node, levels, depth);
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
        int hash = edgeHash(parent, levels, level);
        HashSlots.Slot[] table = edges.table(hash);
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            HashSlots.Slot slot = HashSlots.slot(table, i);
            if (slot == null) {
                return null;
            }
            Node<S> node = slot.hash == hash ? node(slot) : null;
            if (node != null && node.parent == parent && levels.isLevel(level, node.token)) {
                return node;
            }
        }
    }

    private static int edgeHash(Node<?> parent, Levels levels, int level) {
        return Levels.fold(parent.salt ^ levels.hash(level));
    }

    /** Shows every filter: each node made by a wildcard hangs below a node of the table or below the root. */
    boolean scan(Predicate<? super FilterView<S>> visitor) {
        return scanChain(root, visitor)
                && edges.scan(slot -> {
                    Node<S> node = node(slot);
                    return node == null || scanChain(node, visitor);
                });
    }

    private boolean scanChain(Node<S> start, Predicate<? super FilterView<S>> visitor) {
        for (Node<S> node = start; node != null; node = node.one) {
            if (!show(node.here, visitor) || !show(node.rest, visitor)) {
                return false;
            }
        }
        return true;
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
