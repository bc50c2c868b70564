/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.meta.client.MetaImage;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.storage.ShardEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shards that this node stores although their topic is gone: it was deleted while the node was down. They are destroyed at
 * start, before any shard is opened, and only when the image is proved to be this cluster's present. Stateless.
 */
final class Orphans {
    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private final BrokerConfig config;
    private final Collection<ShardEngine> engines;

    Orphans(BrokerConfig config, Collection<ShardEngine> engines) {
        this.config = config;
        this.engines = engines;
    }

    /** Completes when they are destroyed, or left alone. A failure is logged: space is no reason not to start. */
    CompletionStage<Void> destroy(MetaImage image) {
        Map<ShardEngine, CompletableFuture<Set<ShardId>>> asked = new LinkedHashMap<>();
        engines.forEach(engine -> asked.put(engine, engine.stored().toCompletableFuture()));
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenCompose(v -> destroy(image, asked))
                .exceptionally(failure -> {
                    LOG.error("shards of deleted topics keep their space until the next start", failure);
                    return null;
                });
    }

    private CompletionStage<Void> destroy(MetaImage image, Map<ShardEngine, CompletableFuture<Set<ShardId>>> stored) {
        boolean anyKnown = false;
        Map<ShardEngine, List<ShardId>> orphans = new LinkedHashMap<>();
        for (Map.Entry<ShardEngine, CompletableFuture<Set<ShardId>>> entry : stored.entrySet()) {
            for (ShardId shard : entry.getValue().join()) {
                TopicInfo topic = image.topic(shard.topic());
                if (topic != null && topic.engine().equals(entry.getKey().name())) {
                    anyKnown = true;
                } else {
                    orphans.computeIfAbsent(entry.getKey(), e -> new ArrayList<>())
                            .add(shard);
                }
            }
        }
        if (orphans.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        if (!isPresent(image) || !anyKnown) {
            // Metadata that was lost or belongs to another cluster knows none of them. That is no reason to lose the
            // records.
            LOG.error(
                    "this node stores shards of topics that the cluster does not know, and leaves them alone: {}",
                    orphans.values());
            return CompletableFuture.completedFuture(null);
        }
        List<CompletableFuture<Void>> destroying = new ArrayList<>();
        orphans.forEach((engine, shards) -> shards.forEach(shard -> {
            LOG.info(
                    "destroys {} of engine '{}': its topic was deleted while this node was down", shard, engine.name());
            destroying.add(engine.destroy(shard).toCompletableFuture());
        }));
        return CompletableFuture.allOf(destroying.toArray(CompletableFuture[]::new));
    }

    /** An image that shows this life of the node shows everything that was committed before its registration. */
    private boolean isPresent(MetaImage image) {
        NodeId self = config.node();
        NodeInfo node = image.node(self);
        return node != null && node.incarnation() == config.incarnation();
    }
}
