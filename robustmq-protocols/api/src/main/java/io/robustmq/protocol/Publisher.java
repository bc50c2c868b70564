/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;

/** One client's way into the log. Confined to the loop it was opened for. */
public interface Publisher {

    /**
     * Takes the message into the run of this loop turn. What it points to is copied before the call returns.
     *
     * @return null when it was taken: a token, if any, is acknowledged later; else why it was refused, and no
     *     acknowledgement follows
     */
    @Nullable
    RmqError publish(Publish message);
}
