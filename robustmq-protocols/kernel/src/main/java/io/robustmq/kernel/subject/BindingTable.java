/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which topic does a subject belong to: the bindings of one tenant. The most specific binding wins, compared level by level from the
 * left, literal before one level before rest; bindings for which that is no clear answer are refused.
 *
 * <p>Immutable: every change answers a new table that shares nearly everything with the old one; publish it by a volatile field.
 *
 * @param <T> what is bound, usually a topic
 */
public final class BindingTable<T> {
    private static final BindingTable<?> EMPTY =
            new BindingTable<>(PersistentMap.empty(), new Node<>(PersistentMap.empty(), null, null, null), 0);

    private final PersistentMap<Bound<T>> exact;
    private final Node<T> wildcards;
    private final int size;

    /** A binding and what is bound by it. */
    public record Bound<T>(SubjectBinding binding, T value) {}

    private record Node<T>(
            PersistentMap<Node<T>> literals,
            @Nullable Node<T> one,
            @Nullable Bound<T> rest,
            @Nullable Bound<T> here) {
        boolean isEmpty() {
            return literals.size() == 0 && one == null && rest == null && here == null;
        }
    }

    private BindingTable(PersistentMap<Bound<T>> exact, Node<T> wildcards, int size) {
        this.exact = exact;
        this.wildcards = wildcards;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <T> BindingTable<T> empty() {
        return (BindingTable<T>) EMPTY;
    }

    public int size() {
        return size;
    }

    /** Why this binding cannot be added, if it cannot. */
    public Optional<BindingConflict> conflictWith(SubjectBinding binding) {
        if (binding.isExact()) {
            // Against a wildcard an exact binding is the more specific one in every level.
            Bound<T> same = exact.get(binding.text());
            return same == null ? Optional.empty() : binding.conflictWith(same.binding);
        }
        List<BindingConflict> conflicts = new ArrayList<>(1);
        collectConflicts(wildcards, binding, 0, conflicts);
        return conflicts.stream().findFirst();
    }

    private void collectConflicts(
            @Nullable Node<T> node, SubjectBinding binding, int level, List<BindingConflict> conflicts) {
        if (node == null || !conflicts.isEmpty()) {
            return;
        }
        addConflict(node.here, binding, conflicts);
        addConflict(node.rest, binding, conflicts);
        boolean beyond = level >= binding.levels().size();
        if (beyond && !binding.hasRest()) {
            return;
        }
        collectConflicts(node.one, binding, level + 1, conflicts);
        if (beyond || binding.isOne(level)) {
            node.literals.forEach(child -> collectConflicts(child, binding, level + 1, conflicts));
        } else {
            collectConflicts(node.literals.get(binding.levels().get(level)), binding, level + 1, conflicts);
        }
    }

    private void addConflict(@Nullable Bound<T> bound, SubjectBinding binding, List<BindingConflict> conflicts) {
        if (bound != null) {
            binding.conflictWith(bound.binding).ifPresent(conflicts::add);
        }
    }

    /** @throws IllegalArgumentException if the binding conflicts with one of the table; see {@link #conflictWith} */
    public BindingTable<T> with(SubjectBinding binding, T value) {
        conflictWith(binding).ifPresent(conflict -> {
            throw new IllegalArgumentException(conflict.describe());
        });
        Bound<T> bound = new Bound<>(binding, value);
        return binding.isExact()
                ? new BindingTable<>(exact.with(binding.text(), bound), wildcards, size + 1)
                : new BindingTable<>(exact, change(wildcards, binding, 0, bound), size + 1);
    }

    /** The table without this binding; the same table if it has none. */
    public BindingTable<T> without(SubjectBinding binding) {
        if (get(binding) == null) {
            return this;
        }
        return binding.isExact()
                ? new BindingTable<>(exact.without(binding.text()), wildcards, size - 1)
                : new BindingTable<>(exact, change(wildcards, binding, 0, null), size - 1);
    }

    /** A copy of the path to the binding's place with this content; null takes it out. */
    private Node<T> change(@Nullable Node<T> old, SubjectBinding binding, int level, @Nullable Bound<T> bound) {
        Node<T> node = old == null ? new Node<>(PersistentMap.empty(), null, null, null) : old;
        if (level == binding.levels().size()) {
            return binding.hasRest()
                    ? new Node<>(node.literals, node.one, bound, node.here)
                    : new Node<>(node.literals, node.one, node.rest, bound);
        }
        if (binding.isOne(level)) {
            Node<T> one = change(node.one, binding, level + 1, bound);
            return new Node<>(node.literals, one.isEmpty() ? null : one, node.rest, node.here);
        }
        String token = binding.levels().get(level);
        Node<T> child = change(node.literals.get(token), binding, level + 1, bound);
        PersistentMap<Node<T>> literals =
                child.isEmpty() ? node.literals.without(token) : node.literals.with(token, child);
        return new Node<>(literals, node.one, node.rest, node.here);
    }

    /** What is bound by exactly this binding, or null. */
    public @Nullable T get(SubjectBinding binding) {
        Bound<T> bound = binding.isExact() ? exact.get(binding.text()) : wildcard(binding);
        return bound != null && bound.binding.equals(binding) ? bound.value : null;
    }

    private @Nullable Bound<T> wildcard(SubjectBinding binding) {
        Node<T> node = wildcards;
        for (int i = 0; i < binding.levels().size() && node != null; i++) {
            node = binding.isOne(i)
                    ? node.one
                    : node.literals.get(binding.levels().get(i));
        }
        if (node == null) {
            return null;
        }
        return binding.hasRest() ? node.rest : node.here;
    }

    /** What the most specific binding of this subject has bound; null means the protocol's catch-all. */
    public @Nullable T resolve(String canonicalSubject) {
        Bound<T> bound = find(canonicalSubject);
        return bound == null ? null : bound.value;
    }

    /** The most specific binding of this subject with what it has bound, or null. */
    public @Nullable Bound<T> find(String canonicalSubject) {
        Bound<T> bound = exact.get(canonicalSubject);
        if (bound != null || wildcards.isEmpty()) {
            return bound;
        }
        return find(wildcards, canonicalSubject, 0, Subjects.isPrivate(canonicalSubject));
    }

    /** Depth first and the more specific branch first: what is found first is the answer. */
    private @Nullable Bound<T> find(Node<T> node, String subject, int start, boolean literalOnly) {
        if (start > subject.length()) {
            boolean empty = node.rest != null && node.rest.binding.restMayBeEmpty();
            return node.here != null ? node.here : empty ? node.rest : null;
        }
        int dot = subject.indexOf('.', start);
        int end = dot < 0 ? subject.length() : dot;
        if (node.literals.size() > 0) {
            Node<T> child = node.literals.get(subject.substring(start, end));
            Bound<T> found = child == null ? null : find(child, subject, end + 1, false);
            if (found != null) {
                return found;
            }
        }
        if (literalOnly) {
            return null;
        }
        Bound<T> found = node.one == null ? null : find(node.one, subject, end + 1, false);
        return found != null ? found : node.rest;
    }

    /** Shows every binding, in no particular order. */
    public void forEach(Consumer<? super Bound<T>> action) {
        exact.forEach(action);
        forEach(wildcards, action);
    }

    private void forEach(Node<T> node, Consumer<? super Bound<T>> action) {
        if (node.here != null) {
            action.accept(node.here);
        }
        if (node.rest != null) {
            action.accept(node.rest);
        }
        if (node.one != null) {
            forEach(node.one, action);
        }
        node.literals.forEach(child -> forEach(child, action));
    }
}
