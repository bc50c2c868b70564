/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;

/** Completion of one read by reference, exactly once, on the loop that asked (possibly before the call returns). */
@FunctionalInterface
public interface SliceCallback {

    /**
     * @param owned released by the callee; null when there is nothing below the high watermark and the limits, and when the
     *     read failed
     * @param highWatermark the first offset that is not yet committed, as of this read; -1 when the read failed
     * @param failure as of {@link ReadCallback}, or NOT_SUPPORTED; null on success
     */
    void completed(@Nullable FileSlice owned, long highWatermark, @Nullable RmqException failure);
}
