/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.TopicId;
import java.util.List;

/**
 * A topic as meta knows it. Immutable.
 *
 * @param name obeys {@code [a-zA-Z0-9._-]{1,249}}; {@code __...} is internal
 * @param bindings subject filters in canonical (dot) spelling; MQTT and NATS wildcards; empty for a catch-all
 * @param engine where its shards live
 * @param internal not shown unless asked for, never crosses protocols
 * @param revision meta revision of the last change
 */
public record TopicInfo(
        String tenant,
        String name,
        TopicId id,
        int partitions,
        List<String> bindings,
        String engine,
        boolean internal,
        TopicConfig config,
        long createdMillis,
        long revision) {

    public TopicInfo {
        bindings = List.copyOf(bindings);
    }
}
