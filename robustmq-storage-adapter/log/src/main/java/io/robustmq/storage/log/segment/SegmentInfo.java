/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import java.util.Locale;

/**
 * What is known of a segment file without touching it; kept in checkpoints.
 *
 * @param baseOffset the first offset that the file is for; together with the generation its name
 * @param generation 0 as appended, more for what replaced a range
 * @param endOffset the first offset that the file is no longer for
 * @param bytes of whole batches; what the file holds beyond them does not count
 * @param records in them
 * @param createdMillis when the first batch was appended; segments are sealed by age
 * @param maxTimestampMillis the largest timestamp of a record, {@link Long#MIN_VALUE} when there is none
 * @param maxTimestampOffset base offset of the first batch that has it, -1 when there is none
 * @param headerCrc CRC32C over the first 27 bytes of all its batches: the outer header, and how far each goes
 * @param sealed nothing is appended any more
 * @param rewritten has gaps, or batches of any epoch: the header CRC takes the place of continuity when it is read
 */
public record SegmentInfo(
        long baseOffset,
        int generation,
        long endOffset,
        long bytes,
        long records,
        long createdMillis,
        long maxTimestampMillis,
        long maxTimestampOffset,
        int headerCrc,
        boolean sealed,
        boolean rewritten) {
    /** What {@link #write} writes. */
    public static final int ENCODED_BYTES = 7 * Long.BYTES + 2 * Integer.BYTES + 1;

    private static final int SEALED = 1;
    private static final int REWRITTEN = 2;

    /** {@code 00000000000000000042-0.seg}. */
    public String fileName() {
        return name(baseOffset, generation) + SEGMENT_SUFFIX;
    }

    static final String SEGMENT_SUFFIX = ".seg";
    static final String INDEX_SUFFIX = ".idx";

    static String name(long baseOffset, int generation) {
        return String.format(Locale.ROOT, "%020d-%d", baseOffset, generation);
    }

    public void write(ByteBuf target) {
        target.writeLong(baseOffset).writeInt(generation).writeLong(endOffset).writeLong(bytes);
        target.writeLong(records).writeLong(createdMillis);
        target.writeLong(maxTimestampMillis).writeLong(maxTimestampOffset).writeInt(headerCrc);
        target.writeByte((sealed ? SEALED : 0) | (rewritten ? REWRITTEN : 0));
    }

    /** Reads what {@link #write} wrote; the caller's checksum has proved it whole. */
    public static SegmentInfo read(ByteBuf source) {
        long baseOffset = source.readLong();
        int generation = source.readInt();
        long endOffset = source.readLong();
        long bytes = source.readLong();
        long records = source.readLong();
        long createdMillis = source.readLong();
        long maxTimestampMillis = source.readLong();
        long maxTimestampOffset = source.readLong();
        int headerCrc = source.readInt();
        int flags = source.readByte();
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
                (flags & SEALED) != 0,
                (flags & REWRITTEN) != 0);
    }
}
