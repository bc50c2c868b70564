/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCounted;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.protocol.LogSlice;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/**
 * Batches of one partition as the log has given them, in memory or in files, on their way into a response. Confined to one
 * loop.
 */
public final class StoredRecords implements BaseRecords {
    private static final int BATCH_LENGTH_AT = 8;

    private List<ReferenceCounted> pieces = new ArrayList<>(1);
    private int bytes;

    /** The reference passes on to the response that these records are written into. */
    public void add(ByteBuf owned) {
        pieces.add(owned);
        bytes += owned.readableBytes();
    }

    /** Likewise; {@code sent} runs when the bytes have left, or never will. */
    public void add(LogSlice owned, Runnable sent) {
        pieces.add(new SliceRegion(owned, sent));
        bytes += owned.bytes();
    }

    /** When there is no response after all. */
    public void release() {
        take().forEach(ReferenceCounted::release);
    }

    /** Buffers and {@link SliceRegion}s, the caller's from now on. */
    List<ReferenceCounted> take() {
        List<ReferenceCounted> taken = pieces;
        pieces = List.of();
        return taken;
    }

    /** The first offset behind the last batch. */
    public long nextOffset() {
        ReferenceCounted last = pieces.get(pieces.size() - 1);
        if (last instanceof SliceRegion region) {
            return region.nextOffset();
        }
        ByteBuf buffer = (ByteBuf) last;
        int at = buffer.readerIndex();
        int size = size(buffer, at);
        while (at + size < buffer.writerIndex()) {
            at += size;
            size = size(buffer, at);
        }
        return new RecordBatch(buffer.slice(at, size)).nextOffset();
    }

    private static int size(ByteBuf buffer, int at) {
        return RecordBatch.LOG_OVERHEAD_BYTES + buffer.getInt(at + BATCH_LENGTH_AT);
    }

    @Override
    public int sizeInBytes() {
        return bytes;
    }

    @Override
    public RecordsSend<StoredRecords> toSend() {
        throw new UnsupportedOperationException("Netty sends them");
    }
}
