/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;

/** One message that is followed, from its coming in to its acknowledgement. Thread-safe: loops hand it on. */
public interface MessageTrace {

    /** What its headers must say from now on, because it came without a trace and one begins here; null when they say it. */
    @Nullable
    String begun();

    /** It was appended to the log, or failed to be. */
    void appended(int partition, long offset, @Nullable RmqError error);

    /** It was offered to live subscribers of one loop, which took so long. */
    void delivered(Target[] targets, long nanos);

    /** Its publisher has its answer. */
    void ended(@Nullable RmqError error);
}
