/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map that shares most of itself with the map it was made from: a change copies one of 256 segments, not
 * thousands of entries. Immutable.
 */
final class SegmentedMap<K, V> {
    private static final int SEGMENTS = 256;

    private final Map<K, V>[] segments;
    private final int size;

    private SegmentedMap(Map<K, V>[] segments, int size) {
        this.segments = segments;
        this.size = size;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    static <K, V> SegmentedMap<K, V> empty() {
        Map<K, V>[] segments = new Map[SEGMENTS];
        Arrays.fill(segments, Map.of());
        return new SegmentedMap<>(segments, 0);
    }

    private static int segment(Object key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash >>> 24;
    }

    @Nullable
    V get(K key) {
        return segments[segment(key)].get(key);
    }

    SegmentedMap<K, V> with(K key, V value) {
        Map<K, V> changed = new HashMap<>(segments[segment(key)]);
        changed.put(key, value);
        return replaced(segment(key), changed);
    }

    SegmentedMap<K, V> without(K key) {
        if (get(key) == null) {
            return this;
        }
        Map<K, V> changed = new HashMap<>(segments[segment(key)]);
        changed.remove(key);
        return replaced(segment(key), changed);
    }

    private SegmentedMap<K, V> replaced(int segment, Map<K, V> changed) {
        Map<K, V>[] copy = segments.clone();
        copy[segment] = changed;
        return new SegmentedMap<>(copy, size - segments[segment].size() + changed.size());
    }

    /** A live view; the map never changes, so neither does it. */
    Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                return entries().iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private Stream<V> entries() {
        return Arrays.stream(segments).flatMap(segment -> segment.values().stream());
    }
}
