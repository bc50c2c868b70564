/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import static io.robustmq.protocol.TopicPort.SettingKind.DOUBLE;
import static io.robustmq.protocol.TopicPort.SettingKind.INT;
import static io.robustmq.protocol.TopicPort.SettingKind.LIST;
import static io.robustmq.protocol.TopicPort.SettingKind.LONG;
import static io.robustmq.protocol.TopicPort.SettingKind.TEXT;

import io.robustmq.broker.SettingValues.Check;
import io.robustmq.protocol.TopicPort.SettingKind;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One setting of topics. Immutable.
 *
 * @param byDefault in words
 * @param meaning one sentence, for documents and clients
 * @param check of a value
 */
public record TopicSetting(String name, SettingKind kind, String byDefault, String meaning, Check check) {
    private static final int MAX_MESSAGE_BYTES_MIN = 1024;
    private static final int SEGMENT_BYTES_MIN = 4096;

    /** All there are, in the order of their documentation. */
    public static final List<TopicSetting> ALL = List.of(
            of(
                    TopicSettings.DURABILITY,
                    TEXT,
                    "fsync",
                    "what an acknowledgement promises: fsync, interval=<time> or os",
                    (name, value) -> SettingValues.promise(value)),
            of(
                    TopicSettings.PROTOCOLS,
                    LIST,
                    TopicSettings.ALL_PROTOCOLS,
                    "whose clients may write to it, read it and hear of it: some of mqtt, kafka, nats, amqp, mq9, rocketmq; to the"
                            + " others it does not exist, and what they publish to its subjects is refused",
                    (name, value) -> SettingValues.protocols(value)),
            of(
                    TopicSettings.RETENTION_POLICY,
                    TEXT,
                    "limits",
                    "what keeps a record within the limits below: limits alone, interest (somebody has not confirmed it),"
                            + " work-queue (nobody has)",
                    (name, value) -> SettingValues.retention(value)),
            of(
                    TopicSettings.RETENTION_MILLIS,
                    LONG,
                    "7 days; memory -1",
                    "records older than this go",
                    SettingValues::limit),
            of(
                    TopicSettings.RETENTION_BYTES,
                    LONG,
                    "-1; memory 64 MiB",
                    "bytes per partition beyond which the oldest go",
                    SettingValues::limit),
            of(
                    TopicSettings.RETENTION_RECORDS,
                    LONG,
                    "-1",
                    "records per partition beyond which the oldest go",
                    SettingValues::limit),
            of(
                    TopicSettings.RETENTION_PER_SUBJECT,
                    LONG,
                    "-1",
                    "records of one subject in a partition beyond which its oldest go",
                    SettingValues::limit),
            of(
                    TopicSettings.CLEANUP_POLICY,
                    LIST,
                    "delete",
                    "delete by the limits, compact to the last record of each key, or compact,delete",
                    (name, value) -> SettingValues.cleanup(value)),
            of(
                    TopicSettings.DELETE_RETENTION_MILLIS,
                    LONG,
                    "1 day",
                    "how long a tombstone stays behind its compaction",
                    SettingValues.from(0)),
            of(
                    TopicSettings.MIN_COMPACTION_LAG_MILLIS,
                    LONG,
                    "0",
                    "a record is not compacted away before it is that old",
                    SettingValues.from(0)),
            of(
                    TopicSettings.MAX_COMPACTION_LAG_MILLIS,
                    LONG,
                    "none",
                    "and is, once it is that old",
                    SettingValues.from(1)),
            of(
                    TopicSettings.MIN_CLEANABLE_DIRTY_RATIO,
                    DOUBLE,
                    "0.5",
                    "share of a partition not compacted yet from which on it is",
                    SettingValues::ratio),
            of(
                    TopicSettings.SEGMENT_BYTES,
                    INT,
                    "an eighth of retention.bytes, at most 1 GiB (64 MiB where records are compacted)",
                    "a segment file is closed at this size (engine file)",
                    SettingValues.range(SEGMENT_BYTES_MIN, Integer.MAX_VALUE)),
            of(
                    TopicSettings.SEGMENT_MILLIS,
                    LONG,
                    "an eighth of retention.ms, at most 7 days",
                    "and when its first record is that old (engine file)",
                    SettingValues.from(1)),
            of(
                    TopicSettings.MAX_MESSAGE_BYTES,
                    INT,
                    "32 MiB",
                    "the largest batch that is taken",
                    SettingValues.range(MAX_MESSAGE_BYTES_MIN, Integer.MAX_VALUE)),
            of(
                    TopicSettings.TIMESTAMP_TYPE,
                    TEXT,
                    "CreateTime",
                    "the time of a record: CreateTime (its producer's; of MQTT's messages, that of their arrival) or"
                            + " LogAppendTime",
                    (name, value) -> SettingValues.appendTime(value)),
            of(
                    TopicSettings.TIMESTAMP_BEFORE_MAX_MILLIS,
                    LONG,
                    "none",
                    "a producer's time may be that far in the past (CreateTime)",
                    SettingValues.from(0)),
            of(
                    TopicSettings.TIMESTAMP_AFTER_MAX_MILLIS,
                    LONG,
                    "1 hour",
                    "and that far in the future: one time far ahead would hide later records from searches by time",
                    SettingValues.from(0)),
            of(
                    TopicSettings.COMPRESSION,
                    TEXT,
                    "producer",
                    "how batches are packed: producer (as they come), uncompressed, gzip, snappy, lz4 or zstd; other batches"
                            + " are packed anew",
                    (name, value) -> SettingValues.codec(value)),
            of(
                    TopicSettings.GZIP_LEVEL,
                    INT,
                    "-1",
                    "level of gzip where compression.type says gzip: 1 to 9, or -1",
                    SettingValues::gzipLevel),
            of(
                    TopicSettings.LZ4_LEVEL,
                    INT,
                    "9",
                    "level of lz4 where compression.type says lz4: 1 to 17",
                    SettingValues.range(1, 17)),
            of(
                    TopicSettings.ZSTD_LEVEL,
                    INT,
                    "3",
                    "level of zstd where compression.type says zstd: -131072 to 22",
                    SettingValues.range(-131_072, 22)),
            of(
                    TopicSettings.MIN_IN_SYNC_REPLICAS,
                    INT,
                    "1",
                    "replicas that must have a batch of a Kafka producer with acks=all; there is one, so with more such"
                            + " batches are refused",
                    SettingValues.range(1, Integer.MAX_VALUE)));

    /** Settings of Kafka's topics that do not act here, and why not. */
    public static final Map<String, String> REFUSED = new TreeMap<>(Map.ofEntries(
            Map.entry("segment.index.bytes", "indexes have the size that they need"),
            Map.entry("index.interval.bytes", "indexes have the density that they need"),
            Map.entry("segment.jitter.ms", "segments are written by one thread per disk, whenever they end"),
            Map.entry("flush.messages", "durability says what an acknowledgement waits for"),
            Map.entry("flush.ms", "durability=interval=<time> says how often records are forced"),
            Map.entry("file.delete.delay.ms", "files go when their last reader has left"),
            Map.entry("preallocate", "segments are always preallocated"),
            Map.entry("unclean.leader.election.enable", "a partition has one replica"),
            Map.entry("leader.replication.throttled.replicas", "a partition has one replica"),
            Map.entry("follower.replication.throttled.replicas", "a partition has one replica"),
            Map.entry("remote.storage.enable", "there is no tiered storage"),
            Map.entry("remote.log.copy.disable", "there is no tiered storage"),
            Map.entry("remote.log.delete.on.disable", "there is no tiered storage"),
            Map.entry("local.retention.ms", "there is no tiered storage"),
            Map.entry("local.retention.bytes", "there is no tiered storage"),
            Map.entry("message.format.version", "format 2 is the only one"),
            Map.entry("message.downconversion.enable", "format 2 is the only one"),
            Map.entry(
                    "message.timestamp.difference.max.ms",
                    "message.timestamp.before.max.ms and message.timestamp.after.max.ms took its place")));

    private static final Map<String, TopicSetting> BY_NAME =
            ALL.stream().collect(Collectors.toUnmodifiableMap(TopicSetting::name, Function.identity()));

    private static TopicSetting of(String name, SettingKind kind, String byDefault, String meaning, Check check) {
        return new TopicSetting(name, kind, byDefault, meaning, check);
    }

    static @Nullable TopicSetting find(String name) {
        return BY_NAME.get(name);
    }

    /** Why a topic on that engine cannot have it; null when it can. */
    @Nullable
    String problem(String engine) {
        if (name.equals(TopicSettings.DURABILITY) && engine.equals(Engines.MEMORY)) {
            return "a topic in memory has no " + name + " to choose: a restart loses it. Create it with another engine";
        }
        boolean ofSegments = name.equals(TopicSettings.SEGMENT_BYTES) || name.equals(TopicSettings.SEGMENT_MILLIS);
        if (ofSegments && (engine.equals(Engines.MEMORY) || engine.equals(Engines.ROCKSDB))) {
            return name + " has no effect on the engine '" + engine + "', which has no segment files";
        }
        return null;
    }
}
