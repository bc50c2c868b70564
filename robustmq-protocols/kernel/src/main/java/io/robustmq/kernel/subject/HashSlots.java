/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A hash table of objects that carry their own hash, cut into segments that grow and shrink alone, so that no change ever copies
 * more than a sixty-fourth of it. Open addressing keeps a look-up at one slot and one object, where {@code ConcurrentHashMap} needs
 * a key object and two hops more per look-up.
 *
 * <p>Thread-safe: readers on any thread without locks, writers serialized by the caller. A removed slot becomes a marker and never
 * null, so a reader under way passes it; a resize fills a new array before it is published and leaves the old one as it is.
 */
final class HashSlots {
    private static final int SEGMENT_BITS = 6;
    private static final int SEGMENTS = 1 << SEGMENT_BITS;
    private static final int CAPACITY_MIN = 4;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Slot[].class);
    private static final VarHandle TABLE = MethodHandles.arrayElementVarHandle(Slot[][].class);
    private static final Slot REMOVED = new Slot(0);
    private static final Slot[] NOTHING = new Slot[1];

    private final Slot[][] tables = new Slot[SEGMENTS][];
    private final int[] live = new int[SEGMENTS];
    private final int[] used = new int[SEGMENTS];

    /** What the table holds. Subclasses say what equality is. */
    static class Slot {
        final int hash;

        Slot(int hash) {
            this.hash = hash;
        }
    }

    HashSlots() {
        java.util.Arrays.fill(tables, NOTHING);
    }

    /** The array to probe for this hash, beginning at {@code hash & (length - 1)} and ending at the first null. */
    Slot[] table(int hash) {
        return (Slot[]) TABLE.getAcquire(tables, hash >>> (Integer.SIZE - SEGMENT_BITS));
    }

    static @Nullable Slot slot(Slot[] table, int index) {
        return (Slot) SLOT.getAcquire(table, index);
    }

    /** Adds a slot that the caller knows to be absent. */
    void add(Slot slot) {
        int segment = slot.hash >>> (Integer.SIZE - SEGMENT_BITS);
        Slot[] table = tables[segment];
        if ((used[segment] + 1) * 2 > table.length) {
            table = rebuild(segment, live[segment] + 1);
        }
        int mask = table.length - 1;
        int i = slot.hash & mask;
        while (table[i] != null && table[i] != REMOVED) {
            i = (i + 1) & mask;
        }
        used[segment] += table[i] == null ? 1 : 0;
        live[segment]++;
        SLOT.setRelease(table, i, slot);
    }

    /** Removes exactly this object. */
    void remove(Slot slot) {
        int segment = slot.hash >>> (Integer.SIZE - SEGMENT_BITS);
        Slot[] table = tables[segment];
        int mask = table.length - 1;
        int i = slot.hash & mask;
        while (table[i] != slot) {
            if (table[i] == null) {
                throw new IllegalStateException("a slot to be removed is not in its table");
            }
            i = (i + 1) & mask;
        }
        SLOT.setRelease(table, i, REMOVED);
        live[segment]--;
        if (live[segment] * 8 < table.length) {
            rebuild(segment, live[segment]);
        }
    }

    private Slot[] rebuild(int segment, int expected) {
        Slot[] old = tables[segment];
        Slot[] fresh = NOTHING;
        if (expected > 0) {
            int capacity = Math.max(CAPACITY_MIN, Integer.highestOneBit(expected * 3) << 1);
            fresh = new Slot[capacity];
            for (Slot slot : old) {
                if (slot == null || slot == REMOVED) {
                    continue;
                }
                int i = slot.hash & (capacity - 1);
                while (fresh[i] != null) {
                    i = (i + 1) & (capacity - 1);
                }
                fresh[i] = slot;
            }
        }
        used[segment] = live[segment];
        TABLE.setRelease(tables, segment, fresh);
        return fresh;
    }

    /** Shows every slot until the visitor has seen enough; weakly consistent. */
    boolean scan(Predicate<Slot> visitor) {
        for (int segment = 0; segment < SEGMENTS; segment++) {
            Slot[] table = (Slot[]) TABLE.getAcquire(tables, segment);
            for (int i = 0; i < table.length; i++) {
                Slot slot = slot(table, i);
                if (slot != null && slot != REMOVED && !visitor.test(slot)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Slots allocated in all segments; for tests against leaks. Writers only. */
    int capacity() {
        int capacity = 0;
        for (Slot[] table : tables) {
            capacity += table.length;
        }
        return capacity;
    }
}
