/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.TopicPolicies.Retention;
import io.robustmq.kernel.record.Codec;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.protocol.LogTopic;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardConfig;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
    public static final String TIMESTAMP_TYPE = "message.timestamp.type";
    public static final String TIMESTAMP_BEFORE_MAX_MILLIS = "message.timestamp.before.max.ms";
    public static final String TIMESTAMP_AFTER_MAX_MILLIS = "message.timestamp.after.max.ms";
    public static final String COMPRESSION = "compression.type";
    public static final String GZIP_LEVEL = "compression.gzip.level";
    public static final String LZ4_LEVEL = "compression.lz4.level";
    public static final String ZSTD_LEVEL = "compression.zstd.level";
    public static final String MIN_IN_SYNC_REPLICAS = "min.insync.replicas";

    /** Whose clients may write to the topic, read from it, and hear of it. */
    public static final String PROTOCOLS = "protocols";

    /** The value of {@link #PROTOCOLS} that stands for every one. */
    static final String ALL_PROTOCOLS = "all";

    /** The value of {@link #COMPRESSION} that leaves it to producers. */
    static final String AS_PRODUCED = "producer";

    private static final String CREATE_TIME = "CreateTime";
    private static final long DEFAULT_TIMESTAMP_AFTER_MAX_MILLIS = 3_600_000;

    private static final long DAY_MILLIS = 24L * 3600 * 1000;
    private static final long DEFAULT_RETENTION_MILLIS = 7 * DAY_MILLIS;
    private static final long DEFAULT_SEGMENT_MILLIS = 7 * DAY_MILLIS;
    private static final long DEFAULT_DELETE_RETENTION_MILLIS = DAY_MILLIS;
    private static final double DEFAULT_DIRTY_RATIO = 0.5;
    private static final long DEFAULT_VOLATILE_BYTES = 64L << 20;
    private static final int DEFAULT_MAX_MESSAGE_BYTES = 32 << 20;
    private static final long DEFAULT_SEGMENT_BYTES_MIN = 1 << 20;
    private static final long COMPACTED_SEGMENT_BYTES = 64 << 20;
    private static final long DEFAULT_SEGMENT_MILLIS_MIN = 60_000;

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
        return TopicSetting.ALL.stream().map(TopicSetting::name).collect(Collectors.toUnmodifiableSet());
    }

    /** Fails with INVALID_CONFIG naming the first setting that is unknown, wrong, or without effect on the engine. */
    public static void validate(String engine, Map<String, String> config) {
        new TreeMap<>(config).forEach((name, value) -> {
            TopicSetting setting = TopicSetting.find(name);
            if (setting == null) {
                String why = TopicSetting.REFUSED.get(name);
                throw SettingValues.invalid(
                        why == null
                                ? "unknown topic setting '" + name + "'; known are " + new TreeSet<>(names())
                                : name + " does not act here: " + why);
            }
            setting.check().check(name, value);
            String problem = setting.problem(engine);
            if (problem != null) {
                throw SettingValues.invalid(problem);
            }
        });
        SettingValues values = new SettingValues(config);
        boolean compact =
                SettingValues.cleanup(values.text(CLEANUP_POLICY, "delete")).contains("compact");
        if (compact
                && SettingValues.retention(values.text(RETENTION_POLICY, Retention.LIMITS.key())) != Retention.LIMITS) {
            throw SettingValues.invalid("a compacted topic keeps the last record of each key, whoever has read it: "
                    + RETENTION_POLICY + " can only be limits");
        }
        if (values.number(MIN_COMPACTION_LAG_MILLIS, 0) > values.number(MAX_COMPACTION_LAG_MILLIS, Long.MAX_VALUE)) {
            throw SettingValues.invalid(MIN_COMPACTION_LAG_MILLIS + " is more than " + MAX_COMPACTION_LAG_MILLIS);
        }
        if (engine.equals(Engines.MEMORY) && values.number(RETENTION_BYTES, DEFAULT_VOLATILE_BYTES) < 0) {
            throw SettingValues.invalid(
                    "a topic in memory needs a limit in size: " + RETENTION_BYTES + " cannot be -1");
        }
    }

    /** What an engine must know of the topic. */
    public static ShardConfig shardConfig(TopicInfo topic) {
        SettingValues values = new SettingValues(topic.config().values());
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
        SettingValues values = new SettingValues(topic.config().values());
        boolean inMemory = topic.engine().equals(Engines.MEMORY);
        List<String> cleanup = SettingValues.cleanup(values.text(CLEANUP_POLICY, "delete"));
        return new TopicPolicies(
                SettingValues.retention(values.text(RETENTION_POLICY, Retention.LIMITS.key())),
                cleanup.contains("delete"),
                cleanup.contains("compact"),
                values.number(RETENTION_MILLIS, inMemory ? -1 : DEFAULT_RETENTION_MILLIS),
                values.number(RETENTION_BYTES, inMemory ? DEFAULT_VOLATILE_BYTES : -1),
                values.number(RETENTION_RECORDS, -1),
                values.number(RETENTION_PER_SUBJECT, -1),
                values.number(DELETE_RETENTION_MILLIS, DEFAULT_DELETE_RETENTION_MILLIS),
                values.number(MIN_COMPACTION_LAG_MILLIS, 0),
                values.number(MAX_COMPACTION_LAG_MILLIS, Long.MAX_VALUE),
                SettingValues.ratio(
                        MIN_CLEANABLE_DIRTY_RATIO,
                        values.text(MIN_CLEANABLE_DIRTY_RATIO, Double.toString(DEFAULT_DIRTY_RATIO))));
    }

    /** What an acknowledgement of the topic promises. */
    static Promise promise(TopicInfo topic) {
        return topic.engine().equals(Engines.MEMORY)
                ? new Promise(Durability.MEMORY, -1)
                : SettingValues.promise(topic.config().values().getOrDefault(DURABILITY, "fsync"));
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

    /** What is done with a batch when it is appended. */
    static AppendRules appendRules(TopicInfo topic) {
        SettingValues values = new SettingValues(topic.config().values());
        Codec codec = SettingValues.codec(values.text(COMPRESSION, AS_PRODUCED));
        return new AppendRules(
                promise(topic).acknowledged(),
                SettingValues.appendTime(values.text(TIMESTAMP_TYPE, CREATE_TIME)),
                codec,
                codec == null ? 0 : (int) level(values, codec),
                (int) values.number(MAX_MESSAGE_BYTES, DEFAULT_MAX_MESSAGE_BYTES));
    }

    private static long level(SettingValues values, Codec codec) {
        return switch (codec) {
            case GZIP -> values.number(GZIP_LEVEL, codec.defaultLevel());
            case LZ4 -> values.number(LZ4_LEVEL, codec.defaultLevel());
            case ZSTD -> values.number(ZSTD_LEVEL, codec.defaultLevel());
            case NONE, SNAPPY -> codec.defaultLevel();
        };
    }

    /** What the topic wants of batches that somebody brings. */
    static LogTopic.Terms terms(TopicInfo topic) {
        SettingValues values = new SettingValues(topic.config().values());
        return new LogTopic.Terms(
                SettingValues.appendTime(values.text(TIMESTAMP_TYPE, CREATE_TIME)),
                values.number(TIMESTAMP_BEFORE_MAX_MILLIS, Long.MAX_VALUE),
                values.number(TIMESTAMP_AFTER_MAX_MILLIS, DEFAULT_TIMESTAMP_AFTER_MAX_MILLIS),
                (int) values.number(MIN_IN_SYNC_REPLICAS, 1),
                policies(topic).delete());
    }

    /** Whether clients of the protocol see the topic. */
    static boolean isVisibleTo(String protocol, TopicInfo topic) {
        return SettingValues.protocols(topic.config().values().getOrDefault(PROTOCOLS, ALL_PROTOCOLS))
                .contains(protocol);
    }

    /** Every setting that can act on the topic with the value that it has now, set or not, by name. */
    static Map<String, String> effective(TopicInfo topic) {
        SettingValues values = new SettingValues(topic.config().values());
        ShardConfig shard = shardConfig(topic);
        TopicPolicies policies = policies(topic);
        LogTopic.Terms terms = terms(topic);
        Map<String, String> effective = new TreeMap<>();
        effective.put(DURABILITY, durability(topic));
        effective.put(PROTOCOLS, values.text(PROTOCOLS, ALL_PROTOCOLS));
        effective.put(RETENTION_POLICY, policies.retention().key());
        effective.put(RETENTION_MILLIS, "" + policies.retentionMillis());
        effective.put(RETENTION_BYTES, "" + policies.retentionBytes());
        effective.put(RETENTION_RECORDS, "" + policies.retentionRecords());
        effective.put(RETENTION_PER_SUBJECT, "" + policies.retentionPerSubject());
        effective.put(CLEANUP_POLICY, values.text(CLEANUP_POLICY, "delete"));
        effective.put(DELETE_RETENTION_MILLIS, "" + policies.deleteRetentionMillis());
        effective.put(MIN_COMPACTION_LAG_MILLIS, "" + policies.minCompactionLagMillis());
        effective.put(MAX_COMPACTION_LAG_MILLIS, "" + policies.maxCompactionLagMillis());
        effective.put(MIN_CLEANABLE_DIRTY_RATIO, "" + policies.minCleanableDirtyRatio());
        effective.put(SEGMENT_BYTES, "" + shard.segmentBytes());
        effective.put(SEGMENT_MILLIS, "" + shard.segmentMillis());
        effective.put(MAX_MESSAGE_BYTES, "" + shard.maxBatchBytes());
        effective.put(TIMESTAMP_TYPE, terms.appendTime() ? "LogAppendTime" : CREATE_TIME);
        effective.put(TIMESTAMP_BEFORE_MAX_MILLIS, "" + terms.timestampBeforeMaxMillis());
        effective.put(TIMESTAMP_AFTER_MAX_MILLIS, "" + terms.timestampAfterMaxMillis());
        effective.put(COMPRESSION, values.text(COMPRESSION, AS_PRODUCED));
        effective.put(GZIP_LEVEL, "" + level(values, Codec.GZIP));
        effective.put(LZ4_LEVEL, "" + level(values, Codec.LZ4));
        effective.put(ZSTD_LEVEL, "" + level(values, Codec.ZSTD));
        effective.put(MIN_IN_SYNC_REPLICAS, "" + terms.minInSyncReplicas());
        for (TopicSetting setting : TopicSetting.ALL) {
            if (setting.problem(topic.engine()) != null) {
                effective.remove(setting.name());
            }
        }
        return effective;
    }
}
