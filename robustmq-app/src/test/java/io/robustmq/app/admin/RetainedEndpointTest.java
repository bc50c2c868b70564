/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.mqtt.MqttRawClient;
import io.robustmq.mqtt.codec.MqttVersion;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.RetainedPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import reactor.core.publisher.Mono;

class RetainedEndpointTest {
    private final NodeContext node = FakeNode.broker();
    private final RetainedEndpoint endpoint = new RetainedEndpoint(new Ports(node));
    private InProcessBroker broker;
    private MqttRawClient client;

    @BeforeEach
    void start() {
        broker = InProcessBroker.start();
        node.put(RetainedPort.class, broker.broker().ports().retained());
        client = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "devices");
        for (String topic : List.of("b/2", "a/1", "c/3", "b", "b/1/x")) {
            retain(topic, "of " + topic);
        }
    }

    @AfterEach
    void stop() {
        client.close();
        broker.close();
    }

    private void retain(String topic, String payload) {
        client.publish(topic, payload, packet -> packet.flags(1, false, true, 1))
                .expectPubAck(1);
    }

    private Map<String, Object> list(String filter, String after, Integer limit) {
        return body(endpoint.list(null, filter, after, limit, null), 200);
    }

    @Test
    void messagesAreListedBySubject() {
        Map<String, Object> page = list(null, null, null);
        assertThat(subjects(page)).containsExactly("a/1", "b", "b/1/x", "b/2", "c/3");
        assertThat(page).containsEntry("total", 5L).containsEntry("next", null);
        assertThat(page.get("retained").toString())
                .contains("subject=a/1, qos=1, bytes=6, protocol=mqtt, published=20", "expires=null");
    }

    @Test
    void aFilterHoldsInBothSpellings() {
        assertThat(subjects(list("b/#", null, null))).containsExactly("b", "b/1/x", "b/2");
        assertThat(subjects(list("+/+", null, null))).containsExactly("a/1", "b/2", "c/3");
        assertThat(subjects(list("b.>", null, null))).containsExactly("b/1/x", "b/2");
        assertThat(subjects(list("nothing", null, null))).isEmpty();
        assertThat(body(endpoint.list(null, "", null, null, null), 400)).containsEntry("error", "INVALID_REQUEST");
    }

    @Test
    void aPageSaysWhereTheNextBegins() {
        Map<String, Object> first = list(null, null, 2);
        assertThat(subjects(first)).containsExactly("a/1", "b");
        assertThat(first).containsEntry("next", "b");
        Map<String, Object> second = list(null, "b", 3);
        assertThat(subjects(second)).containsExactly("b/1/x", "b/2", "c/3");
        assertThat(second).containsEntry("next", null);
        assertThat(body(endpoint.list(null, null, null, 0, null), 400)).containsEntry("error", "INVALID_REQUEST");
        assertThat(body(endpoint.list(null, null, null, 10_001, null), 400)).containsEntry("error", "INVALID_REQUEST");
    }

    @Test
    void oneIsShownWithItsPayload() {
        assertThat(body(endpoint.list("b/2", null, null, null, null), 200))
                .containsEntry("subject", "b/2")
                .containsEntry("payload", "of b/2");
        assertThat(body(endpoint.list("b/3", null, null, null, null), 404))
                .containsEntry("detail", "there is no retained message under 'b/3'");
    }

    @Test
    void oneIsDeletedForGood() {
        assertThat(block(endpoint.delete("b/2", null)).getStatus()).isEqualTo(204);
        assertThat(body(endpoint.delete("b/2", null), 404)).containsEntry("error", "NOT_FOUND");
        assertThat(subjects(list(null, null, null))).containsExactly("a/1", "b", "b/1/x", "c/3");
        try (MqttRawClient subscriber = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "other")) {
            subscriber.subscribe(1, "b/2", 1).expectSubAck(1, 1);
            subscriber.pingReq().expectPingResp();
            retain("b/2", "again");
            assertThat(subscriber.expectPublish("b/2", "again").retain()).isFalse();
        }
        assertThat(body(endpoint.list("b/2", null, null, null, null), 200)).containsEntry("payload", "again");
    }

    private static List<Object> subjects(Map<String, Object> page) {
        return ((List<?>) page.get("retained"))
                .stream().<Object>map(row -> ((Map<?, ?>) row).get("subject")).toList();
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
