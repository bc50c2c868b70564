/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A hash map whose changes answer a new map and share nearly everything with the old one (a hash array mapped trie), so that one more
 * binding among 100,000 copies a handful of small arrays.
 *
 * <p>Immutable.
 */
final class PersistentMap<V> {
    private static final int BITS = 5;
    private static final int LEVEL_MASK = (1 << BITS) - 1;
    private static final Branch EMPTY_BRANCH = new Branch(0, new Object[0]);
    private static final PersistentMap<?> EMPTY = new PersistentMap<>(EMPTY_BRANCH, 0);

    private final Branch root;
    private final int size;

    /** Up to 32 children; slot n of the bitmap is present if its bit is set. A child is a Branch or a Leaf. */
    private record Branch(int bitmap, Object[] children) {
        int index(int bit) {
            return Integer.bitCount(bitmap & (bit - 1));
        }
    }

    /** One key, or the head of a chain of keys whose whole hash is the same. */
    private record Leaf(String key, Object value, @Nullable Leaf next) {
        int hash() {
            return spread(key);
        }
    }

    private PersistentMap(Branch root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    static <V> PersistentMap<V> empty() {
        return (PersistentMap<V>) EMPTY;
    }

    private static int spread(String key) {
        int hash = key.hashCode() * 0x9E3779B9;
        return hash ^ (hash >>> 16);
    }

    int size() {
        return size;
    }

    @SuppressWarnings("unchecked")
    @Nullable
    V get(String key) {
        int hash = spread(key);
        Object child = root;
        int shift = 0;
        while (child instanceof Branch branch) {
            int bit = 1 << (hash >>> shift & LEVEL_MASK);
            if ((branch.bitmap & bit) == 0) {
                return null;
            }
            child = branch.children[branch.index(bit)];
            shift += BITS;
        }
        for (Leaf leaf = (Leaf) child; leaf != null; leaf = leaf.next) {
            if (leaf.key.equals(key)) {
                return (V) leaf.value;
            }
        }
        return null;
    }

    PersistentMap<V> with(String key, V value) {
        boolean known = get(key) != null;
        return new PersistentMap<>(put(root, spread(key), 0, new Leaf(key, value, null)), known ? size : size + 1);
    }

    private static Branch put(Branch branch, int hash, int shift, Leaf leaf) {
        int bit = 1 << (hash >>> shift & LEVEL_MASK);
        int index = branch.index(bit);
        Object[] old = branch.children;
        if ((branch.bitmap & bit) == 0) {
            Object[] children = new Object[old.length + 1];
            System.arraycopy(old, 0, children, 0, index);
            children[index] = leaf;
            System.arraycopy(old, index, children, index + 1, old.length - index);
            return new Branch(branch.bitmap | bit, children);
        }
        Object[] children = old.clone();
        children[index] = old[index] instanceof Branch below
                ? put(below, hash, shift + BITS, leaf)
                : join((Leaf) old[index], hash, shift + BITS, leaf);
        return new Branch(branch.bitmap, children);
    }

    private static Object join(Leaf present, int hash, int shift, Leaf leaf) {
        if (present.hash() == hash) {
            return new Leaf(leaf.key, leaf.value, chainWithout(present, leaf.key));
        }
        Branch below = new Branch(1 << (present.hash() >>> shift & LEVEL_MASK), new Object[] {present});
        return put(below, hash, shift, leaf);
    }

    private static @Nullable Leaf chainWithout(@Nullable Leaf chain, String key) {
        if (chain == null) {
            return null;
        }
        return chain.key.equals(key) ? chain.next : new Leaf(chain.key, chain.value, chainWithout(chain.next, key));
    }

    PersistentMap<V> without(String key) {
        if (get(key) == null) {
            return this;
        }
        Branch changed = remove(root, spread(key), 0, key);
        return size == 1 ? empty() : new PersistentMap<>(changed == null ? EMPTY_BRANCH : changed, size - 1);
    }

    /** The branch without a key that it holds; null if nothing is left of it. */
    private static @Nullable Branch remove(Branch branch, int hash, int shift, String key) {
        int bit = 1 << (hash >>> shift & LEVEL_MASK);
        int index = branch.index(bit);
        Object[] old = branch.children;
        Object changed = old[index] instanceof Branch below
                ? remove(below, hash, shift + BITS, key)
                : chainWithout((Leaf) old[index], key);
        if (changed != null) {
            Object[] children = old.clone();
            children[index] = changed;
            return new Branch(branch.bitmap, children);
        }
        if (old.length == 1) {
            return null;
        }
        Object[] children = Arrays.copyOf(old, old.length - 1);
        System.arraycopy(old, index + 1, children, index, children.length - index);
        return new Branch(branch.bitmap & ~bit, children);
    }

    void forEach(Consumer<? super V> action) {
        forEach(root, action);
    }

    @SuppressWarnings("unchecked")
    private static <V> void forEach(Branch branch, Consumer<? super V> action) {
        for (Object child : branch.children) {
            if (child instanceof Branch below) {
                forEach(below, action);
                continue;
            }
            for (Leaf leaf = (Leaf) child; leaf != null; leaf = leaf.next) {
                action.accept((V) leaf.value);
            }
        }
    }
}
