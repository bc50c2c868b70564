/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.robustmq.kernel.subject.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The subjects of a sealed block as they were published, in the order of their canonical form, each but every 32nd without what it
 * shares with the one before; for filters with wildcards. Immutable.
 *
 * <pre>
 *   format (1), names (4), place of each 32nd name (4 each)
 *   a name is: shared bytes (varint), length of the rest and spelling (varint), the rest
 * </pre>
 */
final class SubjectNames {
    static final int FORMAT = 1;
    private static final int INTERVAL = 32;
    private static final int HEADER_BYTES = 5;

    private final byte[] bytes;
    private final int count;

    /** Takes the bytes over. */
    SubjectNames(byte[] bytes) {
        this.bytes = bytes;
        PartReader reader = new PartReader(bytes, 0);
        if (reader.readByte() != FORMAT) {
            throw PartReader.corrupt("names of an unknown format");
        }
        count = reader.readInt();
        if (count < 0 || count > bytes.length) {
            throw PartReader.corrupt(count + " names");
        }
    }

    private static int restarts(int names) {
        return (names + INTERVAL - 1) / INTERVAL;
    }

    int count() {
        return count;
    }

    /**
     * Writes the names of a tail, a bounded piece of work each step, because a hundred thousand of them take long to sort: runs are
     * sorted first, then merged while they are written. Confined to one loop.
     */
    static final class Encoder {
        private static final int NAMES_PER_STEP = 4096;

        private final IndexTail tail;
        private final byte[] texts;
        private final Integer[] order;
        private final PriorityQueue<Run> runs;
        private final PartWriter out;
        private final int places;
        private int sorted;
        private int written;
        private int previous = -1;

        /** What is left of a sorted run. */
        private static final class Run {
            private int next;
            private final int end;

            Run(int next, int end) {
                this.next = next;
                this.end = end;
            }
        }

        /** @param tail does not grow meanwhile */
        Encoder(IndexTail tail) {
            this.tail = tail;
            texts = tail.texts();
            order = new Integer[tail.entries()];
            runs = new PriorityQueue<>((a, b) -> compareCanonical(tail, texts, order[a.next], order[b.next]));
            out = new PartWriter(order.length * 12 + 64);
            out.putByte(FORMAT).putInt(order.length);
            places = out.length();
            for (int i = 0; i < restarts(order.length); i++) {
                out.putInt(0);
            }
        }

        /** The part when it is finished, else null. */
        byte @Nullable [] step() {
            if (sorted < order.length) {
                sortRun();
                return null;
            }
            for (int left = NAMES_PER_STEP; left > 0 && !runs.isEmpty(); left--) {
                Run run = runs.remove();
                write(order[run.next++]);
                if (run.next < run.end) {
                    runs.add(run);
                }
            }
            return runs.isEmpty() ? out.toBytes() : null;
        }

        private void sortRun() {
            int end = Math.min(order.length, sorted + NAMES_PER_STEP);
            for (int i = sorted; i < end; i++) {
                order[i] = i;
            }
            Arrays.sort(order, sorted, end, (a, b) -> compareCanonical(tail, texts, a, b));
            runs.add(new Run(sorted, end));
            sorted = end;
        }

        private void write(int entry) {
            int shared = 0;
            if (written % INTERVAL == 0) {
                out.setInt(places + written / INTERVAL * 4, out.length());
            } else {
                shared = shared(tail, texts, previous, entry);
            }
            int rest = tail.textLength(entry) - shared;
            out.putVar(shared)
                    .putVar(rest << 1 | tail.spellingBit(entry))
                    .putBytes(texts, tail.textStart(entry) + shared, rest);
            previous = entry;
            written++;
        }
    }

    private static int compareCanonical(IndexTail tail, byte[] texts, int a, int b) {
        int startA = tail.textStart(a);
        int startB = tail.textStart(b);
        int common = Math.min(tail.textLength(a), tail.textLength(b));
        for (int i = 0; i < common; i++) {
            int order = (SubjectHash.canonical(texts[startA + i]) & 0xFF)
                    - (SubjectHash.canonical(texts[startB + i]) & 0xFF);
            if (order != 0) {
                return order;
            }
        }
        return tail.textLength(a) - tail.textLength(b);
    }

    private static int shared(IndexTail tail, byte[] texts, int a, int b) {
        int startA = tail.textStart(a);
        int startB = tail.textStart(b);
        int max = Math.min(tail.textLength(a), tail.textLength(b));
        int i = 0;
        while (i < max && texts[startA + i] == texts[startB + i]) {
            i++;
        }
        return i;
    }

    /** A walk over the names that begin so; several may be under way. */
    Walk walk(byte[] canonicalPrefix) {
        return new Walk(canonicalPrefix);
    }

    /** Confined to one loop. */
    final class Walk {
        private final byte[] prefix;
        private final PartReader reader = new PartReader(bytes, 0);
        private byte[] text = new byte[64];
        private int length;
        private Spelling spelling = Spelling.DOT;
        private int left;

        Walk(byte[] prefix) {
            this.prefix = prefix;
            seek();
        }

        /** To the last restart whose name is below the prefix: the first that begins so may come behind it. */
        private void seek() {
            int low = 0;
            int high = restarts(count) - 1;
            while (low < high) {
                int middle = low + high + 1 >>> 1;
                readAt(middle);
                if (compareToPrefix() < 0) {
                    low = middle;
                } else {
                    high = middle - 1;
                }
            }
            left = count - low * INTERVAL;
            if (count > 0) {
                reader.position(place(low));
            }
        }

        private int place(int restart) {
            reader.position(HEADER_BYTES + restart * 4);
            return reader.readInt();
        }

        private void readAt(int restart) {
            reader.position(place(restart));
            length = 0;
            readName();
        }

        private void readName() {
            int shared = reader.readVarUpTo(length);
            int tagged = reader.readVarUpTo(Integer.MAX_VALUE);
            int rest = tagged >>> 1;
            if (rest > bytes.length) {
                throw PartReader.corrupt("a name of " + rest + " bytes");
            }
            if (shared + rest > text.length) {
                text = Arrays.copyOf(text, Math.max(shared + rest, text.length * 2));
            }
            reader.readBytes(text, shared, rest);
            length = shared + rest;
            spelling = (tagged & 1) == 1 ? Spelling.SLASH : Spelling.DOT;
        }

        /** Whether the name is before (-), among (0) or behind (+) those that begin with the prefix. */
        private int compareToPrefix() {
            int common = Math.min(length, prefix.length);
            for (int i = 0; i < common; i++) {
                int order = (SubjectHash.canonical(text[i]) & 0xFF) - (prefix[i] & 0xFF);
                if (order != 0) {
                    return order;
                }
            }
            return length < prefix.length ? -1 : 0;
        }

        /** Moves to the next name; false behind the last one. */
        boolean next() {
            while (left > 0) {
                left--;
                readName();
                int order = compareToPrefix();
                if (order == 0) {
                    return true;
                }
                if (order > 0) {
                    left = 0;
                }
            }
            return false;
        }

        Spelling spelling() {
            return spelling;
        }

        String text() {
            return new String(text, 0, length, StandardCharsets.UTF_8);
        }

        /** Of the canonical form. */
        long hash(long seed) {
            return SubjectHash.of(Arrays.copyOf(text, length), seed);
        }
    }
}
