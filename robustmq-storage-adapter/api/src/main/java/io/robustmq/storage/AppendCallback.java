/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqException;
import org.jspecify.annotations.Nullable;

/** Completion of one append, exactly once, in the order of the appends, on the owner's loop (possibly before append returns). */
@FunctionalInterface
public interface AppendCallback {

    /**
     * @param baseOffset first offset of the appended batch; -1 when it failed
     * @param failure null when the batch is committed
     */
    void completed(long baseOffset, @Nullable RmqException failure);
}
