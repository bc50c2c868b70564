/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.group;

import io.robustmq.kernel.TopicId;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RemoveTopicRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.jspecify.annotations.Nullable;

/**
 * Our topics in the words of Kafka's metadata: what the coordinator assigns partitions from, and what tells it to forget the
 * offsets of topics that are gone. Confined to the groups' loop, but for
 * whether it shows a topic.
 */
final class TopicMirror {
    private final int nodeId;
    private final BiConsumer<MetadataDelta, MetadataImage> listener;
    private final Map<String, Known> byName = new ConcurrentHashMap<>();
    private MetadataImage image = MetadataImage.EMPTY;
    private long version;

    private record Known(Uuid id, String name, int partitions, boolean view) {}

    TopicMirror(int nodeId, BiConsumer<MetadataDelta, MetadataImage> listener) {
        this.nodeId = nodeId;
        this.listener = listener;
    }

    /** Shows what has changed since the last time; views are in no list, and stay until they are forgotten. */
    void follow(List<LogTopic> topics) {
        Change change = new Change();
        Set<String> listed = new HashSet<>();
        for (LogTopic topic : topics) {
            listed.add(topic.name());
            change.see(topic);
        }
        for (Known known : new ArrayList<>(byName.values())) {
            if (!known.view && !listed.contains(known.name)) {
                change.remove(known);
            }
        }
        change.publish();
    }

    /** Whether all of them are shown as they are; from any thread. */
    boolean shows(Collection<LogTopic> topics) {
        return topics.stream().allMatch(topic -> isShown(topic, byName.get(topic.name())));
    }

    /** Shows topics that members have named, before the next change of the list tells of them. */
    void see(Collection<LogTopic> topics) {
        Change change = new Change();
        topics.forEach(change::see);
        change.publish();
    }

    /** A name is no view any more: what groups have consumed of it goes. A topic that has the name now is to be followed again. */
    void forget(String name, TopicId view) {
        Uuid id = uuid(view);
        Known known = byName.get(name);
        if (known == null || !known.id.equals(id)) {
            if (known != null) {
                Change other = new Change();
                other.remove(known);
                other.publish();
            }
            Change made = new Change();
            made.add(id, name, 0, 1, true);
            made.publish();
        }
        Change change = new Change();
        change.remove(Objects.requireNonNull(byName.get(name)));
        change.publish();
    }

    private static boolean isShown(LogTopic topic, @Nullable Known known) {
        return known != null && known.id.equals(uuid(topic.id())) && known.partitions == topic.partitions();
    }

    private static Uuid uuid(TopicId id) {
        return new Uuid(id.mostSignificantBits(), id.leastSignificantBits());
    }

    /** One step of the metadata. */
    private final class Change {
        private final MetadataDelta delta =
                new MetadataDelta.Builder().setImage(image).build();
        private boolean any;

        void see(LogTopic topic) {
            Known known = byName.get(topic.name());
            if (isShown(topic, known)) {
                return;
            }
            Uuid id = uuid(topic.id());
            int first = 0;
            if (known != null && known.id.equals(id) && known.partitions < topic.partitions()) {
                first = known.partitions;
            } else if (known != null) {
                remove(known);
            }
            add(id, topic.name(), first, topic.partitions(), topic.view());
        }

        /** @param first of the partitions that are not shown yet; 0 for a new topic */
        void add(Uuid id, String name, int first, int partitions, boolean view) {
            if (first == 0) {
                delta.replay(new TopicRecord().setName(name).setTopicId(id));
            }
            for (int partition = first; partition < partitions; partition++) {
                delta.replay(partition(id, partition));
            }
            byName.put(name, new Known(id, name, partitions, view));
            any = true;
        }

        private PartitionRecord partition(Uuid topic, int partition) {
            List<Integer> here = List.of(nodeId);
            return new PartitionRecord()
                    .setTopicId(topic)
                    .setPartitionId(partition)
                    .setReplicas(here)
                    .setIsr(here)
                    .setLeader(nodeId)
                    .setLeaderEpoch(0)
                    .setPartitionEpoch(0);
        }

        void remove(Known known) {
            delta.replay(new RemoveTopicRecord().setTopicId(known.id));
            byName.remove(known.name);
            any = true;
        }

        void publish() {
            if (any) {
                image = delta.apply(new MetadataProvenance(++version, 0, 0, true));
                listener.accept(delta, image);
            }
        }
    }
}
