/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import org.jspecify.annotations.Nullable;

/**
 * One subject or filter cut into levels in place: where each level ends, its key, and what kinds of characters were seen. The
 * arrays are scratch space that a thread reuses, because matching is done per message and must not produce garbage.
 *
 * <p>Confined to the thread that borrowed it, from {@link #borrow} to {@link #giveBack}.
 */
final class Levels {
    static final int SLASH = 1;
    static final int DOT = 1 << 1;
    /** Contains {@code +} or {@code #} anywhere: never legal in an MQTT topic name [MQTT-4.7.0-1]. */
    static final int PLUS_OR_HASH = 1 << 2;

    static final int NUL = 1 << 3;
    static final int CONTROL = 1 << 4;
    static final int SPACE = 1 << 5;
    private static final int STAR_OR_GREATER = 1 << 6;
    private static final int SURROGATE = 1 << 7;
    static final int EMPTY_LEVEL = 1 << 8;
    /** A whole level is {@code *} or {@code >}: a wildcard in NATS, while {@code a*b} is a plain token there. */
    static final int STAR_OR_GREATER_LEVEL = 1 << 9;

    static final int TOO_DEEP = 1 << 10;
    static final int TOO_LONG = 1 << 11;
    static final int BROKEN_TEXT = 1 << 12;

    static final int BOTH = SLASH | DOT;

    private static final int PACKED_MAX = 7;
    private static final int PACKED_BITS = 56;
    private static final long CONSTANT = 0x9E3779B97F4A7C15L;
    private static final ThreadLocal<Levels> SCRATCH = ThreadLocal.withInitial(Levels::new);
    private static final byte[] KINDS = kinds();

    private final int[] ends = new int[Subjects.LEVELS_MAX];
    private final long[] keys = new long[Subjects.LEVELS_MAX];
    private String text = "";
    private int count;
    private int traits;
    private long wholeHash;
    private boolean busy;
    private @Nullable Levels inner;

    /** Scratch space of this thread; a receiver of matches that matches again gets a second one. */
    static Levels borrow() {
        Levels levels = SCRATCH.get();
        while (levels.busy) {
            if (levels.inner == null) {
                levels.inner = new Levels();
            }
            levels = levels.inner;
        }
        levels.busy = true;
        return levels;
    }

    void giveBack() {
        text = "";
        busy = false;
    }

    /**
     * Cuts the text at the given separators ({@link #SLASH}, {@link #DOT}, {@link #BOTH}). A level of up to seven Latin-1 characters
     * is its own key, packed into a long, so that comparing two such levels touches no further memory; a longer one is hashed.
     */
    void scan(String text, int separators, long seed) {
        this.text = text;
        int length = text.length();
        int seen = 0;
        int levels = 0;
        int start = 0;
        int pending = 0;
        long packed = 0;
        long hash = seed;
        long whole = seed;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            int kind = c < 0xA0 ? KINDS[c] & 0xFF : Character.isSurrogate(c) ? SURROGATE : 0;
            seen |= kind;
            if ((kind & separators) != 0) {
                long key = key(i - start, pending, packed, hash, seed);
                seen |= closeLevel(start, i, levels, key);
                whole = mix(whole, key, seed);
                levels++;
                start = i + 1;
                pending = 0;
                packed = 0;
                hash = seed;
                continue;
            }
            if (pending == PACKED_MAX || c > 0xFF) {
                hash = mix(hash, packed, seed);
                packed = 0;
                pending = 0;
            }
            packed = packed << 8 | c;
            // A wide character fills its word alone: two of them must not run into each other.
            pending = c > 0xFF ? PACKED_MAX : pending + 1;
        }
        long key = key(length - start, pending, packed, hash, seed);
        seen |= closeLevel(start, length, levels, key);
        count = Math.min(levels + 1, Subjects.LEVELS_MAX);
        wholeHash = mix(whole, key, seed);
        traits = seen | rareTraits(text, seen);
    }

    /** Not negative: the level itself. Negative: a hash of a level that is long or has wide characters. */
    private static long key(int length, int pending, long packed, long hash, long seed) {
        boolean exact = length <= PACKED_MAX && pending == length && hash == seed;
        return exact
                ? (long) length << PACKED_BITS | packed
                : mix(mix(hash, packed, seed), length, seed) | Long.MIN_VALUE;
    }

    private int closeLevel(int start, int end, int level, long key) {
        if (level >= Subjects.LEVELS_MAX) {
            return TOO_DEEP;
        }
        ends[level] = end;
        keys[level] = key;
        if (start == end) {
            return EMPTY_LEVEL;
        }
        boolean wildcard = end - start == 1 && isStarOrGreater(text.charAt(start));
        return wildcard ? STAR_OR_GREATER_LEVEL : 0;
    }

    private static boolean isStarOrGreater(char c) {
        return c == '*' || c == '>';
    }

    /** What is decided by more than one character, and nearly never needs a look. */
    private static int rareTraits(String text, int seen) {
        int rare = 0;
        if ((seen & SURROGATE) != 0 && hasBrokenSurrogates(text)) {
            rare |= BROKEN_TEXT;
        }
        if (text.length() > Subjects.BYTES_MAX / 3 && utf8Length(text) > Subjects.BYTES_MAX) {
            rare |= TOO_LONG;
        }
        return rare;
    }

    private static boolean hasBrokenSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) {
                return true;
            }
            i++;
        }
        return false;
    }

    private static long utf8Length(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate is half of a four-byte character.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /**
     * A step of the hash: both halves of a 128-bit product in which the seed is hidden. Filters come from clients, and nobody shall
     * be able to prepare a million that collide; simpler steps have collisions that hold for every seed.
     */
    static long mix(long hash, long value, long seed) {
        long a = hash ^ CONSTANT;
        long b = value ^ seed;
        return Math.multiplyHigh(a, b) ^ a * b;
    }

    String text() {
        return text;
    }

    int count() {
        return count;
    }

    boolean has(int trait) {
        return (traits & trait) != 0;
    }

    /** Hash of the whole text. Cut at {@link #BOTH} it is the same for all spellings of one canonical form. */
    long wholeHash() {
        return wholeHash;
    }

    /** What identifies the level: two with the same key are the same if it is not negative, and probably the same if it is. */
    long key(int level) {
        return keys[level];
    }

    int start(int level) {
        return level == 0 ? 0 : ends[level - 1] + 1;
    }

    int end(int level) {
        return ends[level];
    }

    /** The level as a string of its own; only for writers. */
    String level(int level) {
        return text.substring(start(level), end(level));
    }

    boolean isLevel(int level, char only) {
        int start = start(level);
        return end(level) - start == 1 && text.charAt(start) == only;
    }

    boolean isLevel(int level, String token) {
        int start = start(level);
        int length = token.length();
        return ends[level] - start == length && text.startsWith(token, start);
    }

    private static byte[] kinds() {
        byte[] kinds = new byte[0xA0];
        for (int c = 0; c < kinds.length; c++) {
            if (c < 0x20 || c >= 0x7F) {
                kinds[c] = CONTROL;
            }
        }
        kinds[0] |= NUL;
        for (char c : new char[] {' ', '\t', '\n', '\r', '\f'}) {
            kinds[c] |= SPACE;
        }
        kinds['/'] = SLASH;
        kinds['.'] = DOT;
        kinds['+'] = PLUS_OR_HASH;
        kinds['#'] = PLUS_OR_HASH;
        kinds['*'] = STAR_OR_GREATER;
        kinds['>'] = STAR_OR_GREATER;
        return kinds;
    }
}
