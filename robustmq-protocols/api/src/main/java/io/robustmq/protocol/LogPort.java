/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import io.robustmq.kernel.TopicId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The door to the log for protocols whose clients name topics, partitions and offsets themselves and bring whole record
 * batches. Shows what is open on this node; internal topics are never shown. Thread-safe.
 */
public interface LogPort {

    /** Null when there is no such topic here. */
    @Nullable
    LogTopic topic(String tenant, String name);

    /** Null when there is no such topic here: a topic that was deleted and created again has another id. */
    @Nullable
    LogTopic topic(String tenant, TopicId id);

    /** All of them, by name. */
    List<LogTopic> topics(String tenant);
}
