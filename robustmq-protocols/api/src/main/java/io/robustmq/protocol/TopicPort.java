/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.protocol;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Topics as administrators see and change them. Thread-safe; failures are {@link io.robustmq.kernel.RmqException}. */
public interface TopicPort {

    /** All topics of the tenant by name; internal ones (names starting with {@code __}) only when asked for. */
    List<TopicDescription> list(String tenant, boolean internal);

    /** One topic with the state of its shards; fails with UNKNOWN_TOPIC. */
    CompletionStage<TopicDescription> show(String tenant, String name);

    /** Creates a topic and completes when its shards accept records. */
    CompletionStage<TopicDescription> create(TopicRequest request);

    CompletionStage<Void> delete(String tenant, String name);

    /** Appends one record as an administrator; completes with its place after the commit. */
    CompletionStage<RecordPlace> publish(
            String tenant, String topic, @Nullable String subject, byte @Nullable [] key, byte[] value);

    /** Reads committed records of all partitions (or of one), merged by timestamp, at most {@code limit}. */
    CompletionStage<List<StoredRecord>> read(ReadRequest request);

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
     */
    record ReadRequest(String tenant, String topic, int partition, ReadFrom from, int limit) {}

    /** Where a read begins. */
    sealed interface ReadFrom {
        record Earliest() implements ReadFrom {}

        /** The last {@code limit} records of each partition. */
        record Latest() implements ReadFrom {}

        record Offset(long offset) implements ReadFrom {}

        record Timestamp(long millis) implements ReadFrom {}
    }

    /** @param isVolatile whether a restart loses the records */
    record TopicDescription(
            String tenant,
            String name,
            String id,
            int partitions,
            List<String> bindings,
            String engine,
            boolean isVolatile,
            boolean internal,
            Map<String, String> config,
            long createdMillis,
            List<ShardDescription> shards) {}

    /** @param owner node id, null before the first claim */
    record ShardDescription(
            int partition,
            @Nullable Integer owner,
            int epoch,
            long startOffset,
            long highWatermark,
            long endOffset,
            long bytes) {}

    record RecordPlace(int partition, long offset, long timestampMillis) {}

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
