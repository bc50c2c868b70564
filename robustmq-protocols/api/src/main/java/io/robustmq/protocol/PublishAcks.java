/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;

/** Outcome of publishes with a token, on the publisher's loop. */
@FunctionalInterface
public interface PublishAcks {

    /**
     * @param offset where the record is in its shard; -1 when it was delivered but not captured, or failed
     * @param error null on success
     */
    void completed(long token, long offset, @Nullable RmqError error);
}
