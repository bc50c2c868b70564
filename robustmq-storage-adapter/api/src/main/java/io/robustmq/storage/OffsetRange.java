/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage;

import io.robustmq.kernel.RmqError;

/** Offsets from {@code start} to before {@code end}. */
public record OffsetRange(long start, long end) {
    public OffsetRange {
        if (start < 0 || end < start) {
            throw RmqError.INVALID_REQUEST.exception("not a range of offsets: [" + start + ", " + end + ")");
        }
    }
}
