/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.RmqError;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.MetaClientConfig;
import io.robustmq.rpc.InnerSecurity;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a shared secret raft, clients and followers all prove it; a member without it is alone, and the others go on. */
class SecuredNodesTest {
    private static final InnerSecurity RIGHT =
            InnerSecurity.ofSecrets(TestNode.CLUSTER, List.of("0123456789abcdef0123456789abcdef"));
    private static final InnerSecurity WRONG =
            InnerSecurity.ofSecrets(TestNode.CLUSTER, List.of("fedcba9876543210fedcba9876543210"));

    @TempDir
    Path directory;

    private final Map<Integer, TestNode> nodes = new HashMap<>();
    private final Map<Integer, String> members = new HashMap<>();

    @AfterEach
    void close() {
        nodes.values().forEach(TestNode::close);
    }

    private void node(int id, InnerSecurity security) {
        nodes.put(id, new TestNode(id, directory.resolve("node" + id), 0, security));
        members.put(id, nodes.get(id).address());
    }

    private CompletableFuture<Void> start(int id) {
        return CompletableFuture.runAsync(() -> nodes.get(id).start(members, 1500));
    }

    @Test
    void twoWithTheSecretAreACluster() {
        node(1, RIGHT);
        node(2, RIGHT);
        node(3, WRONG);
        CompletableFuture<Void> stranger = start(3);
        CompletableFuture<Void> first = start(1);
        get(start(2));
        get(first);
        get(nodes.get(1).client().submit(SingleNodeTest.topic("from-1")));
        get(nodes.get(2).client().submit(SingleNodeTest.topic("from-2")));

        ClusterMetaClient remote = nodes.get(1).remoteClient(List.of(members.get(2)));
        assertThat(get(remote.ready()).topics()).hasSize(2);
        get(remote.submit(SingleNodeTest.topic("from-a-client")));
        remote.close();

        await("the third is there", () -> nodes.get(3).server() != null);
        assertThat(stranger).as("it has no quorum and no leader").isNotDone();
        assertThat(nodes.get(1).rpc.security().refused()
                        + nodes.get(2).rpc.security().refused()
                        + WRONG.refused())
                .isPositive();
        for (InnerSecurity proof : List.of(WRONG, InnerSecurity.NONE)) {
            ClusterMetaClient without = client(proof);
            assertThatThrownBy(() -> get(without.submit(SingleNodeTest.topic("never"))))
                    .matches(e -> TestNode.error(e) == RmqError.TIMED_OUT, "nobody answers it");
            without.close();
        }
        assertThat(nodes.get(1).client().image().topics()).hasSize(3);
        nodes.get(3).server().stop();
    }

    private ClusterMetaClient client(InnerSecurity proof) {
        ClusterMetaClient client = nodes.get(1)
                .remoteClient(
                        new MetaClientConfig(TestNode.CLUSTER, List.of(members.get(1), members.get(2)), null, 700),
                        proof);
        return client;
    }
}
