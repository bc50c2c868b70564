/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.HeaderBlockWriter;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchBuilder;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.MetaImage;
import io.robustmq.meta.client.ShardInfo;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.protocol.TopicPort;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Topics for administrators: list, create, delete, read, publish. Thread-safe. */
final class TopicAdmin implements TopicPort {
    private static final int PARTITIONS_MAX = 10_000;
    private static final int READ_LIMIT_MAX = 100_000;
    /** Of an alteration that others get in the way of. */
    private static final int ALTER_ATTEMPTS = 5;

    private static final ShardStats NOTHING = new ShardStats(0, 0, 0, 0, 0, List.of());
    private static final RmqException NOT_OPEN = RmqError.UNAVAILABLE.exception("it is not open");

    private final Broker broker;
    private final MetaClient meta;
    private final ShardManager shards;

    TopicAdmin(Broker broker, MetaClient meta, ShardManager shards) {
        this.broker = broker;
        this.meta = meta;
        this.shards = shards;
    }

    @Override
    public List<TopicDescription> list(String tenant, boolean internal) {
        MetaImage image = meta.image();
        return image.topics().stream()
                .filter(topic -> topic.tenant().equals(tenant) && (internal || !topic.internal()))
                .sorted(Comparator.comparing(TopicInfo::name))
                .map(topic -> describe(image, topic))
                .toList();
    }

    @Override
    public CompletionStage<TopicDescription> show(String tenant, String name) {
        MetaImage image = meta.image();
        TopicInfo topic = image.topic(tenant, name);
        return topic == null ? unknown(tenant, name) : CompletableFuture.completedStage(describe(image, topic));
    }

    private static <T> CompletionStage<T> unknown(String tenant, String name) {
        return CompletableFuture.failedStage(
                RmqError.UNKNOWN_TOPIC.exception("there is no topic '" + name + "' in tenant '" + tenant + "'"));
    }

    private TopicDescription describe(MetaImage image, TopicInfo topic) {
        ServedTopic served = broker.directory().topic(topic.tenant(), topic.name());
        List<ShardDescription> described = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            ShardInfo shard = image.shard(new io.robustmq.kernel.ShardId(topic.id(), partition));
            // Shards that were added are served a little later.
            ShardHandle handle =
                    served == null || partition >= served.shards().length ? null : served.shards()[partition];
            RmqException problem = handle == null ? NOT_OPEN : handle.problem();
            ShardStore store = handle == null || problem != null ? null : handle.store();
            ShardStats stats = store == null ? NOTHING : store.stats();
            described.add(new ShardDescription(
                    partition,
                    shard == null || shard.owner() == null
                            ? null
                            : shard.owner().value(),
                    shard == null ? 0 : shard.epoch(),
                    stats.startOffset(),
                    stats.highWatermark(),
                    stats.endOffset(),
                    stats.bytes(),
                    stats.segments(),
                    store == null ? "" : store.disk(),
                    problem == null ? null : problem.getMessage()));
        }
        return new TopicDescription(
                topic.tenant(),
                topic.name(),
                topic.id().toString(),
                topic.partitions(),
                topic.bindings(),
                topic.engine(),
                TopicSettings.durability(topic),
                topic.engine().equals(Engines.MEMORY),
                topic.internal(),
                topic.config().values(),
                topic.createdMillis(),
                described);
    }

    @Override
    public CompletionStage<TopicDescription> create(TopicRequest request) {
        try {
            MetaCommand.CreateTopic command = command(request);
            return endingView(request)
                    .thenCompose(known -> meta.submit(command))
                    .thenCompose(topic -> {
                        shards.follow(meta.image());
                        return shards.served(topic.tenant(), topic.name()).thenCompose(this::keepIfOpen);
                    })
                    .thenApply(topic -> describe(meta.image(), topic));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** A view of the name is looked for first, so that its end is told; that it cannot be looked for is no reason to create nothing. */
    private CompletionStage<?> endingView(TopicRequest request) {
        return broker.log().find(request.tenant(), request.name()).exceptionally(failure -> null);
    }

    /** A topic that its engine refuses is not left behind. */
    private CompletionStage<TopicInfo> keepIfOpen(ServedTopic created) {
        RmqException problem = created.problem();
        if (problem == null || problem.error() == RmqError.NOT_OWNER) {
            return CompletableFuture.completedStage(created.info());
        }
        TopicInfo topic = created.info();
        return meta.submit(new MetaCommand.DeleteTopic(topic.tenant(), topic.name(), topic.id()))
                .thenCompose(deleted -> {
                    shards.follow(meta.image());
                    return CompletableFuture.failedStage(problem);
                });
    }

    /** What protocols create for themselves is nobody's. */
    private void checkQuota(String tenant) {
        long topics = meta.image().topics().stream()
                .filter(topic -> topic.tenant().equals(tenant) && !topic.internal() && !broker.isCatchAll(topic.name()))
                .count();
        String problem = broker.quotas().refusesTopic(tenant, topics);
        if (problem != null) {
            throw RmqError.POLICY_VIOLATION.exception(problem);
        }
    }

    private MetaCommand.CreateTopic command(TopicRequest request) {
        if (request.name().startsWith("__")) {
            throw RmqError.INVALID_NAME.exception("names that start with '__' are for internal topics");
        }
        if (meta.image().topic(request.tenant(), request.name()) == null) {
            checkQuota(request.tenant());
        }
        int partitions = request.partitions() == 0 ? 1 : request.partitions();
        if (partitions < 1 || partitions > PARTITIONS_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "partitions must be 1 to " + PARTITIONS_MAX + ", not " + request.partitions());
        }
        List<String> bindings = request.bindings().isEmpty() ? List.of(request.name()) : request.bindings();
        for (String binding : bindings) {
            var problem = SubjectBinding.problem(binding);
            if (problem != null) {
                throw RmqError.INVALID_SUBJECT.exception(problem.describe(binding));
            }
        }
        String engine = engine(request.engine());
        TopicSettings.validate(engine, request.config());
        return new MetaCommand.CreateTopic(
                request.tenant(),
                request.name(),
                TopicId.of(broker.random().nextUuid()),
                partitions,
                bindings.stream()
                        .map(binding -> SubjectBinding.parse(binding).text())
                        .toList(),
                engine,
                false,
                new TopicConfig(request.config()),
                broker.clock().millis());
    }

    private String engine(@Nullable String wanted) {
        Engines engines = broker.engines();
        return engines.require(wanted != null ? wanted : engines.forTopic()).name();
    }

    @Override
    public CompletionStage<TopicDescription> validate(TopicRequest request) {
        try {
            MetaCommand.CreateTopic command = command(request);
            if (meta.image().topic(request.tenant(), request.name()) != null) {
                throw RmqError.TOPIC_EXISTS.exception("topic '" + request.name() + "' exists");
            }
            shards.checkBindings(command.tenant(), command.bindings());
            TopicInfo topic = new TopicInfo(
                    command.tenant(),
                    command.name(),
                    command.id(),
                    command.partitions(),
                    command.bindings(),
                    command.engine(),
                    command.internal(),
                    command.config(),
                    command.createdMillis(),
                    0);
            return CompletableFuture.completedStage(describe(meta.image(), topic));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public CompletionStage<TopicDescription> alter(
            String tenant, String name, UnaryOperator<Map<String, String>> change, boolean validateOnly) {
        return alter(tenant, name, change, validateOnly, ALTER_ATTEMPTS);
    }

    private CompletionStage<TopicDescription> alter(
            String tenant, String name, UnaryOperator<Map<String, String>> change, boolean validateOnly, int attempts) {
        try {
            TopicInfo topic = alterable(tenant, name);
            Map<String, String> config = change.apply(topic.config().values());
            TopicSettings.validate(topic.engine(), config);
            if (validateOnly) {
                return show(tenant, name);
            }
            return meta.submit(new MetaCommand.AlterTopic(
                            tenant, name, topic.id(), new TopicConfig(config), topic.revision()))
                    .thenCompose(altered -> {
                        shards.follow(meta.image());
                        return show(tenant, name);
                    })
                    .exceptionallyCompose(
                            failure -> attempts > 1 && RmqException.errorOf(failure) == RmqError.REVISION_MISMATCH
                                    ? alter(tenant, name, change, false, attempts - 1)
                                    : CompletableFuture.failedStage(RmqException.causeOf(failure)));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private TopicInfo alterable(String tenant, String name) {
        TopicInfo topic = meta.image().topic(tenant, name);
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic '" + name + "' in tenant '" + tenant + "'");
        }
        if (topic.internal()) {
            throw RmqError.POLICY_VIOLATION.exception("'" + name + "' is an internal topic: it cannot be altered");
        }
        return topic;
    }

    @Override
    public CompletionStage<TopicDescription> addPartitions(
            String tenant, String name, int partitions, boolean validateOnly) {
        try {
            TopicInfo topic = alterable(tenant, name);
            if (ServedTopic.isWildcard(topic)) {
                throw RmqError.POLICY_VIOLATION.exception("the records of topic '" + name
                        + "' are placed by their subject: with more partitions, later ones would lie elsewhere");
            }
            if (partitions <= topic.partitions() || partitions > PARTITIONS_MAX) {
                throw RmqError.INVALID_CONFIG.exception("topic '" + name + "' has " + topic.partitions()
                        + " partitions: it can have more, up to " + PARTITIONS_MAX + ", but not " + partitions);
            }
            if (validateOnly) {
                return show(tenant, name);
            }
            return meta.submit(new MetaCommand.AddPartitions(tenant, name, topic.id(), partitions))
                    .thenCompose(grown -> {
                        shards.follow(meta.image());
                        return shards.grown(tenant, name);
                    })
                    .thenCompose(open -> show(tenant, name));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public List<Setting> settings(TopicDescription topic) {
        Map<String, String> values = TopicSettings.effective(info(topic, topic.config()));
        List<Setting> settings = new ArrayList<>();
        values.forEach((name, value) -> {
            TopicSetting setting = Objects.requireNonNull(TopicSetting.find(name));
            String own = topic.config().get(name);
            String byDefault = value;
            if (own != null) {
                Map<String, String> others = new HashMap<>(topic.config());
                others.remove(name);
                byDefault = String.valueOf(
                        TopicSettings.effective(info(topic, others)).get(name));
            }
            settings.add(new Setting(
                    name, setting.kind(), own == null ? value : own, byDefault, own != null, setting.meaning()));
        });
        return settings;
    }

    private static TopicInfo info(TopicDescription topic, Map<String, String> config) {
        return new TopicInfo(
                topic.tenant(),
                topic.name(),
                new TopicId(0, 0),
                topic.partitions(),
                topic.bindings(),
                topic.engine(),
                topic.internal(),
                new TopicConfig(config),
                topic.createdMillis(),
                0);
    }

    @Override
    public CompletionStage<Long> deleteRecords(String tenant, String name, int partition, long beforeOffset) {
        return shards.served(tenant, name).thenCompose(topic -> {
            if (topic.info().internal()) {
                throw RmqError.POLICY_VIOLATION.exception(
                        "'" + name + "' is an internal topic: its records are the broker's own");
            }
            ShardHandle shard = shard(topic, partition);
            CompletableFuture<Long> start = new CompletableFuture<>();
            shard.loop().execute(() -> deletePrefix(shard, beforeOffset, start));
            return start;
        });
    }

    /** On the owner's loop. */
    private static void deletePrefix(ShardHandle shard, long beforeOffset, CompletableFuture<Long> start) {
        try {
            ShardStore store = shard.store();
            ShardStats stats = store.stats();
            if (beforeOffset < -1 || beforeOffset > stats.highWatermark()) {
                throw RmqError.OUT_OF_RANGE.exception(
                        "partition " + shard.shard().partition() + " holds the offsets " + stats.startOffset() + " to "
                                + stats.highWatermark() + ": it cannot begin at " + beforeOffset);
            }
            long before = beforeOffset == -1 ? stats.highWatermark() : beforeOffset;
            store.deletePrefix(before).whenComplete((moved, failure) -> {
                if (failure != null) {
                    start.completeExceptionally(failure);
                } else {
                    start.complete(moved);
                }
            });
        } catch (RuntimeException e) {
            start.completeExceptionally(e);
        }
    }

    private static ShardHandle shard(ServedTopic topic, int partition) {
        if (partition < 0 || partition >= topic.shards().length) {
            throw RmqError.INVALID_REQUEST.exception("topic '" + topic.info().name() + "' has partitions 0 to "
                    + (topic.shards().length - 1) + ", not " + partition);
        }
        return topic.shards()[partition];
    }

    @Override
    public CompletionStage<Void> delete(String tenant, String name) {
        TopicInfo topic = meta.image().topic(tenant, name);
        if (topic == null) {
            return unknown(tenant, name);
        }
        if (topic.internal()) {
            return CompletableFuture.failedStage(
                    RmqError.POLICY_VIOLATION.exception("'" + name + "' is an internal topic: it cannot be deleted"));
        }
        return meta.submit(new MetaCommand.DeleteTopic(tenant, name, topic.id()))
                .thenAccept(deleted -> shards.follow(meta.image()));
    }

    @Override
    public CompletionStage<RecordPlace> publish(
            String tenant, String topic, @Nullable String subject, byte @Nullable [] key, byte[] value) {
        return shards.served(tenant, topic)
                .thenCompose(served -> served.info().internal()
                        ? CompletableFuture.failedStage(RmqError.POLICY_VIOLATION.exception(
                                "'" + topic + "' is an internal topic: only the broker writes to it"))
                        : append(served, subject, key, value));
    }

    private CompletionStage<RecordPlace> append(
            ServedTopic topic, @Nullable String subject, byte @Nullable [] key, byte[] value) {
        if (topic.wildcard() && subject == null) {
            return CompletableFuture.failedStage(RmqError.INVALID_SUBJECT.exception(
                    "topic '" + topic.info().name() + "' holds many subjects: say which one the record belongs to"));
        }
        if (topic.needsKey() && key == null) {
            return CompletableFuture.failedStage(RmqError.KEY_REQUIRED.exception(
                    "topic '" + topic.info().name() + "' keeps the last record of each key: say which key it has"));
        }
        byte[] recordKey = topic.wildcard() && subject != null ? subject.getBytes(StandardCharsets.UTF_8) : key;
        ShardHandle shard = topic.wildcard() && subject != null
                ? topic.shardOf(io.robustmq.kernel.subject.Subjects.canonical(subject))
                : topic.shardOf(recordKey == null ? new byte[0] : recordKey);
        RecordBatchBuilder builder = new RecordBatchBuilder(broker.config().batchBytesMax());
        long now = broker.clock().millis();
        builder.begin(now);
        builder.append(now, recordKey, value, new HeaderBlockWriter());
        RecordBatch batch = builder.build(broker.allocator());
        CompletableFuture<RecordPlace> place = new CompletableFuture<>();
        shard.append(batch, shard.durability(), (offset, failure) -> {
            if (failure != null) {
                place.completeExceptionally(failure);
            } else {
                place.complete(new RecordPlace(shard.shard().partition(), offset, now));
            }
        });
        return place;
    }

    @Override
    public CompletionStage<ReadRecords> read(ReadRequest request) {
        if (request.limit() < 1 || request.limit() > READ_LIMIT_MAX) {
            return CompletableFuture.failedStage(RmqError.INVALID_REQUEST.exception(
                    "limit must be 1 to " + READ_LIMIT_MAX + ", not " + request.limit()));
        }
        return shards.served(request.tenant(), request.topic()).thenCompose(topic -> readAll(topic, request));
    }

    private CompletionStage<ReadRecords> readAll(ServedTopic topic, ReadRequest request) {
        ShardHandle[] wanted =
                request.partition() == -1 ? topic.shards() : new ShardHandle[] {shard(topic, request.partition())};
        List<CompletableFuture<ReadRecords>> parts = new ArrayList<>();
        for (ShardHandle shard : wanted) {
            parts.add(
                    request.subject() == null
                            ? new TopicRead(topic, shard, request).run()
                            : new SubjectRead(broker, topic, shard, request).run());
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(
                        v -> merge(parts.stream().map(CompletableFuture::join).toList(), request));
    }

    private static ReadRecords merge(List<ReadRecords> parts, ReadRequest request) {
        List<StoredRecord> all = parts.stream()
                .flatMap(part -> part.records().stream())
                .sorted(Comparator.comparingLong(StoredRecord::timestampMillis)
                        .thenComparingInt(StoredRecord::partition)
                        .thenComparingLong(StoredRecord::offset))
                .toList();
        int from = request.from() instanceof ReadFrom.Latest ? Math.max(0, all.size() - request.limit()) : 0;
        return new ReadRecords(
                all.subList(from, Math.min(all.size(), from + request.limit())),
                parts.stream().mapToLong(ReadRecords::damagedBatches).sum());
    }
}
