/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.netty.buffer.ByteBuf;

/**
 * What is the same for all frames of a group. Immutable.
 *
 * @param position of the group in the log
 * @param forced everything below it was forced when the group was written
 * @param session which opening of the disk wrote it; tells it from what an earlier one left behind a torn end
 * @param disk of the store id
 */
record GroupHeader(long position, long forced, long session, long writtenAtMillis, int disk) {

    void write(ByteBuf target, int bodyBytes, int frames, int framesCrc, int groupBytes) {
        target.setInt(0, WalFormat.MAGIC);
        target.setShort(WalFormat.VERSION_AT, WalFormat.VERSION);
        target.setShort(WalFormat.FLAGS_AT, frames == 0 ? WalFormat.CLOSING : 0);
        target.setLong(WalFormat.POSITION_AT, position);
        target.setLong(WalFormat.FORCED_AT, forced);
        target.setLong(WalFormat.SESSION_AT, session);
        target.setLong(WalFormat.TIME_AT, writtenAtMillis);
        target.setInt(WalFormat.BODY_AT, bodyBytes);
        target.setInt(WalFormat.COUNT_AT, frames);
        target.setInt(WalFormat.FRAMES_CRC_AT, framesCrc);
        target.setInt(WalFormat.GROUP_AT, groupBytes);
        target.setInt(WalFormat.DISK_AT, disk);
        target.setInt(WalFormat.CRC_AT, WalFormat.crc(target, 0, WalFormat.CRC_AT));
    }
}
