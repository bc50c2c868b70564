/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.subject;

import org.jspecify.annotations.Nullable;

/**
 * One subject or filter cut into levels in place: where each level ends, its hash, and what kinds of characters were seen. The
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

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final ThreadLocal<Levels> SCRATCH = ThreadLocal.withInitial(Levels::new);
    private static final byte[] KINDS = kinds();

    private final int[] ends = new int[Subjects.LEVELS_MAX];
    private final long[] hashes = new long[Subjects.LEVELS_MAX];
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
     * Cuts the text at the given separators ({@link #SLASH}, {@link #DOT}, {@link #BOTH}). The hash is seeded and not linear,
     * because filters come from clients and nobody shall be able to prepare a million that collide.
     */
    void scan(String text, int separators, long seed) {
        this.text = text;
        int length = text.length();
        int seen = 0;
        int levels = 0;
        int start = 0;
        long whole = seed;
        long hash = seed;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            int kind = c < 0xA0 ? KINDS[c] & 0xFF : Character.isSurrogate(c) ? SURROGATE : 0;
            seen |= kind;
            if ((kind & separators) == 0) {
                hash = mix(hash, c);
                continue;
            }
            seen |= closeLevel(start, i, levels, hash);
            whole = mix(whole, hash);
            levels++;
            start = i + 1;
            hash = seed;
        }
        seen |= closeLevel(start, length, levels, hash);
        count = Math.min(levels + 1, Subjects.LEVELS_MAX);
        wholeHash = mix(whole, hash);
        traits = seen | rareTraits(text, seen);
    }

    private int closeLevel(int start, int end, int level, long hash) {
        if (level >= Subjects.LEVELS_MAX) {
            return TOO_DEEP;
        }
        ends[level] = end;
        hashes[level] = hash;
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

    static long mix(long hash, long value) {
        return Long.rotateLeft((hash ^ value) * MULTIPLIER, 23);
    }

    static int fold(long hash) {
        long mixed = hash * MULTIPLIER;
        return (int) (mixed >>> 32);
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

    long hash(int level) {
        return hashes[level];
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
