/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.buffer.ByteBuf;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.RecordsSend;

/** Batches as the log has given them, on their way into a response. Confined to one loop. */
public final class StoredRecords implements BaseRecords {
    private final ByteBuf bytes;

    /** The reference passes on to the response that these records are written into. */
    public StoredRecords(ByteBuf owned) {
        this.bytes = owned;
    }

    /** When there is no response after all. */
    public void release() {
        bytes.release();
    }

    ByteBuf bytes() {
        return bytes;
    }

    @Override
    public int sizeInBytes() {
        return bytes.readableBytes();
    }

    @Override
    public RecordsSend<StoredRecords> toSend() {
        throw new UnsupportedOperationException("Netty sends them");
    }
}
