/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The filters without a wildcard, of both spellings, in one hash table over the canonical form: one look-up finds the filters of a
 * subject's own spelling and those of the other.
 *
 * <p>Thread-safe: readers on any thread without locks, writers serialized by the index.
 */
final class ExactFilters<S> {
    private final HashSlots slots = new HashSlots();

    static int hash(Levels levels) {
        return Long.hashCode(levels.wholeHash());
    }

    /** The filter with exactly this text, or null. */
    @Nullable
    Filter<S> find(Spelling spelling, String text, int hash) {
        HashSlots.Slot[] table = slots.table(hash);
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            HashSlots.Slot slot = HashSlots.slot(table, i);
            if (slot == null) {
                return null;
            }
            Filter<S> filter = filter(slot, hash);
            if (filter != null
                    && filter.spelling() == spelling
                    && filter.filter().equals(text)) {
                return filter;
            }
        }
    }

    void add(Filter<S> filter) {
        slots.add(filter);
    }

    void remove(Filter<S> filter) {
        slots.remove(filter);
    }

    /**
     * Reports the filters that equal the subject in its own spelling or, where allowed, in the other one. The levels must be cut so that
     * the hash is that of the canonical form.
     *
     * @param own whether filters of the published spelling may match
     * @param literal whether filters of the other spelling may match the text as published
     * @param translated whether filters of the other spelling may match the translated text
     */
    void match(Spelling published, Levels levels, boolean own, boolean literal, boolean translated, Matches<S> out) {
        String subject = levels.text();
        int hash = hash(levels);
        HashSlots.Slot[] table = slots.table(hash);
        int mask = table.length - 1;
        for (int i = hash & mask; ; i = (i + 1) & mask) {
            HashSlots.Slot slot = HashSlots.slot(table, i);
            if (slot == null) {
                return;
            }
            Filter<S> filter = filter(slot, hash);
            if (filter == null) {
                continue;
            }
            boolean asPublished = filter.spelling() == published ? own : literal;
            if (asPublished && filter.filter().equals(subject)) {
                filter.report(published, out);
            } else if (translated && filter.spelling() != published && filter.isTranslationOf(subject)) {
                filter.report(filter.spelling(), out);
            }
        }
    }

    boolean scan(Predicate<? super FilterView<S>> visitor) {
        return slots.scan(slot -> {
            Filter<S> filter = filter(slot, slot.hash);
            return filter == null || filter.size() == 0 || visitor.test(filter);
        });
    }

    int capacity() {
        return slots.capacity();
    }

    /** The filter in this slot if its hash fits: a removed slot holds none. */
    @SuppressWarnings("unchecked")
    private @Nullable Filter<S> filter(HashSlots.Slot slot, int hash) {
        return slot.hash == hash && slot instanceof Filter<?> ? (Filter<S>) slot : null;
    }
}
