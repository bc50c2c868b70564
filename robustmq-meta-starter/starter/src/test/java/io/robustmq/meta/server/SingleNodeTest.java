/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.Documents;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeInfo;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.node.StartRefusedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node as a group of one: all the way from the client through raft to the image. */
class SingleNodeTest {
    @TempDir
    Path dataDir;

    static MetaCommand.CreateTopic topic(String name, String... bindings) {
        return new MetaCommand.CreateTopic(
                "default",
                name,
                TopicId.of(UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
                16,
                List.of(bindings),
                "memory",
                false,
                new TopicConfig(Map.of("retention.ms", "86400000")),
                1000);
    }

    static NodeInfo node(int id, long incarnation) {
        return new NodeInfo(
                new NodeId(id),
                incarnation,
                Set.of("broker", "meta"),
                "127.0.0.1:1228",
                Map.of("mqtt-tcp", "h:1883"),
                true);
    }

    @Test
    void aCommandIsInTheImageWhenItIsAnswered() {
        try (TestNode node = TestNode.single(dataDir)) {
            MetaClient client = node.client();
            assertThat(get(client.ready()).topics()).isEmpty();

            get(client.submit(new MetaCommand.RegisterNode(node(1, 7))));
            TopicInfo created = get(client.submit(topic("mqtt")));
            ShardId shard = new ShardId(created.id(), 3);
            assertThat(get(client.submit(new MetaCommand.ClaimShard(shard, new NodeId(1), 7, 0)))
                            .epoch())
                    .isEqualTo(1);

            assertThat(client.image().topic("default", "mqtt")).isEqualTo(created);
            assertThat(client.image().topic(created.id())).isEqualTo(created);
            assertThat(client.image().shard(shard).owner()).isEqualTo(new NodeId(1));
            assertThat(client.image().shard(new ShardId(created.id(), 4)).epoch())
                    .isZero();
            assertThat(client.image().shard(new ShardId(created.id(), 16))).isNull();
            assertThat(client.image().node(new NodeId(1))).isEqualTo(node(1, 7));
            assertThat(client.image().tenants()).containsExactly("default");
        }
    }

    @Test
    void aRestartKeepsTheState() {
        TopicInfo created;
        try (TestNode node = TestNode.single(dataDir)) {
            created = get(node.client().submit(topic("kept", "a.+")));
            assertThat(get(node.client().submit(new MetaCommand.AllocateIds("producers", 10))))
                    .isEqualTo(1);
        }
        try (TestNode node = TestNode.single(dataDir)) {
            assertThat(get(node.client().ready()).topic("default", "kept")).isEqualTo(created);
            assertThat(get(node.client().submit(new MetaCommand.AllocateIds("producers", 10))))
                    .isEqualTo(11);
            get(node.server().groups().get("metadata").snapshot());
            get(node.client().submit(topic("later")));
        }
        try (TestNode node = TestNode.single(dataDir)) {
            assertThat(get(node.client().ready()).topics())
                    .extracting(TopicInfo::name)
                    .containsExactlyInAnyOrder("kept", "later");
            assertThatThrownBy(() -> get(node.client().submit(topic("other", "a.+"))))
                    .isInstanceOfSatisfying(
                            RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.BINDING_CONFLICT));
        }
    }

    @Test
    void aRemoteClientSeesTheSame() {
        try (TestNode node = TestNode.single(dataDir);
                ClusterMetaClient remote = node.remoteClient(List.of(node.address()))) {
            TopicInfo created = get(remote.submit(topic("far")));
            assertThat(remote.image().topic(created.id())).isEqualTo(created);
            Key key = new Key("user", "default", "alice");
            long revision = get(remote.documents().transact(List.of(new Change.Put(key, new byte[] {1}, 0))));
            assertThat(get(node.client().documents().get(key)).revision()).isEqualTo(revision);
            assertThat(get(remote.documents().list("user", "default", "al", 10)))
                    .extracting(Documents.Document::key)
                    .containsExactly(key);
            assertThat(get(remote.status()).groups())
                    .extracting(group -> group.name() + " " + group.leader())
                    .containsExactly(
                            "metadata " + node.address(), "offset " + node.address(), "data " + node.address());
        }
    }

    @Test
    void anotherNodesDataIsRefused() {
        TestNode.single(dataDir).close();
        try (TestNode other = new TestNode(2, dataDir)) {
            assertThatThrownBy(() -> other.start(Map.of(2, other.address()), 3000))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("belongs to node 1 of cluster test, and this is node 2");
        }
    }

    @Test
    void aTwinInThisProcessIsRefused(@TempDir Path otherDir) {
        try (TestNode node = TestNode.single(dataDir)) {
            assertThatThrownBy(() -> TestNode.single(otherDir))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("Node 1 of cluster test runs in this process already");
            assertThat(get(node.client().submit(topic("unharmed"))).name()).isEqualTo("unharmed");
        }
    }

    @Test
    void aDirectoryInUseIsRefused() {
        try (TestNode node = TestNode.single(dataDir);
                TestNode second = new TestNode(2, dataDir)) {
            assertThatThrownBy(() -> second.start(Map.of(2, second.address()), 3000))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("is in use by another running node");
            assertThat(get(node.client().submit(topic("unharmed"))).name()).isEqualTo("unharmed");
        }
    }

    @Test
    void otherMembersAreRefused() {
        TestNode.single(dataDir).close();
        try (TestNode node = new TestNode(1, dataDir)) {
            assertThatThrownBy(() -> node.start(Map.of(1, node.address(), 2, "127.0.0.1:1"), 3000))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessageContaining("was made of nodes [1], and robustmq.meta.addresses now names [1, 2]");
        }
    }

    @Test
    void aLongListComesInPieces() {
        try (TestNode node = TestNode.single(dataDir)) {
            Documents documents = node.client().documents();
            for (int i = 0; i < 7; i++) {
                Key key = new Key("blob", "default", "b" + i);
                get(documents.transact(List.of(new Change.Put(key, new byte[1_000_000], 0))));
            }
            get(documents.transact(List.of(new Change.Put(new Key("blob", "default", "c"), new byte[1], 0))));
            assertThat(get(documents.list("blob", "default", "b", 100)))
                    .extracting(document -> document.key().name())
                    .containsExactly("b0", "b1", "b2", "b3", "b4", "b5", "b6");
            assertThat(get(documents.list("blob", "default", "", 6))).hasSize(6);
            assertThat(get(documents.list("blob", "other", "", 6))).isEmpty();
            assertThatThrownBy(() -> get(documents.list("~requests", "", "", 6)))
                    .isInstanceOfSatisfying(
                            RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.INVALID_REQUEST));
        }
    }

    @Test
    void aNodeMayMoveToAnotherPort() {
        try (TestNode node = TestNode.single(dataDir)) {
            get(node.client().submit(topic("moved")));
        }
        try (TestNode node = TestNode.single(dataDir)) {
            assertThat(get(node.client().ready()).topics()).hasSize(1);
            assertThat(get(node.client().status()).groups().get(0).leader()).isEqualTo(node.address());
        }
    }
}
