/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.TopicPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Topics of one partition in a map. Not thread-safe: a test calls from one thread at a time. */
public final class FakeTopics implements TopicPort {
    private final Map<String, TopicDescription> topics = new TreeMap<>();
    private final Map<String, List<StoredRecord>> records = new TreeMap<>();
    ReadRequest lastRead;
    long damagedBatches;

    @Override
    public List<TopicDescription> list(String tenant, boolean internal) {
        return topics.values().stream()
                .filter(topic -> topic.tenant().equals(tenant))
                .filter(topic -> internal || !topic.internal())
                .toList();
    }

    @Override
    public CompletionStage<TopicDescription> show(String tenant, String name) {
        return stage(() -> find(name));
    }

    @Override
    public CompletionStage<TopicDescription> create(TopicRequest request) {
        return stage(() -> {
            if (topics.containsKey(request.name())) {
                throw RmqError.TOPIC_EXISTS.exception("topic " + request.name() + " exists");
            }
            TopicDescription made = new TopicDescription(
                    request.tenant(),
                    request.name(),
                    "id",
                    Math.max(1, request.partitions()),
                    request.bindings(),
                    request.engine() == null ? "memory" : request.engine(),
                    "memory",
                    true,
                    request.name().startsWith("__"),
                    request.config(),
                    0,
                    List.of(new ShardDescription(0, 1, 1, 0, 0, 0, 0, 1, "", null)));
            topics.put(request.name(), made);
            records.put(request.name(), new ArrayList<>());
            return made;
        });
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String name) {
        return stage(() -> {
            topics.remove(find(name).name());
            return null;
        });
    }

    @Override
    public CompletionStage<TopicDescription> alter(
            String tenant, String name, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        return stage(() -> {
            TopicDescription topic = find(name);
            return replace(topic, topic.partitions(), change.apply(topic.config()), validateOnly);
        });
    }

    @Override
    public CompletionStage<TopicDescription> addPartitions(
            String tenant, String name, int partitions, boolean validateOnly) {
        return stage(() -> {
            TopicDescription topic = find(name);
            if (partitions <= topic.partitions()) {
                throw RmqError.INVALID_CONFIG.exception("topic " + name + " can have more partitions only");
            }
            return replace(topic, partitions, topic.config(), validateOnly);
        });
    }

    private TopicDescription replace(
            TopicDescription topic, int partitions, Map<String, String> config, boolean validateOnly) {
        TopicDescription altered = new TopicDescription(
                topic.tenant(),
                topic.name(),
                topic.id(),
                partitions,
                topic.bindings(),
                topic.engine(),
                topic.durability(),
                topic.isVolatile(),
                topic.internal(),
                config,
                topic.createdMillis(),
                topic.shards());
        if (!validateOnly) {
            topics.put(topic.name(), altered);
        }
        return altered;
    }

    @Override
    public CompletionStage<TopicDescription> validate(TopicRequest request) {
        return create(request).thenApply(made -> {
            topics.remove(made.name());
            return made;
        });
    }

    @Override
    public List<Setting> settings(TopicDescription topic) {
        return topic.config().entrySet().stream()
                .map(each -> new Setting(each.getKey(), SettingKind.TEXT, each.getValue(), "", true, ""))
                .toList();
    }

    @Override
    public CompletionStage<Long> deleteRecords(String tenant, String name, int partition, long beforeOffset) {
        return stage(() -> {
            List<StoredRecord> log = records.get(find(name).name());
            if (beforeOffset > log.size()) {
                throw RmqError.OUT_OF_RANGE.exception("there is no offset " + beforeOffset);
            }
            log.removeIf(stored -> beforeOffset == -1 || stored.offset() < beforeOffset);
            return beforeOffset == -1 ? log.size() : beforeOffset;
        });
    }

    @Override
    public CompletionStage<RecordPlace> publish(
            String tenant, String topic, @Nullable String subject, byte @Nullable [] key, byte[] value) {
        return stage(() -> {
            find(topic);
            List<StoredRecord> log = records.get(topic);
            String under = subject == null ? topic : subject;
            List<Header> headers = List.of(new Header("trace", new byte[] {1, 2}));
            log.add(new StoredRecord(0, log.size(), 1000 + log.size(), under, key, headers, value));
            return new RecordPlace(0, log.size() - 1, 1000 + log.size() - 1);
        });
    }

    @Override
    public CompletionStage<ReadRecords> read(ReadRequest request) {
        lastRead = request;
        return stage(() -> {
            find(request.topic());
            return new ReadRecords(
                    records.get(request.topic()).stream()
                            .filter(stored -> !(request.from() instanceof ReadFrom.Offset from)
                                    || stored.offset() >= from.offset())
                            .limit(request.limit())
                            .toList(),
                    damagedBatches);
        });
    }

    private TopicDescription find(String name) {
        TopicDescription topic = topics.get(name);
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic " + name);
        }
        return topic;
    }

    private static <T> CompletionStage<T> stage(Supplier<T> work) {
        return CompletableFuture.completedFuture(null).thenApply(nothing -> work.get());
    }
}
