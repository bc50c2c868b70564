/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import java.util.Map;

/**
 * A topic's settings by name ({@code retention.ms}, {@code retention.bytes}, {@code max.message.bytes}, {@code protocols}, ...);
 * what is absent has the default. Immutable.
 */
public record TopicConfig(Map<String, String> values) {
    public static final TopicConfig EMPTY = new TopicConfig(Map.of());

    public TopicConfig {
        values = Map.copyOf(values);
    }
}
