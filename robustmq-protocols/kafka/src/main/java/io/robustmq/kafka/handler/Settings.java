/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.protocol.TopicPort.Setting;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/** How settings of topics look to Kafka's clients. Stateless. */
final class Settings {
    /** What Kafka's brokers call the default of a topic's setting, where that is another name. */
    private static final Map<String, String> OF_BROKERS = Map.ofEntries(
            Map.entry("cleanup.policy", "log.cleanup.policy"),
            Map.entry("delete.retention.ms", "log.cleaner.delete.retention.ms"),
            Map.entry("max.compaction.lag.ms", "log.cleaner.max.compaction.lag.ms"),
            Map.entry("max.message.bytes", "message.max.bytes"),
            Map.entry("message.timestamp.after.max.ms", "log.message.timestamp.after.max.ms"),
            Map.entry("message.timestamp.before.max.ms", "log.message.timestamp.before.max.ms"),
            Map.entry("message.timestamp.type", "log.message.timestamp.type"),
            Map.entry("min.cleanable.dirty.ratio", "log.cleaner.min.cleanable.ratio"),
            Map.entry("min.compaction.lag.ms", "log.cleaner.min.compaction.lag.ms"),
            Map.entry("retention.bytes", "log.retention.bytes"),
            Map.entry("retention.ms", "log.retention.ms"),
            Map.entry("segment.bytes", "log.segment.bytes"),
            Map.entry("segment.ms", "log.roll.ms"));

    private Settings() {}

    static byte source(Setting setting) {
        return (setting.set() ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG).id();
    }

    static String nameOfDefault(Setting setting) {
        return OF_BROKERS.getOrDefault(setting.name(), setting.name());
    }

    static byte type(Setting setting) {
        return (switch (setting.kind()) {
                    case TEXT -> ConfigType.STRING;
                    case INT -> ConfigType.INT;
                    case LONG -> ConfigType.LONG;
                    case DOUBLE -> ConfigType.DOUBLE;
                    case LIST -> ConfigType.LIST;
                })
                .id();
    }

    /** The parts of a list. */
    static List<String> parts(String value) {
        return value.isBlank()
                ? List.of()
                : java.util.Arrays.stream(value.split(",", -1))
                        .map(String::trim)
                        .toList();
    }
}
