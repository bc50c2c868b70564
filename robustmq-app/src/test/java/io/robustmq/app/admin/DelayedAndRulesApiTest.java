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
import io.robustmq.protocol.DelayPort;
import io.robustmq.protocol.TopicRulePort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

/** Delayed messages and rules about topics in the admin API. */
class DelayedAndRulesApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static InProcessBroker broker;

    private final NodeContext node = FakeNode.broker();
    private final DelayedEndpoint delayed = new DelayedEndpoint(new Ports(node));
    private final RewriteEndpoint rewrite = new RewriteEndpoint(new Ports(node));
    private final AutoSubscribeEndpoint autoSubscribe = new AutoSubscribeEndpoint(new Ports(node));
    private final WebTestClient http = WebTestClient.bindToRouterFunction(
                    new RuleRoutes(new Ports(node), "/actuator").routes())
            .configureClient()
            .responseTimeout(PATIENCE)
            .build();

    DelayedAndRulesApiTest() {
        node.put(DelayPort.class, broker.broker().ports().delays());
        node.put(TopicRulePort.class, broker.rules());
    }

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static WebEndpointResponse<Object> answer(Mono<WebEndpointResponse<Object>> operation) {
        WebEndpointResponse<Object> response = operation.block(PATIENCE);
        assertThat(response).isNotNull();
        return response;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> body(Mono<WebEndpointResponse<Object>> operation) {
        return (Map<String, Object>) answer(operation).getBody();
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> rows(Map<String, Object> body, String field) {
        return (List<Map<String, Object>>) body.get(field);
    }

    @Test
    void delayedMessagesAreListedShownAndCancelled() {
        try (MqttRawClient publisher = MqttRawClient.connected(broker.tcpPort(), MqttVersion.V5, "device")) {
            for (int i = 0; i < 3; i++) {
                publisher
                        .publish("$delayed/" + (100 + i) + "/s/" + i, "p" + i, 1, 5)
                        .expectPubAck(5);
            }
        }
        Map<String, Object> page = body(delayed.list(null, "s/+", "device", null, 2));
        assertThat(page).containsEntry("total", 3L);
        assertThat(rows(page, "delayed")).extracting(row -> row.get("subject")).containsExactly("s/0", "s/1");
        String next = (String) page.get("next");
        Map<String, Object> rest = body(delayed.list(null, null, null, next, 2));
        assertThat(rows(rest, "delayed")).extracting(row -> row.get("subject")).containsExactly("s/2");
        assertThat(rest.get("next")).isNull();
        String id = (String) rows(page, "delayed").get(0).get("id");
        assertThat(body(delayed.show(id, null)))
                .containsEntry("payload", "p0")
                .containsEntry("client", "device")
                .containsEntry("qos", 1)
                .containsEntry("payloadBytes", 2);
        assertThat(answer(delayed.cancel(id, null)).getStatus()).isEqualTo(204);
        assertThat(answer(delayed.cancel(id, null)).getStatus()).isEqualTo(404);
        assertThat(answer(delayed.show("x", null)).getStatus()).isEqualTo(404);
        assertThat(answer(delayed.list(null, null, null, null, 0)).getStatus()).isEqualTo(400);
        assertThat(answer(delayed.list(null, null, null, null, 1001)).getStatus())
                .isEqualTo(400);
        assertThat(broker.broker().delayed().count()).isEqualTo(2);
    }

    private WebTestClient.ResponseSpec post(String path, String json) {
        return http.post()
                .uri("/actuator/" + path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json)
                .exchange();
    }

    @Test
    void rulesAreAddedListedAndDeleted() {
        String rule = "{\"name\":\"r\",\"source\":\"a/#\",\"regex\":\"^a/(.+)$\",\"destination\":\"b/$1\"}";
        post("rewrite", rule)
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.action")
                .isEqualTo("all");
        post("rewrite", rule).expectStatus().isEqualTo(409);
        post("rewrite", rule.replace("b/$1", "b/$2")).expectStatus().isBadRequest();
        post("rewrite", "{\"name\":\"x\"}").expectStatus().isBadRequest();
        assertThat(rows(body(rewrite.list()), "rules"))
                .extracting(row -> row.get("destination"))
                .containsExactly("b/$1");
        assertThat(answer(rewrite.delete("r")).getStatus()).isEqualTo(204);
        assertThat(answer(rewrite.delete("r")).getStatus()).isEqualTo(404);

        String subscription = "{\"name\":\"s\",\"filter\":\"in/%c\",\"qos\":1,\"noLocal\":true}";
        post("autosubscribe", subscription)
                .expectStatus()
                .isCreated()
                .expectBody()
                .jsonPath("$.qos")
                .isEqualTo(1);
        post("autosubscribe", subscription.replace("\"qos\":1", "\"qos\":3"))
                .expectStatus()
                .isBadRequest();
        assertThat(rows(body(autoSubscribe.list()), "rules"))
                .extracting(row -> row.get("noLocal"))
                .containsExactly(true);
        assertThat(answer(autoSubscribe.delete("s")).getStatus()).isEqualTo(204);
        assertThat(answer(autoSubscribe.delete("s")).getStatus()).isEqualTo(404);
    }
}
