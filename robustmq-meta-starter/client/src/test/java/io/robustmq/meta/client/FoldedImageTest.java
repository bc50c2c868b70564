/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.Documents.Document;
import io.robustmq.meta.client.Documents.Event;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.rpc.meta.ShardState;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The fold from changes to the image. */
class FoldedImageTest {
    private static final TopicId ID = new TopicId(1, 2);

    private static Event event(String kind, String tenant, String name, byte @Nullable [] value, long revision) {
        Key key = new Key(kind, tenant, name);
        return new Event(key, value == null ? null : new Document(key, value, revision));
    }

    private static Event topic(TopicId id, int partitions, long revision) {
        MetaCommand.CreateTopic create = new MetaCommand.CreateTopic(
                "default", "t", id, partitions, List.of("a.+"), "memory", false, TopicConfig.EMPTY, 5);
        return event("topic", "default", "t", MetaMessages.topic(create).toByteArray(), revision);
    }

    private static Event shard(int partition, int owner, int epoch) {
        byte[] value = ShardState.newBuilder()
                .setTopicMost(1)
                .setTopicLeast(2)
                .setPartition(partition)
                .setOwner(owner)
                .setEpoch(epoch)
                .build()
                .toByteArray();
        return event("shard", "default", ID + "-" + partition, value, 9);
    }

    @Test
    void shardsAndTopicsMayComeInAnyOrder() {
        FoldedImage topicFirst =
                FoldedImage.EMPTY.with(1, List.of(topic(ID, 3, 1))).with(2, List.of(shard(1, 7, 4)));
        FoldedImage shardFirst = FoldedImage.EMPTY.with(2, List.of(shard(1, 7, 4), topic(ID, 3, 1)));
        for (FoldedImage image : List.of(topicFirst, shardFirst)) {
            assertThat(image.revision()).isEqualTo(2);
            assertThat(image.topic(ID).revision()).isEqualTo(1);
            assertThat(image.shard(new ShardId(ID, 1))).isEqualTo(new ShardInfo(new ShardId(ID, 1), new NodeId(7), 4));
            assertThat(image.shard(new ShardId(ID, 2))).isEqualTo(new ShardInfo(new ShardId(ID, 2), null, 0));
            assertThat(image.shard(new ShardId(ID, 3))).isNull();
        }
    }

    @Test
    void aShardWithoutItsTopicIsNotShown() {
        FoldedImage image = FoldedImage.EMPTY.with(1, List.of(shard(0, 7, 1)));
        assertThat(image.shard(new ShardId(ID, 0))).isNull();
        assertThat(image.topic(ID)).isNull();
        assertThat(image.topics()).isEmpty();
    }

    @Test
    void aRecreatedTopicIsAnotherOne() {
        TopicId other = new TopicId(3, 4);
        FoldedImage first = FoldedImage.EMPTY.with(1, List.of(topic(ID, 3, 1), shard(1, 7, 4)));
        FoldedImage second = first.with(3, List.of(topic(other, 2, 3)));
        assertThat(second.topic(ID)).isNull();
        assertThat(second.shard(new ShardId(ID, 1))).isNull();
        assertThat(second.topic("default", "t").id()).isEqualTo(other);
        assertThat(second.topics()).hasSize(1);
        FoldedImage gone = second.with(4, List.of(event("topic", "default", "t", null, 4)));
        assertThat(gone.topics()).isEmpty();
        assertThat(gone.topic(other)).isNull();
        assertThat(first.shard(new ShardId(ID, 1)).epoch())
                .as("the former image stays")
                .isEqualTo(4);
    }

    @Test
    void nodesAndTenants() {
        NodeInfo node = new NodeInfo(new NodeId(3), 9, Set.of("broker"), "h:1", Map.of("mqtt-tcp", "h:2"), true);
        FoldedImage image = FoldedImage.EMPTY.with(
                1,
                List.of(
                        event("node", "", "3", MetaMessages.node(node).toByteArray(), 1),
                        event("tenant", "", "acme", new byte[0], 1)));
        assertThat(image.node(new NodeId(3))).isEqualTo(node);
        assertThat(image.tenants()).containsExactlyInAnyOrder("acme", "default");
        FoldedImage without =
                image.with(2, List.of(event("tenant", "", "acme", null, 2), event("tenant", "", "default", null, 2)));
        assertThat(without.tenants()).as("default always exists").containsExactly("default");
    }
}
