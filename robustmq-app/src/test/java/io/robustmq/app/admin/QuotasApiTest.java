/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.quota.QuotaControl;
import io.robustmq.kernel.sim.ManualClock;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.QuotaAdminPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

/** Quotas in the admin API. */
class QuotasApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NodeContext node = FakeNode.broker();
    private final SystemThreads.OwnLoop timers = SystemThreads.loop("test-quotas");
    private final QuotaControl control = new QuotaControl(new ManualClock());
    private final QuotasEndpoint quotas = new QuotasEndpoint(new Ports(node));
    private final WebTestClient http = WebTestClient.bindToRouterFunction(
                    new QuotaRoutes(new Ports(node), "/actuator").routes())
            .configureClient()
            .responseTimeout(PATIENCE)
            .build();

    @BeforeEach
    void open() {
        control.admin()
                .open(new InMemoryMeta().documents(), List.of(), timers.loop())
                .toCompletableFuture()
                .join();
        node.put(QuotaAdminPort.class, control.admin());
    }

    @AfterEach
    void close() {
        timers.close();
    }

    private String set(String json, int status) {
        String body = http.post()
                .uri("/actuator/quotas")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(json)
                .exchange()
                .expectStatus()
                .isEqualTo(status)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        return body == null ? "" : body;
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

    @Test
    void quotasAreSetListedInPagesAndLifted() {
        assertThat(set("{\"who\":\"tenant\",\"sessions\":0,\"messagesPerSecond\":100}", 200))
                .isEqualTo("{\"who\":\"tenant\",\"name\":\"\",\"sessions\":0,\"messagesPerSecond\":100}");
        set("{\"who\":\"user\",\"name\":\"ann\",\"bytesPerSecond\":5}", 200);
        set("{\"who\":\"user\",\"name\":\"ann\",\"bytesPerSecond\":6}", 200);
        set("{\"who\":\"each-client\",\"bytesPerSecond\":7}", 200);
        Map<String, Object> first = body(quotas.list(null, null, 2, null));
        assertThat(first)
                .containsEntry(
                        "quotas",
                        List.of(
                                Map.of("who", "each-client", "name", "", "bytesPerSecond", 7L),
                                Map.of("who", "tenant", "name", "", "sessions", 0L, "messagesPerSecond", 100L)))
                .containsEntry("next", "tenant ")
                .containsEntry("use", Map.of("connections", 0L, "paused", 0L, "refused", 0L));
        assertThat(body(quotas.list(null, "tenant ", 2, null)))
                .containsEntry("quotas", List.of(Map.of("who", "user", "name", "ann", "bytesPerSecond", 6L)))
                .containsEntry("next", null);
        assertThat(body(quotas.list("ann", null, null, null)).get("quotas").toString())
                .contains("ann")
                .doesNotContain("each-client");
        assertThat(body(quotas.list(null, null, null, "blue"))).containsEntry("quotas", List.of());
        assertThat(answer(quotas.delete("user", "ann", null)).getStatus()).isEqualTo(204);
        assertThat(answer(quotas.delete("user", "ann", null)).getStatus()).isEqualTo(404);
        assertThat(answer(quotas.delete("tenant", null, null)).getStatus()).isEqualTo(204);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(set("{}", 400)).contains("who is missing");
        set("{\"who\":\"everybody\",\"connections\":1}", 400);
        set("{\"who\":\"tenant\"}", 400);
        set("{\"who\":\"tenant\",\"connections\":-1}", 400);
        set("{\"who\":\"tenant\",\"messagesPerSecond\":0}", 400);
        assertThat(set("{\"who\":\"user\",\"name\":\"ann\",\"topics\":1}", 400)).contains("belong to a tenant");
    }
}
