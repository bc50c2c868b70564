/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.broker.coordinator.CoordinatorConfig;
import io.robustmq.broker.coordinator.CoordinatorLog;
import io.robustmq.broker.coordinator.ShardCoordinatorLog;
import io.robustmq.broker.coordinator.UnavailableLog;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardStore;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics that hold the broker's own state: created when they are missing, compacted, with coordinators as their only
 * writers. Immutable.
 */
final class InternalTopics {
    static final String RETAINED = "__retained";
    /** Fixed, since the partition of a subject never changes. */
    private static final int RETAINED_PARTITIONS = 4;

    static final String DELAYED = "__delayed";
    /** Fixed, since what waits does so in its partition. */
    private static final int DELAYED_PARTITIONS = 4;

    static final String SESSIONS = "__sessions";
    /** Fixed, since the partition of a client id never changes. */
    private static final int SESSIONS_PARTITIONS = 4;

    private static final int APPENDS_MAX = 16;
    private static final Logger LOG = LoggerFactory.getLogger(InternalTopics.class);

    private final Broker broker;
    private final MetaClient meta;
    private final ShardManager shards;
    private final String engine;

    /** @param engine where those live that are not there yet */
    InternalTopics(Broker broker, MetaClient meta, ShardManager shards, String engine) {
        this.broker = broker;
        this.meta = meta;
        this.shards = shards;
        this.engine = engine;
    }

    /** Creates the topics that every broker needs, those that are missing. */
    CompletionStage<Void> create() {
        return create(RETAINED, RETAINED_PARTITIONS)
                .thenCompose(v -> create(DELAYED, DELAYED_PARTITIONS))
                .thenCompose(v -> create(SESSIONS, SESSIONS_PARTITIONS));
    }

    /** Completes when their coordinators have been loaded, or have failed to: those answer UNAVAILABLE. */
    CompletionStage<Void> open() {
        return openRetained().thenCompose(v -> openDelayed());
    }

    /** Behind the retained ones, which due messages may change. */
    private CompletionStage<Void> openDelayed() {
        return logs(DELAYED)
                .thenCompose(logs -> broker.delayed()
                        .open(
                                logs,
                                partition -> storeOf(DELAYED, partition),
                                CoordinatorConfig.DEFAULTS,
                                broker.allocator())
                        .exceptionally(failure -> {
                            LOG.error(
                                    "not all delayed messages are available: {}",
                                    broker.delayed().problem());
                            return null;
                        }));
    }

    private ShardStore storeOf(String name, int partition) {
        ServedTopic topic = broker.directory().topic(Tenants.DEFAULT, name);
        if (topic == null) {
            throw RmqError.UNAVAILABLE.exception("topic " + name + " is not open");
        }
        return topic.shards()[partition].store();
    }

    private CompletionStage<Void> openRetained() {
        return logs(RETAINED)
                .thenCompose(logs -> broker.retained()
                        .open(logs, CoordinatorConfig.DEFAULTS, broker.allocator())
                        .exceptionally(failure -> {
                            LOG.error(
                                    "not all retained messages are available: {}",
                                    broker.retained().problem());
                            return null;
                        }))
                .thenCompose(v -> logs(SESSIONS))
                .thenCompose(logs -> broker.sessions()
                        .open(logs, CoordinatorConfig.DEFAULTS, broker.allocator(), broker.windows())
                        .exceptionally(failure -> {
                            LOG.error(
                                    "not all sessions are available: {}",
                                    broker.sessions().problem());
                            return null;
                        }));
    }

    private CompletionStage<Void> create(String name, int partitions) {
        if (meta.image().topic(Tenants.DEFAULT, name) != null) {
            return CompletableFuture.completedStage(null);
        }
        return meta.submit(new MetaCommand.CreateTopic(
                        Tenants.DEFAULT,
                        name,
                        TopicId.of(broker.random().nextUuid()),
                        partitions,
                        List.of(),
                        engine,
                        true,
                        new TopicConfig(Map.of(TopicSettings.CLEANUP_POLICY, "compact")),
                        broker.clock().millis()))
                .handle((topic, failure) -> {
                    if (failure != null && RmqException.errorOf(failure) != RmqError.TOPIC_EXISTS) {
                        throw new CompletionException(failure);
                    }
                    return null;
                });
    }

    boolean exists(String name) {
        return meta.image().topic(Tenants.DEFAULT, name) != null;
    }

    /** What an acknowledgement of the topic's shard promises. */
    Durability durability(String name, int partition) {
        ServedTopic topic = broker.directory().topic(Tenants.DEFAULT, name);
        return topic == null ? Durability.FSYNC : topic.shards()[partition].durability();
    }

    /** The logs of a topic's coordinators by partition, which creates it when it is missing. */
    CompletionStage<List<CoordinatorLog>> logs(String name, int partitions) {
        return create(name, partitions).thenCompose(v -> {
            shards.follow(meta.image());
            return logs(name);
        });
    }

    private CompletionStage<List<CoordinatorLog>> logs(String name) {
        return shards.served(Tenants.DEFAULT, name)
                .thenApply(topic -> Arrays.stream(topic.shards())
                        .map(shard -> log(name, shard))
                        .toList());
    }

    private CoordinatorLog log(String name, ShardHandle shard) {
        RmqException problem = shard.problem();
        if (problem == null) {
            return openLog(shard);
        }
        return Reopening.mayHelp(problem.error())
                ? new LateLog(shard.shard(), shard.loop(), () -> current(name, shard), InternalTopics::openLog)
                : new UnavailableLog(shard.shard(), shard.loop(), problem);
    }

    private ShardHandle current(String name, ShardHandle before) {
        ServedTopic topic = broker.directory().topic(Tenants.DEFAULT, name);
        return topic == null ? before : topic.shards()[before.shard().partition()];
    }

    private static CoordinatorLog openLog(ShardHandle shard) {
        return new ShardCoordinatorLog(
                shard.shard(), shard.epoch(), shard.loop(), shard.store(), shard.owner()::append, APPENDS_MAX);
    }
}
