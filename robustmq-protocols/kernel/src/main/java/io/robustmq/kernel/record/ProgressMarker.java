/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.record;

import io.netty.buffer.ByteBuf;

/**
 * The batch that carries a reader over offsets at which there is nothing for it: the marker of a commit by no producer. Every client
 * steps over one, which is not true of a batch without records. Immutable: static functions only.
 */
public final class ProgressMarker {
    /** Transactional and control. */
    private static final short ATTRIBUTES = 0x30;

    /**
     * A record without time, at the batch's own offset: key (version 0, type 1: commit) and value (version 0, epoch of the
     * coordinator 0), no headers.
     */
    private static final byte[] RECORD = {32, 0, 0, 0, 8, 0, 0, 0, 1, 12, 0, 0, 0, 0, 0, 0, 0};

    private ProgressMarker() {}

    /** Writes it behind what is there; the next offset for the reader is the one behind it. */
    public static void write(ByteBuf to, long offset, int leaderEpoch) {
        int start = to.writerIndex();
        int size = RecordBatch.HEADER_BYTES + RECORD.length;
        to.writeLong(offset)
                .writeInt(size - RecordBatch.LOG_OVERHEAD_BYTES)
                .writeInt(leaderEpoch)
                .writeByte(RecordBatch.CURRENT_MAGIC)
                .writeInt(0)
                .writeShort(ATTRIBUTES)
                .writeInt(0)
                .writeLong(-1)
                .writeLong(-1)
                .writeLong(-1)
                .writeShort(-1)
                .writeInt(-1)
                .writeInt(1)
                .writeBytes(RECORD);
        to.setInt(
                start + RecordBatch.CRC,
                RecordBatches.crc32c(to, start + RecordBatch.ATTRIBUTES, size - RecordBatch.ATTRIBUTES));
    }
}
