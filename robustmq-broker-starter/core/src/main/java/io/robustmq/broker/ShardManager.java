/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.subject.BindingConflict;
import io.robustmq.kernel.subject.BindingTable;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.MetaImage;
import io.robustmq.meta.client.ShardInfo;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.Durability;
import io.robustmq.storage.ShardEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims and opens the shards of every topic this node may own, closes those of topics that are gone, and publishes the
 * directory of what is open. Thread-safe: state is guarded by this object's monitor, which is never held across a wait.
 */
final class ShardManager {
    private static final Logger LOG = LoggerFactory.getLogger(ShardManager.class);

    private final BrokerConfig config;
    private final MetaClient meta;
    private final Map<String, ShardEngine> engines;
    private final LoopGroup loops;
    private final Counters counters;
    private final Consumer<Directory> published;
    private final Map<Directory.TopicName, Opening> topics = new HashMap<>();
    private Directory directory = Directory.EMPTY;
    private int nextLoop;
    private boolean closed;

    /** A topic on its way to being served. */
    private static final class Opening {
        final TopicInfo info;
        final CompletableFuture<ServedTopic> served = new CompletableFuture<>();

        Opening(TopicInfo info) {
            this.info = info;
        }
    }

    ShardManager(
            BrokerConfig config,
            MetaClient meta,
            Map<String, ShardEngine> engines,
            LoopGroup loops,
            Counters counters,
            Consumer<Directory> published) {
        this.config = config;
        this.meta = meta;
        this.engines = engines;
        this.loops = loops;
        this.counters = counters;
        this.published = published;
    }

    /** Brings what is open into line with the image. */
    void follow(MetaImage image) {
        List<Opening> gone = new ArrayList<>();
        List<Opening> added = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            Set<Directory.TopicName> present = new HashSet<>();
            for (TopicInfo info : image.topics()) {
                Directory.TopicName name = new Directory.TopicName(info.tenant(), info.name());
                present.add(name);
                Opening known = topics.get(name);
                if (known != null && known.info.id().equals(info.id())) {
                    continue;
                }
                if (known != null) {
                    gone.add(known);
                }
                Opening opening = new Opening(info);
                topics.put(name, opening);
                added.add(opening);
            }
            topics.entrySet().removeIf(entry -> {
                boolean deleted = !present.contains(entry.getKey());
                if (deleted) {
                    gone.add(entry.getValue());
                }
                return deleted;
            });
        }
        gone.forEach(this::remove);
        added.forEach(opening -> open(image, opening));
    }

    /** Completes when the topic accepts records here; fails when it cannot be opened. */
    CompletableFuture<ServedTopic> served(String tenant, String name) {
        synchronized (this) {
            Opening opening = topics.get(new Directory.TopicName(tenant, name));
            return opening == null
                    ? CompletableFuture.failedFuture(RmqError.UNKNOWN_TOPIC.exception(
                            "there is no topic '" + name + "' in tenant '" + tenant + "'"))
                    : opening.served;
        }
    }

    /** Completes when every topic that is known now is open or has failed. */
    CompletableFuture<Void> settled() {
        synchronized (this) {
            return CompletableFuture.allOf(topics.values().stream()
                    .map(opening -> opening.served.exceptionally(failure -> null))
                    .toArray(CompletableFuture[]::new));
        }
    }

    private void open(MetaImage image, Opening opening) {
        TopicInfo info = opening.info;
        ShardEngine engine = engines.get(info.engine());
        if (engine == null) {
            LOG.error(
                    "topic '{}' wants the engine '{}', which this node does not have; it has {}",
                    info.name(),
                    info.engine(),
                    engines.keySet());
            opening.served.completeExceptionally(
                    RmqError.NOT_SUPPORTED.exception("this node has no engine '" + info.engine() + "'"));
            return;
        }
        List<CompletableFuture<ShardHandle>> shards = new ArrayList<>();
        for (int partition = 0; partition < info.partitions(); partition++) {
            shards.add(openShard(image, info, engine, partition));
        }
        CompletableFuture.allOf(shards.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
            if (failure != null) {
                LOG.error("topic '{}' could not be opened", info.name(), failure);
                opening.served.completeExceptionally(failure);
                return;
            }
            ShardHandle[] handles = shards.stream().map(CompletableFuture::join).toArray(ShardHandle[]::new);
            serve(opening, new ServedTopic(info, isWildcard(info), handles));
        });
    }

    /** A topic is wildcard when more than one subject can reach it: a catch-all, or a binding with a wildcard. */
    private static boolean isWildcard(TopicInfo info) {
        return info.bindings().isEmpty()
                || info.bindings().stream()
                        .anyMatch(binding -> !SubjectBinding.parse(binding).isExact());
    }

    private CompletableFuture<ShardHandle> openShard(
            MetaImage image, TopicInfo info, ShardEngine engine, int partition) {
        ShardId shard = new ShardId(info.id(), partition);
        ShardInfo known = image.shard(shard);
        int epoch = known == null ? 0 : known.epoch();
        Loop loop = nextLoop();
        Durability durability = engine.name().equals("memory") ? Durability.MEMORY : Durability.FSYNC;
        return meta.submit(new MetaCommand.ClaimShard(shard, config.node(), config.incarnation(), epoch))
                .toCompletableFuture()
                .thenCompose(claimed -> engine.open(shard, TopicSettings.shardConfig(info), claimed.epoch(), loop)
                        .thenApply(store -> new ShardHandle(
                                shard, new ShardOwner(loop, store, claimed.epoch(), counters), durability)));
    }

    private synchronized Loop nextLoop() {
        return loops.get(nextLoop++ % loops.size());
    }

    private void serve(Opening opening, ServedTopic topic) {
        synchronized (this) {
            Directory.TopicName name =
                    new Directory.TopicName(topic.info().tenant(), topic.info().name());
            if (closed || topics.get(name) != opening) {
                close(topic);
                opening.served.completeExceptionally(RmqError.CLOSED.exception("the topic went away"));
                return;
            }
            Map<Directory.TopicName, ServedTopic> byName = new HashMap<>(directory.byName());
            byName.put(name, topic);
            publish(byName);
        }
        opening.served.complete(topic);
    }

    private void remove(Opening opening) {
        ServedTopic topic;
        synchronized (this) {
            Directory.TopicName name = new Directory.TopicName(opening.info.tenant(), opening.info.name());
            topic = directory.byName().get(name);
            if (topic == null || !topic.info().id().equals(opening.info.id())) {
                return;
            }
            Map<Directory.TopicName, ServedTopic> byName = new HashMap<>(directory.byName());
            byName.remove(name);
            publish(byName);
        }
        ShardEngine engine = engines.get(topic.info().engine());
        for (ShardHandle handle : topic.shards()) {
            handle.loop().execute(() -> handle.owner().close().thenCompose(v -> destroy(engine, handle.shard())));
        }
    }

    private static CompletableFuture<Void> destroy(@Nullable ShardEngine engine, ShardId shard) {
        return engine == null
                ? CompletableFuture.completedFuture(null)
                : engine.destroy(shard).toCompletableFuture();
    }

    /** Under the monitor. */
    private void publish(Map<Directory.TopicName, ServedTopic> byName) {
        Map<String, BindingTable<ServedTopic>> bindings = new HashMap<>();
        for (ServedTopic topic : byName.values()) {
            for (String filter : topic.info().bindings()) {
                SubjectBinding binding = SubjectBinding.parse(filter);
                BindingTable<ServedTopic> table =
                        bindings.getOrDefault(topic.info().tenant(), BindingTable.empty());
                Optional<BindingConflict> conflict = table.conflictWith(binding);
                if (conflict.isPresent()) {
                    // Meta refuses ties when a topic is created; whoever finds one keeps serving the first.
                    LOG.error(
                            "topic '{}': {}",
                            topic.info().name(),
                            conflict.get().describe());
                    continue;
                }
                bindings.put(topic.info().tenant(), table.with(binding, topic));
            }
        }
        directory = new Directory(directory.version() + 1, Map.copyOf(bindings), Map.copyOf(byName));
        published.accept(directory);
    }

    private void close(ServedTopic topic) {
        for (ShardHandle handle : topic.shards()) {
            handle.loop().execute(() -> handle.owner().close());
        }
    }

    /** Gives up all shards. */
    CompletableFuture<Void> close() {
        List<CompletableFuture<Void>> closing = new ArrayList<>();
        synchronized (this) {
            closed = true;
            for (ServedTopic topic : directory.byName().values()) {
                for (ShardHandle handle : topic.shards()) {
                    CompletableFuture<Void> done = new CompletableFuture<>();
                    closing.add(done);
                    handle.loop()
                            .execute(() -> handle.owner().close().whenComplete((v, failure) -> done.complete(null)));
                }
            }
            publish(Map.of());
        }
        return CompletableFuture.allOf(closing.toArray(CompletableFuture[]::new));
    }
}
