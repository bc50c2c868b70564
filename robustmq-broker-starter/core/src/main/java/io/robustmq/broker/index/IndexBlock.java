/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** One sealed range of a shard as the manifest knows it. Immutable but for its bytes, which it holds until they are stored. */
final class IndexBlock {
    final long from;
    final long to;
    /** The shard's last epoch when it was sealed, by which a log that lost its end meanwhile is told. */
    final int epoch;

    final int slot;
    final long records;
    final int subjects;
    final int[] sizes;
    final int[] checksums;
    private byte @Nullable [][] unstored;

    IndexBlock(long from, long to, int epoch, int slot, long records, int subjects, int[] sizes, int[] checksums) {
        this.from = from;
        this.to = to;
        this.epoch = epoch;
        this.slot = slot;
        this.records = records;
        this.subjects = subjects;
        this.sizes = sizes;
        this.checksums = checksums;
    }

    /** Of parts that are about to be stored, in the order of {@link BlockPart}. */
    static IndexBlock of(IndexTail tail, int epoch, int slot, byte[][] parts) {
        int[] sizes = new int[parts.length];
        int[] checksums = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            sizes[i] = parts[i].length;
            checksums[i] = checksum(parts[i]);
        }
        IndexBlock block =
                new IndexBlock(tail.from(), tail.to(), epoch, slot, tail.records(), tail.entries(), sizes, checksums);
        block.unstored = parts;
        return block;
    }

    static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    byte @Nullable [] unstored(BlockPart part) {
        return unstored == null ? null : unstored[part.ordinal()];
    }

    void stored() {
        unstored = null;
    }

    boolean isStored() {
        return unstored == null;
    }

    int size(BlockPart part) {
        return sizes[part.ordinal()];
    }

    boolean isIntact(BlockPart part, byte[] bytes) {
        return bytes.length == sizes[part.ordinal()] && checksum(bytes) == checksums[part.ordinal()];
    }

    Object decode(BlockPart part, byte[] bytes) {
        return switch (part) {
            case SUMMARY -> new SubjectSummary(bytes);
            case POSTINGS -> new SubjectPostings(bytes, from, to);
            case NAMES -> new SubjectNames(bytes);
        };
    }
}
