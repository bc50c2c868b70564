/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.Documents.Change;
import io.robustmq.meta.client.Documents.Key;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeLease;
import io.robustmq.meta.client.TopicInfo;
import io.robustmq.meta.raft.RaftGroup;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three members in one process, started in any order: they elect, replicate, survive the loss of the leader, and fill an empty
 * member by a snapshot that gives the same image, byte for byte (I9).
 */
class ThreeNodesTest {
    @TempDir
    Path directory;

    private final Map<Integer, TestNode> nodes = new HashMap<>();
    private final Map<Integer, String> members = new HashMap<>();

    @AfterEach
    void close() {
        nodes.values().forEach(TestNode::close);
    }

    private CompletableFuture<Void> start(TestNode node) {
        return CompletableFuture.runAsync(() -> node.start(members, 1500));
    }

    private RaftGroup metadata(int node) {
        return nodes.get(node).server().groups().get("metadata");
    }

    private int leader() {
        await(
                "a leader of metadata",
                () -> nodes.keySet().stream().anyMatch(id -> metadata(id).leading()));
        return nodes.keySet().stream()
                .filter(id -> metadata(id).leading())
                .findFirst()
                .orElseThrow();
    }

    private byte[] image(int node) {
        return metadata(node).state().store().dump();
    }

    @Test
    void electReplicateLoseTheLeaderAndFillAnEmptyMember() {
        for (int id = 1; id <= 3; id++) {
            nodes.put(id, new TestNode(id, directory.resolve("node" + id)));
            members.put(id, nodes.get(id).address());
        }
        // Staggered: the third alone has no quorum and waits; the second makes one; the first comes when all is
        // decided.
        CompletableFuture<Void> third = start(nodes.get(3));
        await(
                "the third waits alone",
                () -> nodes.get(3).server() != null
                        && nodes.get(3).server().groups().size() == 3);
        assertThat(third).isNotDone();
        get(start(nodes.get(2)));
        get(third);
        get(nodes.get(3).client().submit(SingleNodeTest.topic("before")));
        get(start(nodes.get(1)));

        everyMemberAnswersAndShowsTheSame();
        theLeaderDies();
        anEmptyMemberIsFilledByASnapshot();
    }

    private void everyMemberAnswersAndShowsTheSame() {
        for (int id = 1; id <= 3; id++) {
            ClusterMetaClient client = nodes.get(id).client();
            TopicInfo created = get(client.submit(SingleNodeTest.topic("by-" + id)));
            assertThat(client.image().topic(created.id())).isEqualTo(created);
            Key key = new Key("user", "default", "u" + id);
            long revision = get(client.documents().transact(List.of(new Change.Put(key, new byte[id], 0))));
            int other = id % 3 + 1;
            assertThat(get(nodes.get(other).client().documents().get(key)).revision())
                    .as("linearizable read at node %d", other)
                    .isEqualTo(revision);
        }
        await(
                "equal state everywhere",
                () -> java.util.Arrays.equals(image(1), image(2)) && java.util.Arrays.equals(image(2), image(3)));
    }

    private void theLeaderDies() {
        int dead = leader();
        int alive = dead % 3 + 1;
        ClusterMetaClient client = nodes.get(alive).client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(alive, 70));
        NodeLease lost = nodes.get(dead).client().keepAlive(SingleNodeTest.node(dead, 71));
        get(lease.registered());
        get(lost.registered());

        nodes.remove(dead).close();

        // Proposed while there is no leader: answered by the next one, each once.
        List<CompletionStage<Long>> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            ids.add(client.submit(new MetaCommand.AllocateIds("ids", 1)));
        }
        assertThat(ids.stream().map(TestNode::get)).doesNotHaveDuplicates().allMatch(id -> id <= 20);
        assertThat(leader()).isNotEqualTo(dead);
        await(
                "the dead node's lease ends",
                () -> !client.image().node(new NodeId(dead)).alive());
        assertThat(client.image().node(new NodeId(alive)).alive()).isTrue();
        await("the other lease is held", lease::held);
        TopicInfo topic = client.image().topic("default", "before");
        ShardId shard = new ShardId(topic.id(), 0);
        assertThat(get(client.submit(new MetaCommand.ClaimShard(shard, new NodeId(alive), 70, 0)))
                        .owner())
                .isEqualTo(new NodeId(alive));
        lease.close();
        empty = dead;
    }

    private int empty;

    private void anEmptyMemberIsFilledByASnapshot() {
        for (int id : nodes.keySet()) {
            get(metadata(id).snapshot());
        }
        // The log before the snapshot is let go with the second one: the empty member cannot be fed from it.
        get(nodes.get(leader()).client().submit(SingleNodeTest.topic("after-the-snapshot")));
        for (int id : nodes.keySet()) {
            get(metadata(id).snapshot());
        }
        int port = Integer.parseInt(members.get(empty).split(":")[1]);
        TestNode fresh = new TestNode(empty, directory.resolve("empty"), port);
        nodes.put(empty, fresh);
        get(start(fresh));

        assertThat(get(fresh.client().ready()).topics()).hasSize(5);
        await("the same image, byte for byte", () -> java.util.Arrays.equals(image(empty), image(leader())));
        assertThat(metadata(empty).applied())
                .as("filled by the snapshot, not by the log")
                .isLessThan(metadata(empty).state().revision());
        get(fresh.client().submit(SingleNodeTest.topic("by-the-fresh-one")));
    }
}
