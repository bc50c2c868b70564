/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttProperties;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.mqtt.codec.SubscriptionRequest;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.SessionPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

/** Sessions and subscriptions in the admin API: {@code a} and {@code c} sleep, {@code b} and {@code d} end with their connections. */
class SessionsApiTest {
    private final NodeContext node = FakeNode.broker();
    private final SessionsEndpoint sessions = new SessionsEndpoint(new Ports(node), ClusterAnswers.alone(7));
    private final SubscriptionsEndpoint subscriptions =
            new SubscriptionsEndpoint(new Ports(node), ClusterAnswers.alone(7));
    private InProcessBroker broker;
    private MqttRawClient b;
    private MqttRawClient d;

    @BeforeEach
    void start() {
        broker = InProcessBroker.start();
        node.put(SessionPort.class, broker.broker().ports().sessions());
        sleeper("a", "plant/1", "plant/2");
        sleeper("c", "other");
        b = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "b");
        b.subscribe(
                        1,
                        MqttProperties.NONE,
                        new SubscriptionRequest("plant/#", 1, true, true, 0),
                        new SubscriptionRequest("$share/g/plant/3", 2),
                        new SubscriptionRequest("$exclusive/alone", 0))
                .expectSubAck(1, 1, 2, 0);
        d = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "d");
    }

    private void sleeper(String id, String... filters) {
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V3_1_1)) {
            client.connect(id, false).expectAccepted();
            for (int i = 0; i < filters.length; i++) {
                client.subscribe(i + 1, filters[i], 1).expectSubAck(i + 1, 1);
            }
            client.disconnect().expectClose();
        }
    }

    @AfterEach
    void stop() {
        b.close();
        d.close();
        broker.close();
    }

    private static WebEndpointResponse<Object> answer(Mono<WebEndpointResponse<Object>> operation) {
        WebEndpointResponse<Object> response = operation.block(Duration.ofSeconds(30));
        assertThat(response).isNotNull();
        return response;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Mono<WebEndpointResponse<Object>> operation, int status) {
        WebEndpointResponse<Object> response = answer(operation);
        assertThat(response.getStatus()).isEqualTo(status);
        return (Map<String, Object>) response.getBody();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Map<String, Object> body, String field) {
        return (List<Map<String, Object>>) body.get(field);
    }

    private Map<String, Object> subscriptions(String clientId, String filter, String after, Integer limit) {
        return body(subscriptions.list(clientId, filter, after, limit, null, null), 200);
    }

    private static List<String> shown(Map<String, Object> page) {
        return rows(page, "subscriptions").stream()
                .map(row -> row.get("clientId") + " " + row.get("filter") + " " + row.get("qos")
                        + (Boolean.TRUE.equals(row.get("durable")) ? "" : " live"))
                .toList();
    }

    @Test
    void sessionsAreListedByPages() {
        Map<String, Object> all = body(sessions.list(null, null, null, null, null, null), 200);
        assertThat(rows(all, "sessions")).extracting(row -> row.get("clientId")).containsExactly("a", "c");
        assertThat(rows(all, "sessions").get(0))
                .containsEntry("subscriptions", 2)
                .containsEntry("connected", false)
                .containsEntry("recordsBehind", 0L)
                .containsEntry("expirySeconds", null);
        assertThat(all).containsEntry("next", null);
        Map<String, Object> first = body(sessions.list(null, null, null, 1, null, null), 200);
        assertThat(rows(first, "sessions")).hasSize(1);
        assertThat(first).containsEntry("next", "a");
        Map<String, Object> second = body(sessions.list(null, null, "a", 1, null, null), 200);
        assertThat(rows(second, "sessions"))
                .extracting(row -> row.get("clientId"))
                .containsExactly("c");
        assertThat(second).containsEntry("next", null);
        assertThat(rows(body(sessions.list(null, "c", null, null, null, null), 200), "sessions"))
                .hasSize(1);
        assertThat(rows(body(sessions.list(null, null, null, null, "nobody's", null), 200), "sessions"))
                .isEmpty();
    }

    @Test
    void whatIsWrongIsSaid() {
        assertThat(body(sessions.list(null, null, null, 0, null, null), 400)).containsEntry("error", "INVALID_REQUEST");
        assertThat(body(sessions.list(null, null, null, 10_001, null, null), 400))
                .containsEntry("error", "INVALID_REQUEST");
        body(sessions.list(null, null, null, 10_000, null, null), 200);
        assertThat(body(subscriptions.list(null, null, null, 0, null, null), 400))
                .containsEntry("error", "INVALID_REQUEST");
        assertThat(body(subscriptions.list(null, null, null, 10_001, null, null), 400))
                .containsEntry("error", "INVALID_REQUEST");
        assertThat(body(sessions.list("b", null, null, null, null, null), 404)).containsEntry("error", "NOT_FOUND");
        assertThat(body(sessions.delete("nobody", null, null), 404)).containsEntry("error", "NOT_FOUND");
    }

    @Test
    void oneIsShownWithWhatLiesBeforeIt() {
        b.publish("plant/1", "x", 1, 9).expectPubAck(9);
        Map<String, Object> one = body(sessions.list("a", null, null, null, null, null), 200);
        assertThat(one).containsEntry("clientId", "a").containsEntry("recordsBehind", 1L);
        assertThat(rows(one, "subscriptions"))
                .extracting(row -> row.get("filter"))
                .containsExactly("plant/1", "plant/2");
        assertThat(rows(one, "inFlight")).isEmpty();
        assertThat(rows(one, "positions")).isNotEmpty();
    }

    @Test
    void oneIsDeletedAndItsConnectionSentAway() {
        try (MqttRawClient client = MqttRawClient.open(broker.tcpPort(), MqttVersion.V5)) {
            client.connect("a", false, null, MqttProperties.NONE);
            assertThat(client.expectAccepted().sessionPresent()).isTrue();
            assertThat(answer(sessions.delete("a", null, null)).getStatus()).isEqualTo(204);
            client.expectDisconnect(0x8E);
        }
        body(sessions.list("a", null, null, null, null, null), 404);
        assertThat(answer(sessions.delete("a", null, null)).getStatus()).isEqualTo(404);
        assertThat(shown(subscriptions(null, null, null, null))).noneMatch(row -> row.startsWith("a "));
    }

    /** Also of those that end with their connection, groups and exclusive ones among them. */
    @Test
    void subscriptionsOfAllAreListed() {
        assertThat(shown(subscriptions(null, null, null, null)))
                .containsExactly(
                        "a plant/1 1",
                        "a plant/2 1",
                        "b $exclusive/alone 0 live",
                        "b plant/# 1 live",
                        "b $share/g/plant/3 2 live",
                        "c other 1");
        assertThat(rows(subscriptions("b", "plant/", null, null), "subscriptions"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("noLocal", true)
                        .containsEntry("retainAsPublished", true)
                        .containsEntry("since", null));
    }

    @Test
    void subscriptionsAreFilteredAndPaged() {
        assertThat(shown(subscriptions(null, "plant/", null, null)))
                .containsExactly("a plant/1 1", "a plant/2 1", "b plant/# 1 live");
        assertThat(shown(subscriptions("c", null, null, null))).containsExactly("c other 1");
        assertThat(shown(subscriptions("nobody", null, null, null))).isEmpty();
        assertThat(shown(subscriptions("d", null, null, null))).isEmpty();
        Map<String, Object> first = subscriptions(null, null, null, 2);
        assertThat(shown(first)).hasSize(5);
        assertThat(first).containsEntry("next", "b");
        Map<String, Object> second = subscriptions(null, null, "b", 2);
        assertThat(shown(second)).containsExactly("c other 1");
        assertThat(second).as("d is there and has none").containsEntry("next", null);
        assertThat(subscriptions(null, null, "b", 1)).containsEntry("next", "c");
    }
}
