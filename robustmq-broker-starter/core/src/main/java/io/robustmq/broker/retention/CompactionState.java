/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * How far the compaction of a shard has come, kept with the shard. Immutable.
 *
 * @param keepPerKey what the passes so far have kept; another number begins anew
 * @param firstDirty everything below has been through a pass
 * @param cleanBytes bytes of batches below it, as its last pass left them
 * @param nextHorizonMillis when the first tombstone below it may go; {@link Long#MAX_VALUE} for never
 * @param pass the pass that is under way
 */
record CompactionState(
        int keepPerKey,
        long firstDirty,
        long cleanBytes,
        long nextHorizonMillis,
        @Nullable Pass pass) {
    static final String NAME = "compaction";
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 4 + 7 * 8;

    /**
     * The writing half of a pass.
     *
     * @param end it ends below
     * @param position everything below is written
     * @param keptBytes bytes of batches that it left below its position
     */
    record Pass(long end, long position, long keptBytes, long nextHorizonMillis) {}

    static CompactionState begin(int keepPerKey) {
        return new CompactionState(keepPerKey, 0, 0, Long.MAX_VALUE, null);
    }

    ByteBuf encode() {
        ByteBuf bytes = Unpooled.buffer(BYTES, BYTES);
        bytes.writeByte(VERSION).writeInt(keepPerKey);
        bytes.writeLong(firstDirty).writeLong(cleanBytes).writeLong(nextHorizonMillis);
        Pass current = pass == null ? new Pass(-1, -1, 0, 0) : pass;
        return bytes.writeLong(current.end())
                .writeLong(current.position())
                .writeLong(current.keptBytes())
                .writeLong(current.nextHorizonMillis());
    }

    /** Begins anew on anything that this build has not written with the same rule: to compact again loses nothing. */
    static CompactionState decode(ByteBuf borrowed, int keepPerKey) {
        int at = borrowed.readerIndex();
        if (borrowed.readableBytes() != BYTES
                || borrowed.getByte(at) != VERSION
                || borrowed.getInt(at + 1) != keepPerKey) {
            return begin(keepPerKey);
        }
        at += 5;
        long end = borrowed.getLong(at + 24);
        Pass pass = end < 0
                ? null
                : new Pass(end, borrowed.getLong(at + 32), borrowed.getLong(at + 40), borrowed.getLong(at + 48));
        return new CompactionState(
                keepPerKey, borrowed.getLong(at), borrowed.getLong(at + 8), borrowed.getLong(at + 16), pass);
    }

    CompactionState with(Pass underWay) {
        return new CompactionState(keepPerKey, firstDirty, cleanBytes, nextHorizonMillis, underWay);
    }
}
