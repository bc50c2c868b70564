/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

/**
 * Says for sure that a block lacks a subject, in ten bits a subject: a Bloom filter, so that a query for one subject loads nothing
 * else of blocks without it. Immutable once written.
 */
final class SubjectSummary {
    static final int FORMAT = 1;
    private static final int BITS_PER_SUBJECT = 10;
    private static final int PROBES = 7;
    private static final int HEADER_BYTES = 1;

    private final byte[] bytes;
    private final long bits;

    /** Takes the bytes over. */
    SubjectSummary(byte[] bytes) {
        this.bytes = bytes;
        if (bytes.length <= HEADER_BYTES || bytes[0] != FORMAT) {
            throw PartReader.corrupt("a summary of an unknown format");
        }
        bits = 8L * (bytes.length - HEADER_BYTES);
    }

    static byte[] encode(IndexTail tail) {
        int count = Math.max(1, (int) (((long) tail.entries() * BITS_PER_SUBJECT + 7) / 8));
        byte[] bytes = new byte[HEADER_BYTES + count];
        bytes[0] = FORMAT;
        long bits = 8L * count;
        for (int entry = 0; entry < tail.entries(); entry++) {
            long hash = tail.hash(entry);
            for (int probe = 0; probe < PROBES; probe++) {
                long bit = bit(hash, probe, bits);
                bytes[HEADER_BYTES + (int) (bit >>> 3)] |= (byte) (1 << (bit & 7));
            }
        }
        return bytes;
    }

    private static long bit(long hash, int probe, long bits) {
        long first = hash & 0xFFFFFFFFL;
        long step = hash >>> 32 | 1;
        return (first + probe * step & Long.MAX_VALUE) % bits;
    }

    boolean mayHold(long hash) {
        for (int probe = 0; probe < PROBES; probe++) {
            long bit = bit(hash, probe, bits);
            if ((bytes[HEADER_BYTES + (int) (bit >>> 3)] & 1 << (bit & 7)) == 0) {
                return false;
            }
        }
        return true;
    }
}
