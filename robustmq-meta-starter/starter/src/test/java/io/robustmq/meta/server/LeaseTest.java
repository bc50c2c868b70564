/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import static io.robustmq.meta.server.TestNode.await;
import static io.robustmq.meta.server.TestNode.get;
import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.NodeId;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.NodeLease;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registered node is alive as long as it sends heartbeats, and no longer. */
class LeaseTest {
    private static final NodeId ONE = new NodeId(1);

    @TempDir
    Path dataDir;

    private TestNode node;

    @BeforeEach
    void start() {
        node = new TestNode(1, dataDir);
        node.start(Map.of(1, node.address()), 600);
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void aLeaseEndsWithItsHeartbeats() {
        MetaClient client = node.client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(1, 7));
        assertThat(get(lease.registered()).alive()).isTrue();
        long registered = lease.heldUntilNanos();
        await("a heartbeat prolongs", () -> lease.heldUntilNanos() - registered > 500_000_000L);
        assertThat(lease.held()).isTrue();

        lease.close();
        await("the lease ends", () -> !client.image().node(ONE).alive());
        assertThat(lease.held()).as("this node stopped believing first").isFalse();
    }

    @Test
    void aNodeThatLeavesIsGoneAtOnceAndStaysAway() {
        MetaClient client = node.client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(1, 7));
        get(lease.registered());
        assertThat(get(lease.leave())).isTrue();
        assertThat(lease.held()).isFalse();
        await("seen by everybody", () -> !client.image().node(ONE).alive());
        assertThat(get(client.submit(new MetaCommand.ExpireNode(ONE, 7))))
                .as("it has not come back")
                .isFalse();
    }

    @Test
    void openPortsAreMadeKnown() {
        MetaClient client = node.client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(1, 7));
        get(lease.registered());
        Map<String, String> ports = Map.of("mqtt-tcp", "127.0.0.1:1883");
        assertThat(get(lease.advertise(ports)).listeners()).isEqualTo(ports);
        await("seen by everybody", () -> client.image().node(ONE).listeners().equals(ports));
        assertThat(lease.held()).isTrue();
        lease.close();
    }

    @Test
    void anExpiredNodeRegistersAgain() {
        MetaClient client = node.client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(1, 7));
        get(lease.registered());
        assertThat(get(client.submit(new MetaCommand.ExpireNode(ONE, 7)))).isTrue();
        await("back again", () -> client.image().node(ONE).alive());
        await("held", lease::held);
        lease.close();
    }

    @Test
    void aSupersededProcessStaysAway() {
        MetaClient client = node.client();
        NodeLease lease = client.keepAlive(SingleNodeTest.node(1, 7));
        get(lease.registered());
        get(client.submit(new MetaCommand.RegisterNode(SingleNodeTest.node(1, 8))));
        await("superseded", lease::superseded);
        assertThat(lease.held()).isFalse();
        assertThat(client.image().node(ONE).incarnation()).isEqualTo(8);
    }
}
