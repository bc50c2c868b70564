/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;

/**
 * What runs on while batches are added to a segment: bytes, records, timestamps, CRC of outer headers, sparse index.
 * Confined to one thread, but for its index.
 */
final class SegmentSum {
    final long baseOffset;
    long endOffset;
    long bytes;
    long records;
    long maxTimestampMillis = Long.MIN_VALUE;
    long maxTimestampOffset = -1;
    int headerCrc;
    boolean rewritten;
    /** Null while nobody needs one. */
    volatile @org.jspecify.annotations.Nullable SparseIndex index;

    SegmentSum(long baseOffset) {
        this.baseOffset = baseOffset;
        this.endOffset = baseOffset;
    }

    static SegmentSum of(SegmentInfo info) {
        SegmentSum sum = new SegmentSum(info.baseOffset());
        sum.endOffset = info.endOffset();
        sum.bytes = info.bytes();
        sum.records = info.records();
        sum.maxTimestampMillis = info.maxTimestampMillis();
        sum.maxTimestampOffset = info.maxTimestampOffset();
        sum.headerCrc = info.headerCrc();
        sum.rewritten = info.rewritten();
        return sum;
    }

    SegmentInfo info(int generation, long createdMillis, boolean sealed) {
        return new SegmentInfo(
                baseOffset,
                generation,
                endOffset,
                bytes,
                records,
                createdMillis,
                maxTimestampMillis,
                maxTimestampOffset,
                headerCrc,
                sealed,
                rewritten);
    }

    void add(ByteBuf batch, int index) {
        add(
                BatchHeader.baseOffset(batch, index),
                BatchHeader.nextOffset(batch, index),
                BatchHeader.sizeBytes(batch, index),
                BatchHeader.recordCount(batch, index),
                BatchHeader.maxTimestampMillis(batch, index),
                BatchHeader.outerCrc(headerCrc, batch, index));
    }

    void add(BatchWalk walk) {
        add(
                walk.baseOffset(),
                walk.nextOffset(),
                walk.sizeBytes(),
                walk.recordCount(),
                walk.maxTimestampMillis(),
                walk.outerCrc(headerCrc));
    }

    private void add(long base, long next, long size, int count, long maxTimestamp, int crcAfter) {
        SparseIndex sparse = index;
        if (sparse != null && sparse.wants(bytes)) {
            index = sparse.add(base, bytes, maxTimestampMillis, headerCrc);
        }
        rewritten |= base != endOffset;
        endOffset = next;
        bytes += size;
        records += count;
        if (count > 0 && (maxTimestamp > maxTimestampMillis || maxTimestampOffset < 0)) {
            maxTimestampMillis = maxTimestamp;
            maxTimestampOffset = base;
        }
        headerCrc = crcAfter;
    }
}
