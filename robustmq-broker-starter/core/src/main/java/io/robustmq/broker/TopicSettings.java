/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.TopicPolicies.Retention;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings a topic may have, under Kafka's names where Kafka has them, and what they mean to its shards. What does not
 * act on the topic's engine is refused, not stored. Stateless.
 */
public final class TopicSettings {
    public static final String RETENTION_POLICY = "retention.policy";
    public static final String RETENTION_MILLIS = "retention.ms";
    public static final String RETENTION_BYTES = "retention.bytes";
    public static final String RETENTION_RECORDS = "retention.records";
    public static final String RETENTION_PER_SUBJECT = "retention.per.subject";
    public static final String CLEANUP_POLICY = "cleanup.policy";
    public static final String DELETE_RETENTION_MILLIS = "delete.retention.ms";
    public static final String MIN_COMPACTION_LAG_MILLIS = "min.compaction.lag.ms";
    public static final String MAX_COMPACTION_LAG_MILLIS = "max.compaction.lag.ms";
    public static final String MIN_CLEANABLE_DIRTY_RATIO = "min.cleanable.dirty.ratio";
    public static final String SEGMENT_BYTES = "segment.bytes";
    public static final String SEGMENT_MILLIS = "segment.ms";
    /** Kafka's name for the largest batch that is taken. */
    public static final String MAX_MESSAGE_BYTES = "max.message.bytes";

    public static final String DURABILITY = "durability";

    private static final long DAY_MILLIS = 24L * 3600 * 1000;
    private static final long DEFAULT_RETENTION_MILLIS = 7 * DAY_MILLIS;
    private static final long DEFAULT_SEGMENT_MILLIS = 7 * DAY_MILLIS;
    private static final long DEFAULT_DELETE_RETENTION_MILLIS = DAY_MILLIS;
    private static final double DEFAULT_DIRTY_RATIO = 0.5;
    private static final long DEFAULT_VOLATILE_BYTES = 64L << 20;
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 32 << 20;
    private static final int MAX_MESSAGE_BYTES_MIN = 1024;
    private static final int SEGMENT_BYTES_MIN = 4096;
    private static final long DEFAULT_SEGMENT_BYTES_MIN = 1 << 20;
    private static final long COMPACTED_SEGMENT_BYTES = 64 << 20;
    private static final long DEFAULT_SEGMENT_MILLIS_MIN = 60_000;
    private static final long FLUSH_INTERVAL_MILLIS_MAX = 3_600_000;
    private static final Pattern INTERVAL = Pattern.compile("interval=([0-9]{1,9})(ms|s|m)");

    private static final Map<String, Check> CHECKS = new TreeMap<>(Map.ofEntries(
            Map.entry(RETENTION_POLICY, (Check) (name, value) -> retention(value)),
            Map.entry(RETENTION_MILLIS, (Check) TopicSettings::checkLimit),
            Map.entry(RETENTION_BYTES, (Check) TopicSettings::checkLimit),
            Map.entry(RETENTION_RECORDS, (Check) TopicSettings::checkLimit),
            Map.entry(RETENTION_PER_SUBJECT, (Check) TopicSettings::checkLimit),
            Map.entry(CLEANUP_POLICY, (Check) (name, value) -> cleanup(value)),
            Map.entry(DELETE_RETENTION_MILLIS, (Check) (name, value) -> checkRange(name, value, 0, Long.MAX_VALUE)),
            Map.entry(MIN_COMPACTION_LAG_MILLIS, (Check) (name, value) -> checkRange(name, value, 0, Long.MAX_VALUE)),
            Map.entry(MAX_COMPACTION_LAG_MILLIS, (Check) (name, value) -> checkRange(name, value, 1, Long.MAX_VALUE)),
            Map.entry(MIN_CLEANABLE_DIRTY_RATIO, (Check) TopicSettings::ratio),
            Map.entry(SEGMENT_BYTES, (Check)
                    (name, value) -> checkRange(name, value, SEGMENT_BYTES_MIN, Integer.MAX_VALUE)),
            Map.entry(SEGMENT_MILLIS, (Check) (name, value) -> checkRange(name, value, 1, Long.MAX_VALUE)),
            Map.entry(MAX_MESSAGE_BYTES, (Check)
                    (name, value) -> checkRange(name, value, MAX_MESSAGE_BYTES_MIN, Integer.MAX_VALUE)),
            Map.entry(DURABILITY, (Check) (name, value) -> promise(value))));

    /** Fails with INVALID_CONFIG when the value is not one. */
    @FunctionalInterface
    private interface Check {
        void check(String name, String value);
    }

    /**
     * What an acknowledgement of a topic promises.
     *
     * @param acknowledged what an acknowledged append waits for
     * @param flushIntervalMillis how old unforced records grow at most; -1 leaves it to the operating system
     */
    record Promise(Durability acknowledged, long flushIntervalMillis) {}

    private TopicSettings() {}

    /** The names of all settings. */
    public static Set<String> names() {
        return Set.copyOf(CHECKS.keySet());
    }

    /** Fails with INVALID_CONFIG naming the first setting that is unknown, wrong, or without effect on the engine. */
    public static void validate(String engine, Map<String, String> config) {
        new TreeMap<>(config).forEach((name, value) -> {
            Check check = CHECKS.get(name);
            if (check == null) {
                throw invalid("unknown topic setting '" + name + "'; known are " + CHECKS.keySet());
            }
            check.check(name, value);
            checkEngine(engine, name);
        });
        Values values = new Values(config);
        boolean compact = cleanup(values.text(CLEANUP_POLICY, "delete")).contains("compact");
        if (compact && retention(values.text(RETENTION_POLICY, Retention.LIMITS.key())) != Retention.LIMITS) {
            throw invalid("a compacted topic keeps the last record of each key, whoever has read it: "
                    + RETENTION_POLICY + " can only be limits");
        }
        if (values.number(MIN_COMPACTION_LAG_MILLIS, 0) > values.number(MAX_COMPACTION_LAG_MILLIS, Long.MAX_VALUE)) {
            throw invalid(MIN_COMPACTION_LAG_MILLIS + " is more than " + MAX_COMPACTION_LAG_MILLIS);
        }
        if (engine.equals(Engines.MEMORY) && values.number(RETENTION_BYTES, DEFAULT_VOLATILE_BYTES) < 0) {
            throw invalid("a topic in memory needs a limit in size: " + RETENTION_BYTES + " cannot be -1");
        }
    }

    private static void checkEngine(String engine, String name) {
        if (name.equals(DURABILITY) && engine.equals(Engines.MEMORY)) {
            throw invalid("a topic in memory has no " + DURABILITY
                    + " to choose: a restart loses it. Create it with another engine");
        }
        boolean ofSegments = name.equals(SEGMENT_BYTES) || name.equals(SEGMENT_MILLIS);
        if (ofSegments && (engine.equals(Engines.MEMORY) || engine.equals(Engines.ROCKSDB))) {
            throw invalid(name + " has no effect on the engine '" + engine + "', which has no segment files");
        }
    }

    /** What an engine must know of the topic. */
    public static ShardConfig shardConfig(TopicInfo topic) {
        Values values = new Values(topic.config().values());
        TopicPolicies policies = policies(topic);
        Promise promise = promise(topic);
        return new ShardConfig(
                policies.retentionMillis(),
                policies.retentionBytes(),
                policies.retentionRecords(),
                (int) values.number(MAX_MESSAGE_BYTES, DEFAULT_MAX_MESSAGE_BYTES),
                policies.compact() && !policies.delete(),
                promise.acknowledged(),
                promise.flushIntervalMillis(),
                (int) values.number(SEGMENT_BYTES, defaultSegmentBytes(policies)),
                values.number(SEGMENT_MILLIS, defaultSegmentMillis(policies)));
    }

    /** What may go from the topic, and when. */
    public static TopicPolicies policies(TopicInfo topic) {
        Values values = new Values(topic.config().values());
        boolean inMemory = topic.engine().equals(Engines.MEMORY);
        List<String> cleanup = cleanup(values.text(CLEANUP_POLICY, "delete"));
        return new TopicPolicies(
                retention(values.text(RETENTION_POLICY, Retention.LIMITS.key())),
                cleanup.contains("delete"),
                cleanup.contains("compact"),
                values.number(RETENTION_MILLIS, inMemory ? -1 : DEFAULT_RETENTION_MILLIS),
                values.number(RETENTION_BYTES, inMemory ? DEFAULT_VOLATILE_BYTES : -1),
                values.number(RETENTION_RECORDS, -1),
                values.number(RETENTION_PER_SUBJECT, -1),
                values.number(DELETE_RETENTION_MILLIS, DEFAULT_DELETE_RETENTION_MILLIS),
                values.number(MIN_COMPACTION_LAG_MILLIS, 0),
                values.number(MAX_COMPACTION_LAG_MILLIS, Long.MAX_VALUE),
                ratio(
                        MIN_CLEANABLE_DIRTY_RATIO,
                        values.text(MIN_CLEANABLE_DIRTY_RATIO, Double.toString(DEFAULT_DIRTY_RATIO))));
    }

    /** What an acknowledgement of the topic promises. */
    static Promise promise(TopicInfo topic) {
        return topic.engine().equals(Engines.MEMORY)
                ? new Promise(Durability.MEMORY, -1)
                : promise(topic.config().values().getOrDefault(DURABILITY, "fsync"));
    }

    /** How the topic's durability is shown: {@code memory}, or as it is set. */
    static String durability(TopicInfo topic) {
        return topic.engine().equals(Engines.MEMORY)
                ? Engines.MEMORY
                : topic.config().values().getOrDefault(DURABILITY, "fsync").trim();
    }

    /** Only whole sealed segments return their space, so they are an eighth of what is kept, if that is less than Kafka's. */
    private static long defaultSegmentBytes(TopicPolicies policies) {
        // A segment of which compaction replaces a part is written anew as a whole.
        boolean rewritten = policies.compact() || policies.retentionPerSubject() > 0;
        long largest = rewritten ? COMPACTED_SEGMENT_BYTES : ShardConfig.DEFAULT_SEGMENT_BYTES;
        return policies.retentionBytes() < 0
                ? largest
                : Math.min(largest, Math.max(DEFAULT_SEGMENT_BYTES_MIN, policies.retentionBytes() / 8));
    }

    private static long defaultSegmentMillis(TopicPolicies policies) {
        return policies.retentionMillis() < 0
                ? DEFAULT_SEGMENT_MILLIS
                : Math.min(
                        DEFAULT_SEGMENT_MILLIS, Math.max(DEFAULT_SEGMENT_MILLIS_MIN, policies.retentionMillis() / 8));
    }

    private record Values(Map<String, String> byName) {
        String text(String name, String otherwise) {
            return byName.getOrDefault(name, otherwise);
        }

        long number(String name, long otherwise) {
            String value = byName.get(name);
            return value == null ? otherwise : TopicSettings.number(name, value);
        }
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value.trim());
        } catch (NumberFormatException e) {
            throw invalid(name + " must be a whole number, not '" + value + "'");
        }
    }

    private static void checkLimit(String name, String value) {
        long limit = number(name, value);
        if (limit < -1 || limit == 0) {
            throw invalid(name + " must be -1 (no limit) or more than 0, not " + limit);
        }
    }

    private static void checkRange(String name, String value, long min, long max) {
        long number = number(name, value);
        if (number < min || number > max) {
            throw invalid(
                    name + " must be " + min + (max == Long.MAX_VALUE ? " or more" : " to " + max) + ", not " + number);
        }
    }

    private static double ratio(String name, String value) {
        try {
            double ratio = Double.parseDouble(value.trim());
            if (ratio >= 0 && ratio <= 1) {
                return ratio;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw invalid(name + " must be a number from 0 to 1, not '" + value + "'");
    }

    private static Retention retention(String value) {
        return Arrays.stream(Retention.values())
                .filter(each -> each.key().equals(value.trim()))
                .findFirst()
                .orElseThrow(() -> invalid(RETENTION_POLICY + " is "
                        + Arrays.stream(Retention.values()).map(Retention::key).collect(Collectors.joining(", "))
                        + "; not '" + value + "'"));
    }

    private static List<String> cleanup(String value) {
        List<String> parts =
                Arrays.stream(value.split(",", -1)).map(String::trim).toList();
        boolean known = parts.stream().allMatch(part -> part.equals("delete") || part.equals("compact"));
        if (!known || parts.stream().distinct().count() != parts.size()) {
            throw invalid(CLEANUP_POLICY + " is delete, compact, or compact,delete; not '" + value + "'");
        }
        return parts.stream().sorted(Comparator.naturalOrder()).toList();
    }

    private static Promise promise(String value) {
        String trimmed = value.trim();
        if (trimmed.equals("fsync")) {
            return new Promise(Durability.FSYNC, -1);
        }
        if (trimmed.equals("os")) {
            return new Promise(Durability.OS_BUFFER, -1);
        }
        Matcher interval = INTERVAL.matcher(trimmed);
        if (interval.matches()) {
            long unit = interval.group(2).equals("ms") ? 1 : interval.group(2).equals("s") ? 1000 : 60_000;
            long millis = Long.parseLong(interval.group(1)) * unit;
            if (millis >= 1 && millis <= FLUSH_INTERVAL_MILLIS_MAX) {
                return new Promise(Durability.OS_BUFFER, millis);
            }
        }
        throw invalid(
                DURABILITY + " is fsync (acknowledged means forced to the disk), interval= and a time of 1ms to 60m"
                        + " such as interval=50ms (forced so often), or os (the operating system decides); not '"
                        + value + "'");
    }

    private static RmqException invalid(String message) {
        return RmqError.INVALID_CONFIG.exception(message);
    }
}
