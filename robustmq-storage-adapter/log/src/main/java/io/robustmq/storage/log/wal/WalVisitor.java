/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.netty.buffer.ByteBuf;

/** What a scan of the write-ahead log hands over, in order, group by group; only groups that are whole. */
public interface WalVisitor {

    /** Before the frames of the group. */
    default void group(long position, long forced, long session, long writtenAtMillis, int frames, int bytes) {}

    /**
     * One frame; the content is borrowed for the call.
     *
     * @param position of its group
     */
    void frame(long position, WalRecordType type, int stream, int flags, ByteBuf content);

    /**
     * A batch whose content is damaged while its frame and outer header are whole. Answers whether the segment still holds
     * it: then the log goes on as if it had been replayed.
     *
     * @param outer the {@link WalFormat#OUTER_BYTES} bytes with base offset, length, epoch and CRC
     */
    default boolean heal(long position, int stream, int flags, ByteBuf outer) {
        return false;
    }
}
