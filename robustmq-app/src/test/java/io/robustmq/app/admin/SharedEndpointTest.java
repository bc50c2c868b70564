/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.robustmq.broker.window.WindowLimits;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.PropertyId;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.WindowPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

/** Groups that share messages in the admin API, of a broker that has some. */
class SharedEndpointTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final MqttProperties KEPT = MqttProperties.builder()
            .number(PropertyId.SESSION_EXPIRY_INTERVAL, 100)
            .build();

    private static WebEndpointResponse<Object> answer(Mono<WebEndpointResponse<Object>> operation) {
        WebEndpointResponse<Object> response = operation.block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> groups(Mono<WebEndpointResponse<Object>> operation) {
        return (List<Map<String, Object>>)
                ((Map<String, Object>) answer(operation).getBody()).get("groups");
    }

    private static MqttRawClient kept(InProcessBroker broker) {
        MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5);
        client.connect("sleeper", false, null, KEPT).expectAccepted();
        return client;
    }

    @Test
    @SuppressWarnings("unchecked")
    void groupsAreListedAndDescribed() {
        NodeContext node = FakeNode.broker();
        SharedEndpoint endpoint = new SharedEndpoint(new Ports(node));
        try (InProcessBroker broker = InProcessBroker.options()
                        .windows(WindowLimits.DEFAULTS.withBacklog(2, 1 << 20, 0))
                        .start();
                MqttRawClient online = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "online")) {
            node.put(WindowPort.class, broker.broker().ports().windows());
            assertThat(groups(endpoint.list(null, null, null, null))).isEmpty();
            online.subscribe(1, "$share/live/s/live", 1).expectSubAck(1, 1);
            try (MqttRawClient sleeper = kept(broker)) {
                sleeper.subscribe(1, "$share/kept/s/kept", 1).expectSubAck(1, 1);
                sleeper.disconnect().expectClose();
            }
            for (int i = 0; i < 3; i++) {
                online.publish("s/kept", "p" + i, 1, 5).expectPubAck(5);
            }
            await(() ->
                    (Long) groups(endpoint.list(null, null, null, null)).get(0).get("waiting") == 3);

            List<Map<String, Object>> listed = groups(endpoint.list(null, null, null, null));
            assertThat(listed).hasSize(2);
            assertThat(listed.get(0))
                    .contains(
                            entry("name", "kept"),
                            entry("filter", "s/kept"),
                            entry("strategy", "round-robin"),
                            entry("members", 1),
                            entry("online", 0L),
                            entry("underWay", 0L),
                            entry("kept", true),
                            entry("recordsBehind", 3L));
            assertThat(listed.get(1))
                    .contains(entry("name", "live"), entry("online", 1L), entry("kept", false))
                    .doesNotContainKeys("recordsBehind", "positions");

            try (MqttRawClient sleeper = kept(broker)) {
                sleeper.expectPublish("s/kept", "p1");
                sleeper.expectPublish("s/kept", "p2");
                Map<String, Object> group =
                        groups(endpoint.describe("kept", null)).get(0);
                assertThat(group).containsKey("since").contains(entry("underWay", 2L), entry("dropped", 1L));
                assertThat((Map<String, Object>) group.get("droppedBy"))
                        .containsExactly(
                                entry("count", 1L), entry("bytes", 0L), entry("age", 0L), entry("retention", 0L));
                assertThat((List<Map<String, Object>>) group.get("members"))
                        .singleElement()
                        .satisfies(member ->
                                assertThat(member).contains(entry("client", "sleeper"), entry("online", true)));
                assertThat((List<Map<String, Object>>) group.get("positions"))
                        .singleElement()
                        .satisfies(position -> assertThat(position).containsEntry("offset", 1L));
            }
            assertThat(answer(endpoint.describe("nobody", null)).getStatus()).isEqualTo(404);
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }
}
