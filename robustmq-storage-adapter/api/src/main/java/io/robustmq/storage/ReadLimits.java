/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqError;

/**
 * @param maxBytes soft limit: at least one whole batch is returned when there is one, even if it is larger
 * @param maxOffset batches that begin at or after it are not returned; {@link Long#MAX_VALUE} for none
 */
public record ReadLimits(int maxBytes, long maxOffset) {
    public ReadLimits {
        if (maxBytes < 1) {
            throw RmqError.INVALID_REQUEST.exception("maxBytes must be 1 or more, not " + maxBytes);
        }
    }

    public static ReadLimits ofBytes(int maxBytes) {
        return new ReadLimits(maxBytes, Long.MAX_VALUE);
    }
}
