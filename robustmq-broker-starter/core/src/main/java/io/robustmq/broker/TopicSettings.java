/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.ShardConfig;
import java.util.Map;
import java.util.Set;

/** The settings a topic may have, and what they mean to its shards. What does not act is refused, not stored. */
final class TopicSettings {
    static final String RETENTION_MILLIS = "retention.ms";
    static final String RETENTION_BYTES = "retention.bytes";
    static final String RETENTION_RECORDS = "retention.records";
    static final String MAX_BATCH_BYTES = "max.batch.bytes";

    private static final Set<String> KNOWN =
            Set.of(RETENTION_MILLIS, RETENTION_BYTES, RETENTION_RECORDS, MAX_BATCH_BYTES);
    private static final long DEFAULT_RETENTION_MILLIS = 7L * 24 * 3600 * 1000;
    private static final long DEFAULT_VOLATILE_BYTES = 64L * 1024 * 1024;
    private static final int DEFAULT_MAX_BATCH_BYTES = 32 * 1024 * 1024;

    private TopicSettings() {}

    /** Fails with INVALID_CONFIG naming the first wrong setting. */
    static void validate(Map<String, String> config) {
        for (Map.Entry<String, String> entry : config.entrySet()) {
            if (!KNOWN.contains(entry.getKey())) {
                throw RmqError.INVALID_CONFIG.exception("unknown topic setting '" + entry.getKey() + "'; known are "
                        + KNOWN.stream().sorted().toList());
            }
            long value = number(entry.getKey(), entry.getValue());
            if (value < -1 || value == 0) {
                throw RmqError.INVALID_CONFIG.exception(
                        entry.getKey() + " must be -1 (no limit) or more than 0, not " + value);
            }
        }
    }

    private static long number(String key, String value) {
        try {
            return Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw RmqError.INVALID_CONFIG.exception(key + " must be a whole number, not '" + value + "'");
        }
    }

    static ShardConfig shardConfig(TopicInfo topic) {
        TopicConfig config = topic.config();
        boolean inMemory = topic.engine().equals("memory");
        return new ShardConfig(
                get(config, RETENTION_MILLIS, inMemory ? -1 : DEFAULT_RETENTION_MILLIS),
                get(config, RETENTION_BYTES, inMemory ? DEFAULT_VOLATILE_BYTES : -1),
                get(config, RETENTION_RECORDS, -1),
                (int) Math.min(Integer.MAX_VALUE, get(config, MAX_BATCH_BYTES, DEFAULT_MAX_BATCH_BYTES)),
                false);
    }

    private static long get(TopicConfig config, String key, long otherwise) {
        String value = config.values().get(key);
        return value == null ? otherwise : number(key, value);
    }
}
