/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.subject.Spelling;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The growing end of an index: every distinct subject with the granules that hold it, in flat arrays without an object per
 * subject. Confined to the index's loop.
 */
final class IndexTail {
    private static final int FIRST_SLOTS = 64;
    private static final int NO_POSTING = -1;

    private final Granules granules;
    private final long seed;
    private int granuleRecords;
    private int granuleBytes;
    private long records;

    private int[] slots = new int[FIRST_SLOTS];
    private int entries;
    private long[] hashes = new long[FIRST_SLOTS / 2];
    /** Length and one bit for the spelling. */
    private int[] lengths = new int[FIRST_SLOTS / 2];

    private int[] textStarts = new int[FIRST_SLOTS / 2];
    private int[] lastPostings = new int[FIRST_SLOTS / 2];
    private byte[] texts = new byte[FIRST_SLOTS * 8];
    private int textBytes;

    private int[] postingGranules = new int[FIRST_SLOTS];
    private int[] previousPostings = new int[FIRST_SLOTS];
    private int postings;

    IndexTail(long from, long seed) {
        this.granules = new Granules(from);
        this.seed = seed;
    }

    Granules granules() {
        return granules;
    }

    long from() {
        return granules.from();
    }

    /** First offset that is not indexed yet. */
    long to() {
        return granules.to();
    }

    long records() {
        return records;
    }

    int entries() {
        return entries;
    }

    long seed() {
        return seed;
    }

    /** What the arrays take, used or not. */
    long sizeBytes() {
        return granules.bytes()
                + 4L * slots.length
                + 8L * hashes.length
                + 4L * (lengths.length + textStarts.length + lastPostings.length)
                + texts.length
                + 4L * (postingGranules.length + previousPostings.length);
    }

    /** A batch comes next. */
    void beginBatch(long baseOffset, int bytes) {
        if (granules.count() == 0 || granuleRecords >= Granules.RECORDS || granuleBytes >= Granules.BYTES) {
            // A range may begin inside of a batch.
            granules.begin(Math.max(baseOffset, to()));
            granuleRecords = 0;
            granuleBytes = 0;
        }
        granuleBytes += bytes;
    }

    void endBatch(long nextOffset) {
        granules.extendTo(nextOffset);
    }

    /** One record of the batch. */
    void add(RecordSubject subject) {
        records++;
        granuleRecords++;
        ByteBuf buffer = subject.buffer();
        int position = subject.position();
        int length = subject.length();
        long hash = SubjectHash.of(buffer, position, length, seed);
        int tagged = length << 1 | (subject.spelling() == Spelling.SLASH ? 1 : 0);
        int mask = slots.length - 1;
        int slot = (int) hash & mask;
        while (slots[slot] != 0) {
            int entry = slots[slot] - 1;
            if (hashes[entry] == hash && lengths[entry] == tagged && equalsText(entry, buffer, position, length)) {
                addPosting(entry);
                return;
            }
            slot = slot + 1 & mask;
        }
        slots[slot] = entries + 1;
        addEntry(hash, tagged, buffer, position, length);
        addPosting(entries - 1);
        if (entries * 2 > slots.length) {
            growSlots();
        }
    }

    private boolean equalsText(int entry, ByteBuf buffer, int position, int length) {
        int start = textStarts[entry];
        for (int i = length - 1; i >= 0; i--) {
            if (texts[start + i] != buffer.getByte(position + i)) {
                return false;
            }
        }
        return true;
    }

    private void addEntry(long hash, int tagged, ByteBuf buffer, int position, int length) {
        if (entries == hashes.length) {
            int larger = entries + entries / 2;
            hashes = Arrays.copyOf(hashes, larger);
            lengths = Arrays.copyOf(lengths, larger);
            textStarts = Arrays.copyOf(textStarts, larger);
            lastPostings = Arrays.copyOf(lastPostings, larger);
        }
        if (textBytes + length > texts.length) {
            texts = Arrays.copyOf(texts, Math.max(textBytes + length, texts.length + texts.length / 2));
        }
        buffer.getBytes(position, texts, textBytes, length);
        hashes[entries] = hash;
        lengths[entries] = tagged;
        textStarts[entries] = textBytes;
        lastPostings[entries] = NO_POSTING;
        textBytes += length;
        entries++;
    }

    private void addPosting(int entry) {
        int granule = granules.count() - 1;
        int last = lastPostings[entry];
        if (last != NO_POSTING && postingGranules[last] == granule) {
            return;
        }
        if (postings == postingGranules.length) {
            postingGranules = Arrays.copyOf(postingGranules, postings + postings / 2);
            previousPostings = Arrays.copyOf(previousPostings, postings + postings / 2);
        }
        postingGranules[postings] = granule;
        previousPostings[postings] = last;
        lastPostings[entry] = postings++;
    }

    private void growSlots() {
        int[] larger = new int[slots.length * 2];
        int mask = larger.length - 1;
        for (int entry = 0; entry < entries; entry++) {
            int slot = (int) hashes[entry] & mask;
            while (larger[slot] != 0) {
                slot = slot + 1 & mask;
            }
            larger[slot] = entry + 1;
        }
        slots = larger;
    }

    // --- what is in it

    /** Marks the granules of every subject with that canonical form. */
    void select(byte[] canonicalKey, BitSet into) {
        long hash = SubjectHash.of(canonicalKey, seed);
        int mask = slots.length - 1;
        for (int slot = (int) hash & mask; slots[slot] != 0; slot = slot + 1 & mask) {
            int entry = slots[slot] - 1;
            if (hashes[entry] == hash) {
                markPostings(entry, into);
            }
        }
    }

    /** Marks the granules of the entries of a range that match; answers where to go on. */
    int select(SubjectMatcher matcher, int fromEntry, int entriesMax, BitSet into) {
        int to = Math.min(entries, fromEntry + entriesMax);
        for (int entry = fromEntry; entry < to; entry++) {
            if (matcher.matches(spelling(entry), text(entry))) {
                markPostings(entry, into);
            }
        }
        return to;
    }

    private void markPostings(int entry, BitSet into) {
        for (int at = lastPostings[entry]; at != NO_POSTING; at = previousPostings[at]) {
            into.set(postingGranules[at]);
        }
    }

    /** Granules of the entry in rising order. */
    int[] postingsOf(int entry) {
        int count = 0;
        for (int at = lastPostings[entry]; at != NO_POSTING; at = previousPostings[at]) {
            count++;
        }
        int[] found = new int[count];
        for (int at = lastPostings[entry]; at != NO_POSTING; at = previousPostings[at]) {
            found[--count] = postingGranules[at];
        }
        return found;
    }

    long hash(int entry) {
        return hashes[entry];
    }

    byte[] texts() {
        return texts;
    }

    int textStart(int entry) {
        return textStarts[entry];
    }

    int textLength(int entry) {
        return lengths[entry] >>> 1;
    }

    /** 1 for a slash, 0 for a dot. */
    int spellingBit(int entry) {
        return lengths[entry] & 1;
    }

    Spelling spelling(int entry) {
        return spellingBit(entry) == 1 ? Spelling.SLASH : Spelling.DOT;
    }

    String text(int entry) {
        return new String(texts, textStarts[entry], lengths[entry] >>> 1, StandardCharsets.UTF_8);
    }
}
