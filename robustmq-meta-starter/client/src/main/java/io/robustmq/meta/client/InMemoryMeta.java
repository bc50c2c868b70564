/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Cluster commands and the image without raft, for tests of what lies above meta. Documents are not part of it. Thread-safe:
 * commands are serialised by its monitor and complete on the caller's thread.
 */
public final class InMemoryMeta implements MetaClient {
    private final List<ImageListener> listeners = new CopyOnWriteArrayList<>();
    private final Map<String, Long> sequences = new HashMap<>();
    private final InMemoryDocuments documents = new InMemoryDocuments();
    private final Set<String> tenants = new TreeSet<>(Set.of(Tenants.DEFAULT));
    private volatile Image image = new Image(0, Map.of(), Map.of(), Map.of());

    private record Image(
            long revision,
            Map<NodeId, NodeInfo> byNode,
            Map<TopicId, TopicInfo> byTopic,
            Map<ShardId, ShardInfo> byShard,
            Set<String> tenants)
            implements MetaImage {

        Image(
                long revision,
                Map<NodeId, NodeInfo> byNode,
                Map<TopicId, TopicInfo> byTopic,
                Map<ShardId, ShardInfo> byShard) {
            this(revision, byNode, byTopic, byShard, Set.of(Tenants.DEFAULT));
        }

        Image in(Set<String> now) {
            return new Image(revision, byNode, byTopic, byShard, now);
        }

        @Override
        public Collection<NodeInfo> nodes() {
            return byNode.values();
        }

        @Override
        public @Nullable NodeInfo node(NodeId id) {
            return byNode.get(id);
        }

        @Override
        public Collection<TopicInfo> topics() {
            return byTopic.values();
        }

        @Override
        public @Nullable TopicInfo topic(String tenant, String name) {
            return byTopic.values().stream()
                    .filter(topic ->
                            topic.tenant().equals(tenant) && topic.name().equals(name))
                    .findAny()
                    .orElse(null);
        }

        @Override
        public @Nullable TopicInfo topic(TopicId id) {
            return byTopic.get(id);
        }

        @Override
        public @Nullable ShardInfo shard(ShardId id) {
            return byShard.get(id);
        }
    }

    public InMemoryMeta() {
        documents.watch(Kinds.groupOf(Kinds.TENANT), List.of(Kinds.TENANT), 0, (revision, events) -> learn(events));
    }

    private synchronized void learn(List<Documents.Event> events) {
        for (Documents.Event event : events) {
            if (event.document() == null) {
                tenants.remove(event.key().name());
            } else {
                tenants.add(event.key().name());
            }
        }
        publish(new Image(image.revision + 1, image.byNode, image.byTopic, image.byShard));
    }

    @Override
    public MetaImage image() {
        return image;
    }

    @Override
    public CompletionStage<MetaImage> ready() {
        return CompletableFuture.completedStage(image);
    }

    @Override
    public Cancellable onImage(ImageListener listener) {
        listeners.add(listener);
        listener.imageChanged(image, image);
        return () -> listeners.remove(listener);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R> CompletionStage<R> submit(MetaCommand<R> command) {
        try {
            return CompletableFuture.completedStage((R) apply(command));
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private synchronized Object apply(MetaCommand<?> command) {
        if (command instanceof MetaCommand.CreateTopic create) {
            return create(create);
        } else if (command instanceof MetaCommand.DeleteTopic delete) {
            return delete(delete);
        } else if (command instanceof MetaCommand.AlterTopic alter) {
            return alter(alter);
        } else if (command instanceof MetaCommand.AddPartitions add) {
            return addPartitions(add);
        } else if (command instanceof MetaCommand.ClaimShard claim) {
            return claim(claim);
        } else if (command instanceof MetaCommand.RegisterNode register) {
            Map<NodeId, NodeInfo> nodes = new HashMap<>(image.byNode);
            nodes.put(register.node().id(), register.node());
            publish(new Image(image.revision + 1, nodes, image.byTopic, image.byShard));
            return register.node();
        } else if (command instanceof MetaCommand.AllocateIds allocate) {
            long first = sequences.getOrDefault(allocate.sequence(), 0L);
            sequences.put(allocate.sequence(), first + allocate.count());
            return first;
        }
        throw RmqError.NOT_SUPPORTED.exception("not here: " + command);
    }

    private TopicInfo create(MetaCommand.CreateTopic create) {
        if (image.topic(create.tenant(), create.name()) != null) {
            throw RmqError.TOPIC_EXISTS.exception("topic '" + create.name() + "' exists");
        }
        long revision = image.revision + 1;
        TopicInfo topic = new TopicInfo(
                create.tenant(),
                create.name(),
                create.id(),
                create.partitions(),
                create.bindings(),
                create.engine(),
                create.internal(),
                create.config(),
                create.createdMillis(),
                revision);
        Map<TopicId, TopicInfo> topics = new HashMap<>(image.byTopic);
        topics.put(create.id(), topic);
        Map<ShardId, ShardInfo> shards = new HashMap<>(image.byShard);
        for (int partition = 0; partition < create.partitions(); partition++) {
            ShardId shard = new ShardId(create.id(), partition);
            shards.put(shard, new ShardInfo(shard, null, 0));
        }
        publish(new Image(revision, image.byNode, topics, shards));
        return topic;
    }

    private TopicInfo delete(MetaCommand.DeleteTopic delete) {
        TopicInfo topic = image.byTopic.get(delete.id());
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic '" + delete.name() + "'");
        }
        Map<TopicId, TopicInfo> topics = new HashMap<>(image.byTopic);
        topics.remove(delete.id());
        Map<ShardId, ShardInfo> shards = new HashMap<>(image.byShard);
        shards.keySet().removeIf(shard -> shard.topic().equals(delete.id()));
        publish(new Image(image.revision + 1, image.byNode, topics, shards));
        return topic;
    }

    private TopicInfo alter(MetaCommand.AlterTopic alter) {
        TopicInfo topic = image.byTopic.get(alter.id());
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic '" + alter.name() + "'");
        }
        if (topic.revision() != alter.expectedRevision()) {
            throw RmqError.REVISION_MISMATCH.exception("topic '" + alter.name() + "' was altered meanwhile");
        }
        return put(topic, topic.partitions(), alter.config());
    }

    private TopicInfo addPartitions(MetaCommand.AddPartitions add) {
        TopicInfo topic = image.byTopic.get(add.id());
        if (topic == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no topic '" + add.name() + "'");
        }
        if (add.partitions() <= topic.partitions()) {
            throw RmqError.INVALID_CONFIG.exception(
                    "topic '" + add.name() + "' has " + topic.partitions() + " partitions");
        }
        return put(topic, add.partitions(), topic.config());
    }

    private TopicInfo put(TopicInfo topic, int partitions, TopicConfig config) {
        long revision = image.revision + 1;
        TopicInfo altered = new TopicInfo(
                topic.tenant(),
                topic.name(),
                topic.id(),
                partitions,
                topic.bindings(),
                topic.engine(),
                topic.internal(),
                config,
                topic.createdMillis(),
                revision);
        Map<TopicId, TopicInfo> topics = new HashMap<>(image.byTopic);
        topics.put(topic.id(), altered);
        Map<ShardId, ShardInfo> shards = new HashMap<>(image.byShard);
        for (int partition = topic.partitions(); partition < partitions; partition++) {
            ShardId shard = new ShardId(topic.id(), partition);
            shards.put(shard, new ShardInfo(shard, null, 0));
        }
        publish(new Image(revision, image.byNode, topics, shards));
        return altered;
    }

    private ShardInfo claim(MetaCommand.ClaimShard claim) {
        ShardInfo known = image.byShard.get(claim.shard());
        if (known == null) {
            throw RmqError.UNKNOWN_TOPIC.exception("there is no shard " + claim.shard());
        }
        if (known.epoch() != claim.expectedEpoch()) {
            throw RmqError.FENCED.exception("the epoch of " + claim.shard() + " is " + known.epoch());
        }
        ShardInfo claimed = new ShardInfo(claim.shard(), claim.node(), known.epoch() + 1);
        Map<ShardId, ShardInfo> shards = new HashMap<>(image.byShard);
        shards.put(claim.shard(), claimed);
        publish(new Image(image.revision + 1, image.byNode, image.byTopic, shards));
        return claimed;
    }

    private void publish(Image next) {
        Image previous = image;
        Image current = next.in(Set.copyOf(tenants));
        image = current;
        listeners.forEach(listener -> listener.imageChanged(previous, current));
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public CompletionStage<ClusterStatus> status() {
        return CompletableFuture.completedStage(new ClusterStatus("in-memory", List.of()));
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
