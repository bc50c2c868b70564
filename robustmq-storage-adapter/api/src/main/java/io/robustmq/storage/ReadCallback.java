/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;

/** Completion of one read, exactly once, on the loop that was named (possibly before read returns). */
@FunctionalInterface
public interface ReadCallback {

    /**
     * @param owned whole batches one after the other, the first of which contains the asked offset or is the first after it;
     *     no readable bytes at the high watermark; released by the callee. Null when the read failed
     * @param highWatermark the first offset that is not yet committed, as of this read
     * @param failure OUT_OF_RANGE (message names the start offset), CORRUPT_DATA, CLOSED, ...; null on success
     */
    void completed(@Nullable ByteBuf owned, long highWatermark, @Nullable RmqException failure);
}
