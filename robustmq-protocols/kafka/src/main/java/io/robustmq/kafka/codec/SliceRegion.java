/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.codec;

import io.netty.channel.DefaultFileRegion;
import io.robustmq.protocol.LogSlice;

/**
 * A slice of the log as Netty sends it: of this class, and no other, every transport knows the system call. Confined to one
 * loop.
 */
final class SliceRegion extends DefaultFileRegion {
    private final LogSlice slice;
    private final Runnable sent;

    SliceRegion(LogSlice owned, Runnable sent) {
        super(owned.channel(), owned.position(), owned.bytes());
        this.slice = owned;
        this.sent = sent;
    }

    long nextOffset() {
        return slice.nextOffset();
    }

    /** The file is the log's to close. */
    @Override
    protected void deallocate() {
        slice.release();
        sent.run();
    }
}
