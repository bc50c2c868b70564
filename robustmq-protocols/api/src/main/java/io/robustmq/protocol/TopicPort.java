/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Topics as administrators see and change them. Thread-safe; failures are {@link io.robustmq.kernel.RmqException}. */
public interface TopicPort {

    /** All topics of the tenant by name; internal ones (names starting with {@code __}) only when asked for. */
    List<TopicDescription> list(String tenant, boolean internal);

    /** One topic with the state of its shards; fails with UNKNOWN_TOPIC. */
    CompletionStage<TopicDescription> show(String tenant, String name);

    /** Creates a topic and completes when its shards accept records. */
    CompletionStage<TopicDescription> create(TopicRequest request);

    /** Checks what {@link #create} does and answers with what it would make; nothing is created. */
    CompletionStage<TopicDescription> validate(TopicRequest request);

    CompletionStage<Void> delete(String tenant, String name);

    /**
     * Changes settings and completes when the shards here were told. A null value gives the setting its default back; what is
     * not named stays. Fails with INVALID_CONFIG when a setting is wrong or has no effect on the topic's engine.
     */
    default CompletionStage<TopicDescription> alter(String tenant, String name, Map<String, @Nullable String> changes) {
        return alter(
                tenant,
                name,
                before -> {
                    Map<String, String> config = new TreeMap<>(before);
                    changes.forEach((setting, value) -> {
                        if (value == null) {
                            config.remove(setting);
                        } else {
                            config.put(setting, value);
                        }
                    });
                    return config;
                },
                false);
    }

    /**
     * The same by what a function makes of the settings that are set, which may be asked again when somebody else alters the topic
     * meanwhile. Nothing happens, but for the checks, when it is only to be validated.
     */
    CompletionStage<TopicDescription> alter(
            String tenant, String name, UnaryOperator<Map<String, String>> change, boolean validateOnly);

    /**
     * Gives the topic so many partitions and completes when they were opened. Fails with INVALID_CONFIG unless that are more
     * than it has, with POLICY_VIOLATION when its records are placed by their subject. Nothing happens, but for the checks,
     * when it is only to be validated.
     */
    CompletionStage<TopicDescription> addPartitions(String tenant, String name, int partitions, boolean validateOnly);

    /** Every setting that can act on such a topic, set or not, by name. */
    List<Setting> settings(TopicDescription topic);

    /**
     * Deletes the records of a partition below the offset; {@code -1} means all that are committed. Completes with the
     * partition's new first offset; fails with OUT_OF_RANGE for an offset that is not yet written.
     */
    CompletionStage<Long> deleteRecords(String tenant, String name, int partition, long beforeOffset);

    /** Appends one record as an administrator; completes with its place after the commit. */
    CompletionStage<RecordPlace> publish(
            String tenant, String topic, @Nullable String subject, byte @Nullable [] key, byte[] value);

    /** Reads committed records of all partitions (or of one), merged by timestamp, at most {@code limit}. */
    CompletionStage<ReadRecords> read(ReadRequest request);

    /**
     * @param partitions 0 for the default
     * @param bindings subject filters in canonical (dot) or slash spelling; empty binds the topic's own name
     * @param engine null for the default
     */
    record TopicRequest(
            String tenant,
            String name,
            int partitions,
            List<String> bindings,
            @Nullable String engine,
            Map<String, String> config) {}

    /**
     * @param partition -1 for all
     * @param from where to begin
     * @param subject a filter of either spelling: only records whose subject matches; null for all
     */
    record ReadRequest(
            String tenant,
            String topic,
            int partition,
            ReadFrom from,
            int limit,
            @Nullable String subject) {

        public ReadRequest(String tenant, String topic, int partition, ReadFrom from, int limit) {
            this(tenant, topic, partition, from, limit, null);
        }
    }

    /** Where a read begins. */
    sealed interface ReadFrom {
        record Earliest() implements ReadFrom {}

        /** The last {@code limit} records of each partition. */
        record Latest() implements ReadFrom {}

        record Offset(long offset) implements ReadFrom {}

        record Timestamp(long millis) implements ReadFrom {}
    }

    /**
     * @param durability what an acknowledgement promises: fsync, interval=..., os, or memory
     * @param isVolatile whether a restart loses the records
     */
    record TopicDescription(
            String tenant,
            String name,
            String id,
            int partitions,
            List<String> bindings,
            String engine,
            String durability,
            boolean isVolatile,
            boolean internal,
            Map<String, String> config,
            long createdMillis,
            List<ShardDescription> shards) {}

    /**
     * @param owner node id, null before the first claim
     * @param disk the data directory that holds it; empty for none
     * @param problem why it cannot be used; null when it can
     */
    record ShardDescription(
            int partition,
            @Nullable Integer owner,
            int epoch,
            long startOffset,
            long highWatermark,
            long endOffset,
            long bytes,
            int segments,
            String disk,
            @Nullable String problem) {}

    /**
     * A setting of a topic.
     *
     * @param value that acts now
     * @param byDefault the value that acts when it is not set
     * @param set whether it is
     * @param meaning in one sentence
     */
    record Setting(String name, SettingKind kind, String value, String byDefault, boolean set, String meaning) {}

    /** What values of a setting are. A list is separated by commas. */
    enum SettingKind {
        TEXT,
        INT,
        LONG,
        DOUBLE,
        LIST
    }

    record RecordPlace(int partition, long offset, long timestampMillis) {}

    /** @param damagedBatches whose inside contradicts itself: passed over, so that they do not hide what is behind them */
    record ReadRecords(List<StoredRecord> records, long damagedBatches) {}

    record Header(String key, byte @Nullable [] value) {}

    record StoredRecord(
            int partition,
            long offset,
            long timestampMillis,
            String subject,
            byte @Nullable [] key,
            List<Header> headers,
            byte @Nullable [] value) {}
}
