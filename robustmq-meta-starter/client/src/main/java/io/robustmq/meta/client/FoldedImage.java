/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import com.google.protobuf.InvalidProtocolBufferException;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.ShardState;
import io.robustmq.rpc.meta.TopicState;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The image as a fold over the changes of its kinds; each shares what did not change with the one before. Immutable. */
final class FoldedImage implements MetaImage {
    static final FoldedImage EMPTY =
            new FoldedImage(0, Map.of(), Set.of(Tenants.DEFAULT), SegmentedMap.empty(), SegmentedMap.empty());

    private final long revision;
    private final Map<NodeId, NodeInfo> nodes;
    private final Set<String> tenants;
    private final SegmentedMap<Name, TopicInfo> byName;
    private final SegmentedMap<TopicId, Entry> byId;

    private record Name(String tenant, String name) {}

    /** A topic and its shards; a shard that nobody claimed yet is there with epoch 0. */
    private record Entry(@Nullable TopicInfo topic, ShardInfo[] shards) {}

    private FoldedImage(
            long revision,
            Map<NodeId, NodeInfo> nodes,
            Set<String> tenants,
            SegmentedMap<Name, TopicInfo> byName,
            SegmentedMap<TopicId, Entry> byId) {
        this.revision = revision;
        this.nodes = nodes;
        this.tenants = tenants;
        this.byName = byName;
        this.byId = byId;
    }

    /** This image with the changes. */
    FoldedImage with(long newRevision, List<Event> events) {
        Fold fold = new Fold();
        events.forEach(fold::apply);
        return new FoldedImage(Math.max(revision, newRevision), fold.nodes, fold.tenants, fold.byName, fold.byId);
    }

    /** The fields of the image to be. Confined to one call. */
    private final class Fold {
        private Map<NodeId, NodeInfo> nodes = FoldedImage.this.nodes;
        private Set<String> tenants = FoldedImage.this.tenants;
        private SegmentedMap<Name, TopicInfo> byName = FoldedImage.this.byName;
        private SegmentedMap<TopicId, Entry> byId = FoldedImage.this.byId;

        void apply(Event event) {
            try {
                switch (event.key().kind()) {
                    case Kinds.NODE -> node(event);
                    case Kinds.TENANT -> tenant(event);
                    case Kinds.TOPIC -> topic(event);
                    case Kinds.SHARD -> shard(event);
                    default -> {
                        // Not asked for.
                    }
                }
            } catch (InvalidProtocolBufferException e) {
                throw RmqError.CORRUPT_DATA.exception("meta sent a damaged " + event.key());
            }
        }

        private void node(Event event) throws InvalidProtocolBufferException {
            Map<NodeId, NodeInfo> changed = new TreeMap<>(nodes);
            Document document = event.document();
            if (document == null) {
                changed.remove(new NodeId(Integer.parseInt(event.key().name())));
            } else {
                NodeInfo node = MetaMessages.node(NodeState.parseFrom(document.value()));
                changed.put(node.id(), node);
            }
            nodes = changed;
        }

        private void tenant(Event event) {
            Set<String> changed = new TreeSet<>(tenants);
            if (event.document() == null && !event.key().name().equals(Tenants.DEFAULT)) {
                changed.remove(event.key().name());
            } else {
                changed.add(event.key().name());
            }
            tenants = changed;
        }

        private void topic(Event event) throws InvalidProtocolBufferException {
            Name name = new Name(event.key().tenant(), event.key().name());
            TopicInfo before = byName.get(name);
            Document document = event.document();
            if (before != null && document == null) {
                byName = byName.without(name);
                byId = byId.without(before.id());
            }
            if (document != null) {
                TopicInfo topic = MetaMessages.topic(TopicState.parseFrom(document.value()), document.revision());
                if (before != null && !before.id().equals(topic.id())) {
                    byId = byId.without(before.id());
                }
                byName = byName.with(name, topic);
                byId = byId.with(topic.id(), new Entry(topic, shards(topic, byId.get(topic.id()))));
            }
        }

        private void shard(Event event) throws InvalidProtocolBufferException {
            Document document = event.document();
            if (document == null) {
                // Shards go with their topic.
                return;
            }
            ShardInfo shard = MetaMessages.shard(ShardState.parseFrom(document.value()));
            TopicId id = shard.shard().topic();
            // In a snapshot shards come before topics: keep them until their topic tells how many there are.
            Entry entry = byId.get(id);
            ShardInfo[] before = entry == null ? new ShardInfo[0] : entry.shards();
            int partition = shard.shard().partition();
            ShardInfo[] shards = java.util.Arrays.copyOf(before, Math.max(before.length, partition + 1));
            shards[partition] = shard;
            byId = byId.with(id, new Entry(entry == null ? null : entry.topic(), shards));
        }

        private static ShardInfo[] shards(TopicInfo topic, @Nullable Entry before) {
            ShardInfo[] shards = new ShardInfo[topic.partitions()];
            for (int i = 0; i < shards.length; i++) {
                ShardInfo claimed = before != null && i < before.shards().length ? before.shards()[i] : null;
                shards[i] = claimed != null ? claimed : new ShardInfo(new ShardId(topic.id(), i), null, 0);
            }
            return shards;
        }
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public Collection<NodeInfo> nodes() {
        return java.util.Collections.unmodifiableCollection(nodes.values());
    }

    @Override
    public @Nullable NodeInfo node(NodeId id) {
        return nodes.get(id);
    }

    @Override
    public Collection<String> tenants() {
        return java.util.Collections.unmodifiableSet(tenants);
    }

    @Override
    public Collection<TopicInfo> topics() {
        return byName.values();
    }

    @Override
    public @Nullable TopicInfo topic(String tenant, String name) {
        return byName.get(new Name(tenant, name));
    }

    @Override
    public @Nullable TopicInfo topic(TopicId id) {
        Entry entry = byId.get(id);
        return entry == null ? null : entry.topic();
    }

    @Override
    public @Nullable ShardInfo shard(ShardId id) {
        Entry entry = byId.get(id.topic());
        if (entry == null || entry.topic() == null || id.partition() >= entry.shards().length) {
            return null;
        }
        return entry.shards()[id.partition()];
    }

    @Override
    public String toString() {
        return "MetaImage[revision=" + revision + ", nodes=" + nodes.size() + ", topics="
                + byName.values().size() + "]";
    }
}
