/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.ConnectionRegistry;
import io.robustmq.protocol.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

class ConnectionsEndpointTest {
    private final FakeConnections connections = new FakeConnections();
    private final NodeContext node = FakeNode.broker();
    private final ConnectionsEndpoint endpoint = new ConnectionsEndpoint(new Ports(node), ClusterAnswers.alone(7));

    @BeforeEach
    void offer() {
        node.put(ConnectionRegistry.class, connections);
        connections.open(1, "mqtt-tcp", "10.0.0.1");
        connections.open(2, "mqtt-websocket", "10.0.0.2");
        connections.open(5, "mqtt-tcp", "10.0.0.2");
    }

    @Test
    void connectionsAreListedById() {
        Map<String, Object> page = body(endpoint.list(null, null, null, null, null, null, null, null), 200);
        assertThat(ids(page)).containsExactly(1L, 2L, 5L);
        assertThat(page).containsEntry("total", 3L).containsEntry("next", null);
        assertThat(page.get("connections").toString())
                .contains("remote=10.0.0.1:4000", "transport=tcp", "opened=1970-01-01T00:00:00Z", "bytesIn=7");
    }

    @Test
    void filtersHoldTogether() {
        assertThat(ids(body(endpoint.list("mqtt", "mqtt-tcp", "10.0.0.2", null, null, null, null, null), 200)))
                .containsExactly(5L);
        assertThat(ids(body(endpoint.list(null, null, null, "client-2", null, null, null, null), 200)))
                .containsExactly(2L);
        assertThat(ids(body(endpoint.list(null, null, null, null, "user-2", null, null, null), 200)))
                .containsExactly(2L);
        assertThat(ids(body(endpoint.list("kafka", null, null, null, null, null, null, null), 200)))
                .isEmpty();
    }

    @Test
    void aPageSaysWhereTheNextBegins() {
        Map<String, Object> page = body(endpoint.list(null, null, null, null, null, null, 2, null), 200);
        assertThat(ids(page)).containsExactly(1L, 2L);
        assertThat(page).containsEntry("next", "2");
        assertThat(ids(body(endpoint.list(null, null, null, null, null, "2", 2, null), 200)))
                .containsExactly(5L);
        assertThat(body(endpoint.list(null, null, null, null, null, null, 0, null), 400))
                .containsEntry("error", "INVALID_REQUEST");
    }

    @Test
    void aKickClosesAndIsToldWhy() {
        assertThat(block(endpoint.kick(2, "too loud", null)).getStatus()).isEqualTo(204);
        assertThat(connections.closed).containsExactly("2 too loud");
        assertThat(body(endpoint.kick(99, null, null), 404)).containsEntry("detail", "there is no connection 99");
    }

    /** Connections in a map. Not thread-safe: a test calls from one thread. */
    private static final class FakeConnections implements ConnectionRegistry {
        private final TreeMap<Long, ConnectionView> open = new TreeMap<>();
        private final List<String> closed = new ArrayList<>();

        void open(long id, String listener, String remote) {
            open.put(
                    id,
                    new ConnectionView(
                            new ConnectionInfo(
                                    id,
                                    listener,
                                    "mqtt",
                                    listener.endsWith("tcp") ? Transport.TCP : Transport.WEBSOCKET,
                                    new InetSocketAddress(remote, 4000),
                                    new InetSocketAddress("10.0.0.9", 1883),
                                    0),
                            "client-" + id,
                            "user-" + id,
                            "CN=user-" + id,
                            7,
                            8));
        }

        @Override
        public List<ConnectionView> list(long afterId, int limit) {
            return open.tailMap(afterId, false).values().stream().limit(limit).toList();
        }

        @Override
        public int size() {
            return open.size();
        }

        @Override
        public boolean close(long id, String reason) {
            closed.add(id + " " + reason);
            return open.remove(id) != null;
        }
    }

    private static List<Object> ids(Map<String, Object> page) {
        return ((List<?>) page.get("connections"))
                .stream().<Object>map(row -> ((Map<?, ?>) row).get("id")).toList();
    }

    private static WebEndpointResponse<Object> block(Mono<WebEndpointResponse<Object>> answer) {
        WebEndpointResponse<Object> response = answer.block(Duration.ofSeconds(30));
        assertThat(response).isNotNull();
        return response;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Mono<WebEndpointResponse<Object>> answer, int status) {
        WebEndpointResponse<Object> response = block(answer);
        assertThat(response.getStatus()).isEqualTo(status);
        return (Map<String, Object>) response.getBody();
    }
}
