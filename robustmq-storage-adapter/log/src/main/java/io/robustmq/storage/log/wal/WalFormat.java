/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.AlignedMemory;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The bytes of the write-ahead log. A group:
 *
 * <pre>
 *  0 magic          4    40 body bytes      4   frames behind the header
 *  4 version        2    44 frame count     4
 *  6 flags          2    48 frames' CRC32C  4   over the frames, not over their contents
 *  8 position       8    52 group bytes     4   with padding, up to the end of the file for a closing group
 * 16 forced         8    56 disk            4   of the store id: another disk's file is not this log
 * 24 session        8    60 header's CRC32C 4
 * 32 written at     8 (milliseconds)
 * </pre>
 *
 * A frame: type 1, flags 1, zero 2, stream 4, content length 4, CRC32C 4 over these twelve bytes and the content; of a batch
 * only over its first 21 bytes, because its own CRC covers the others. Stateless.
 */
public final class WalFormat {
    public static final int MAGIC = 0x524D5157;
    public static final int VERSION = 1;
    public static final int PAGE_BYTES = AlignedMemory.ALIGNMENT;
    public static final int HEADER_BYTES = 64;
    public static final int FRAME_BYTES = 16;
    /** Bytes of a batch that its CRC does not cover, the CRC itself included. */
    public static final int OUTER_BYTES = 21;
    /** Group flag: no frames; what lies below it has been forced. */
    static final int CLOSING = 1;
    /** Frame flag of a batch. */
    public static final int BEGINS_SEGMENT = 1;

    static final int VERSION_AT = 4;
    static final int FLAGS_AT = 6;
    static final int POSITION_AT = 8;
    static final int FORCED_AT = 16;
    static final int SESSION_AT = 24;
    static final int TIME_AT = 32;
    static final int BODY_AT = 40;
    static final int COUNT_AT = 44;
    static final int FRAMES_CRC_AT = 48;
    static final int GROUP_AT = 52;
    static final int DISK_AT = 56;
    static final int CRC_AT = 60;

    private WalFormat() {}

    /** Bytes that a group of these contents takes, padding included. */
    static long groupBytes(long frames, long contentBytes) {
        return AlignedMemory.align(HEADER_BYTES + frames * FRAME_BYTES + contentBytes);
    }

    static void update(CRC32C crc, ByteBuf buffer, int index, int length) {
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + index, length);
        } else if (buffer.nioBufferCount() == 1) {
            crc.update(buffer.nioBuffer(index, length));
        } else {
            for (ByteBuffer part : buffer.nioBuffers(index, length)) {
                crc.update(part);
            }
        }
    }

    static int crc(ByteBuf buffer, int index, int length) {
        CRC32C crc = new CRC32C();
        update(crc, buffer, index, length);
        return (int) crc.getValue();
    }
}
