/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The granules of a sealed block, and for each subject the granules that hold it. Subjects are 32 bits of their hash: two that
 * share them share their postings, and whoever reads the records sees which is which. Buckets of about eight subjects are scanned
 * one after the other. Immutable.
 *
 * <pre>
 *   format (1), offset of the buckets (4), granules (varint), start of each as difference (varint)
 *   bits of the bucket number (1), end of each bucket (4 each), buckets
 *   a bucket is of: lower bits of the hash (4), bytes of the postings (varint), each granule as difference (varint)
 * </pre>
 */
final class SubjectPostings {
    static final int FORMAT = 1;
    private static final int SUBJECTS_PER_BUCKET = 8;

    private final byte[] bytes;
    private final Granules granules;
    private final int bucketBits;
    private final int bucketEnds;
    private final int buckets;

    /** Takes the bytes over, which are checked by their CRC already; still no lie in them leads beyond them. */
    SubjectPostings(byte[] bytes, long from, long to) {
        this.bytes = bytes;
        PartReader reader = new PartReader(bytes, 0);
        if (reader.readByte() != FORMAT) {
            throw PartReader.corrupt("postings of an unknown format");
        }
        int directory = reader.readInt();
        int count = reader.readVarUpTo(bytes.length);
        int[] starts = new int[count];
        int start = 0;
        for (int i = 0; i < count; i++) {
            start += reader.readVarUpTo(Integer.MAX_VALUE - start);
            starts[i] = start;
        }
        granules = new Granules(from, starts, count, to);
        reader.position(directory);
        bucketBits = reader.readByte();
        if (bucketBits < 0 || bucketBits > 24) {
            throw PartReader.corrupt(bucketBits + " bits of a bucket number");
        }
        bucketEnds = reader.position();
        buckets = bucketEnds + (4 << bucketBits);
        reader.position(buckets);
    }

    Granules granules() {
        return granules;
    }

    static byte[] encode(IndexTail tail) {
        PartWriter out = new PartWriter(tail.entries() * 8 + 1024);
        out.putByte(FORMAT).putInt(0).putVar(tail.granules().count());
        for (int i = 0; i < tail.granules().count(); i++) {
            out.putVar(tail.granules().startDelta(i));
        }
        out.setInt(1, out.length());
        int bits = bucketBits(tail.entries());
        int ends = out.putByte(bits).length();
        for (int i = 0; i < 1 << bits; i++) {
            out.putInt(0);
        }
        int first = out.length();
        long[] order = byHash(tail);
        PartWriter postings = new PartWriter(64);
        int bucket = 0;
        for (int i = 0; i < order.length; ) {
            int hash = (int) (order[i] >>> 32);
            int same = i + 1;
            while (same < order.length && (int) (order[same] >>> 32) == hash) {
                same++;
            }
            for (; bucket < bucketOf(hash, bits); bucket++) {
                out.setInt(ends + 4 * bucket, out.length() - first);
            }
            encodePostings(tail, order, i, same, postings);
            out.putInt(hash).putVar(postings.length()).putBytes(postings.array(), 0, postings.length());
            i = same;
        }
        for (; bucket < 1 << bits; bucket++) {
            out.setInt(ends + 4 * bucket, out.length() - first);
        }
        return out.toBytes();
    }

    private static int bucketBits(int subjects) {
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(subjects / SUBJECTS_PER_BUCKET));
    }

    private static int bucketOf(int hash, int bits) {
        return bits == 0 ? 0 : hash >>> 32 - bits;
    }

    /** Upper half of the hash and number of each entry, by hash as an unsigned number. */
    private static long[] byHash(IndexTail tail) {
        long[] order = new long[tail.entries()];
        for (int entry = 0; entry < order.length; entry++) {
            // The sign is turned for the sort, which knows no unsigned numbers.
            order[entry] = (tail.hash(entry) & 0xFFFFFFFF00000000L ^ Long.MIN_VALUE) | entry;
        }
        Arrays.sort(order);
        for (int i = 0; i < order.length; i++) {
            order[i] ^= Long.MIN_VALUE;
        }
        return order;
    }

    private static void encodePostings(IndexTail tail, long[] order, int from, int to, PartWriter out) {
        out.clear();
        int[] found = tail.postingsOf((int) order[from]);
        for (int i = from + 1; i < to; i++) {
            int[] more = tail.postingsOf((int) order[i]);
            int[] all = Arrays.copyOf(found, found.length + more.length);
            System.arraycopy(more, 0, all, found.length, more.length);
            Arrays.sort(all);
            found = all;
        }
        int last = -1;
        for (int granule : found) {
            if (granule > last) {
                out.putVar(granule - last - 1);
                last = granule;
            }
        }
    }

    /** Marks the granules of the subject with that hash. */
    void select(long hash, BitSet into) {
        int wanted = (int) (hash >>> 32);
        int bucket = bucketOf(wanted, bucketBits);
        PartReader reader = new PartReader(bytes, bucketEnds + 4 * Math.max(0, bucket - 1));
        int start = bucket == 0 ? 0 : reader.readInt();
        int end = buckets + reader.readInt();
        reader.position(buckets + start);
        while (reader.position() < end) {
            int hash32 = reader.readInt();
            int postingsEnd = reader.readVarUpTo(bytes.length) + reader.position();
            if (hash32 == wanted) {
                int granule = -1;
                while (reader.position() < postingsEnd) {
                    granule += 1 + reader.readVarUpTo(granules.count());
                    into.set(granule);
                }
                return;
            }
            reader.position(postingsEnd);
        }
    }
}
