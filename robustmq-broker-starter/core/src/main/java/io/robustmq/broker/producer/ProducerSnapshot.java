/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.producer;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import java.util.zip.CRC32C;

/**
 * The table as bytes, without what is not committed. Format: 1 byte version, 4 bytes CRC32C of the rest, 4 bytes number of
 * producers from the one that appended first; for each id, scope, epoch, time of the last append, number of batches and, from
 * the oldest, last sequence, last offset, offset delta and largest timestamp of each. Stateless.
 */
final class ProducerSnapshot {
    private static final byte VERSION = 1;
    private static final int CRC_POSITION = 1;
    private static final int HEADER_BYTES = 5;

    private ProducerSnapshot() {}

    static void write(ProducerTable table, ByteBuf out) {
        out.writeByte(VERSION).writeInt(0);
        int countPosition = out.writerIndex();
        out.writeInt(0);
        int producers = 0;
        for (ProducerEntry each = table.oldest(); each != null; each = each.newer) {
            if (each.count() > 0) {
                write(each, out);
                producers++;
            }
        }
        out.setInt(countPosition, producers);
        out.setInt(CRC_POSITION, crc(out, out.readerIndex() + HEADER_BYTES));
    }

    private static void write(ProducerEntry entry, ByteBuf out) {
        out.writeLong(entry.producerId)
                .writeLong(entry.scope)
                .writeShort(entry.epoch())
                .writeLong(entry.lastMillis)
                .writeByte(entry.count());
        for (int age = entry.count() - 1; age >= 0; age--) {
            out.writeInt(entry.lastSequence(age))
                    .writeLong(entry.lastOffset(age))
                    .writeInt(entry.offsetDelta(age))
                    .writeLong(entry.timestampMillis(age));
        }
    }

    /**
     * Reads into an empty table; fails with CORRUPT_DATA when the bytes are damaged or of another version.
     *
     * @param endOffset of the log: batches at or behind it were never forced, and went with the power
     */
    static void read(ByteBuf in, ProducerTable table, long endOffset) {
        if (in.readableBytes() < HEADER_BYTES + Integer.BYTES) {
            throw RmqError.CORRUPT_DATA.exception("the state of producers is cut off");
        }
        byte version = in.readByte();
        if (in.readInt() != crc(in, in.readerIndex()) || version != VERSION) {
            throw RmqError.CORRUPT_DATA.exception("the state of producers is damaged, or of version " + version);
        }
        for (int left = in.readInt(); left > 0; left--) {
            ProducerEntry entry = null;
            long producerId = in.readLong();
            long scope = in.readLong();
            short epoch = in.readShort();
            long lastMillis = in.readLong();
            for (int batches = in.readByte(); batches > 0; batches--) {
                int lastSequence = in.readInt();
                long lastOffset = in.readLong();
                int offsetDelta = in.readInt();
                long timestampMillis = in.readLong();
                if (lastOffset < endOffset) {
                    entry = entry == null ? table.add(producerId, scope, lastMillis) : entry;
                    entry.committed(epoch, lastSequence, lastOffset, offsetDelta, timestampMillis);
                }
            }
        }
    }

    private static int crc(ByteBuf bytes, int from) {
        CRC32C crc = new CRC32C();
        for (java.nio.ByteBuffer part : bytes.nioBuffers(from, bytes.writerIndex() - from)) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }
}
