/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One filter and its subscribers: the only one itself, a small array copied on change, or a concurrent map once there are many, because
 * a copy per change would make 100,000 subscribers of one filter quadratic.
 *
 * <p>Thread-safe: readers on any thread without locks, writers serialized by the index.
 */
final class Filter<S> extends HashSlots.Slot implements FilterView<S> {
    private static final int FEW_MAX = 16;
    private static final int FEW_AGAIN = 8;
    private static final Object[] NOBODY = {};

    private final Spelling spelling;
    private final String text;

    /** A subscriber, {@link Few} or {@link Many}; one field, so that a reader sees one form or the other and never a gap between. */
    private volatile @Nullable Object subscribers;

    /** Classes of our own: a subscriber may be of any type, also an array or a map. */
    private record Few(Object[] all) {}

    private static final class Many<S> {
        final ConcurrentHashMap<S, S> map = new ConcurrentHashMap<>(FEW_MAX * 4);
    }

    Filter(Spelling spelling, String text, int hash) {
        super(hash);
        this.spelling = spelling;
        this.text = text;
    }

    /** Adds, or replaces an equal one if asked to; answers the equal one that was there before. */
    @Nullable
    S put(S subscriber, boolean replace) {
        Object now = subscribers;
        if (now instanceof Many<?>) {
            ConcurrentHashMap<S, S> map = map(now);
            return replace ? map.put(subscriber, subscriber) : map.putIfAbsent(subscriber, subscriber);
        }
        Object[] few = few(now);
        int at = indexOf(few, subscriber);
        if (at < 0) {
            subscribers = few.length < FEW_MAX ? form(append(few, subscriber)) : grow(few, subscriber);
            return null;
        }
        S previous = cast(few[at]);
        if (replace) {
            Object[] copy = few.clone();
            copy[at] = subscriber;
            subscribers = form(copy);
        }
        return previous;
    }

    private static Object[] few(@Nullable Object now) {
        if (now == null) {
            return NOBODY;
        }
        return now instanceof Few few ? few.all : new Object[] {now};
    }

    private static @Nullable Object form(Object[] few) {
        return switch (few.length) {
            case 0 -> null;
            case 1 -> few[0];
            default -> new Few(few);
        };
    }

    private static Object[] append(Object[] few, Object subscriber) {
        Object[] copy = Arrays.copyOf(few, few.length + 1);
        copy[few.length] = subscriber;
        return copy;
    }

    private Many<S> grow(Object[] few, S subscriber) {
        Many<S> many = new Many<>();
        for (Object each : few) {
            S known = cast(each);
            many.map.put(known, known);
        }
        many.map.put(subscriber, subscriber);
        return many;
    }

    boolean remove(S subscriber) {
        Object now = subscribers;
        if (now instanceof Many<?>) {
            ConcurrentHashMap<S, S> map = map(now);
            boolean removed = map.remove(subscriber) != null;
            if (map.size() <= FEW_AGAIN) {
                subscribers = form(map.values().toArray());
            }
            return removed;
        }
        Object[] few = few(now);
        int at = indexOf(few, subscriber);
        if (at < 0) {
            return false;
        }
        Object[] copy = new Object[few.length - 1];
        System.arraycopy(few, 0, copy, 0, at);
        System.arraycopy(few, at + 1, copy, at, copy.length - at);
        subscribers = form(copy);
        return true;
    }

    private static int indexOf(Object[] few, Object subscriber) {
        for (int i = 0; i < few.length; i++) {
            if (few[i].equals(subscriber)) {
                return i;
            }
        }
        return -1;
    }

    /** Whether this filter is the text of the other spelling with the separators exchanged. */
    boolean isTranslationOf(String subject) {
        if (text.length() != subject.length()) {
            return false;
        }
        char from = spelling.other().separator();
        char to = spelling.separator();
        for (int i = 0; i < text.length(); i++) {
            char c = subject.charAt(i);
            if (text.charAt(i) != (c == from ? to : c)) {
                return false;
            }
        }
        return true;
    }

    void report(Spelling subjectSpelling, Matches<S> out) {
        Object now = subscribers;
        if (now == null) {
            return;
        }
        if (now instanceof Few few) {
            for (Object each : few.all) {
                out.match(spelling, subjectSpelling, cast(each));
            }
        } else if (now instanceof Many<?>) {
            for (S each : map(now).values()) {
                out.match(spelling, subjectSpelling, each);
            }
        } else {
            out.match(spelling, subjectSpelling, cast(now));
        }
    }

    @Override
    public Spelling spelling() {
        return spelling;
    }

    @Override
    public String filter() {
        return text;
    }

    @Override
    public int size() {
        Object now = subscribers;
        if (now instanceof Many<?>) {
            return map(now).size();
        }
        return few(now).length;
    }

    @Override
    public void forEach(Consumer<? super S> action) {
        report(spelling, (filterSpelling, subjectSpelling, subscriber) -> action.accept(subscriber));
    }

    @SuppressWarnings("unchecked")
    private ConcurrentHashMap<S, S> map(Object many) {
        return ((Many<S>) many).map;
    }

    @SuppressWarnings("unchecked")
    private S cast(Object subscriber) {
        return (S) subscriber;
    }
}
