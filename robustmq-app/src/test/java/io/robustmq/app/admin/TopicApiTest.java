/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.TopicPort;
import io.robustmq.protocol.TopicPort.ReadFrom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

class TopicApiTest {
    private final FakeTopics topics = new FakeTopics();
    private final NodeContext node = FakeNode.broker();
    private final TopicsEndpoint endpoint = new TopicsEndpoint(new Ports(node));
    private final WebTestClient http = WebTestClient.bindToRouterFunction(
                    new TopicRoutes(new Ports(node), "/actuator").routes())
            .configureClient()
            .responseTimeout(Duration.ofSeconds(30))
            .build();

    @BeforeEach
    void offer() {
        node.put(TopicPort.class, topics);
    }

    @Test
    void aTopicIsCreatedShownListedAndDeleted() {
        create("{\"name\":\"orders\",\"partitions\":4,\"bindings\":[\"shop.>\"],\"config\":{\"retention.ms\":\"5\"}}")
                .expectStatus()
                .isCreated()
                .expectHeader()
                .location("/actuator/topics/orders")
                .expectBody()
                .jsonPath("$.partitions")
                .isEqualTo(4)
                .jsonPath("$.bindings[0]")
                .isEqualTo("shop.>")
                .jsonPath("$.volatile")
                .isEqualTo(true);
        assertThat(body(endpoint.show("orders", null), 200)).containsEntry("name", "orders");
        assertThat(body(endpoint.list(null, null, null, null, null), 200).get("topics"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(1);
        assertThat(block(endpoint.delete("orders", null)).getStatus()).isEqualTo(204);
        assertThat(body(endpoint.show("orders", null), 404))
                .containsEntry("detail", "there is no topic orders")
                .containsEntry("error", "UNKNOWN_TOPIC")
                .containsEntry("status", 404);
    }

    @Test
    void aTopicIsAlteredButForItsEngine() {
        create("{\"name\":\"orders\",\"config\":{\"retention.ms\":\"5\",\"retention.bytes\":\"7000\"}}")
                .expectStatus()
                .isCreated();
        alter("{\"config\":{\"retention.ms\":\"9\",\"retention.bytes\":null}}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.config['retention.ms']")
                .isEqualTo("9")
                .jsonPath("$.config['retention.bytes']")
                .doesNotExist();
        alter("{\"engine\":\"file\"}")
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.detail")
                .value(detail -> assertThat(detail.toString()).contains("for its life"));
        alter("{}").expectStatus().isBadRequest();
    }

    @Test
    void aTopicGetsMorePartitions() {
        create("{\"name\":\"orders\",\"partitions\":2}").expectStatus().isCreated();
        alter("{\"partitions\":3}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.partitions")
                .isEqualTo(3);
        alter("{\"partitions\":3,\"config\":{\"retention.ms\":\"5\"}}")
                .expectStatus()
                .isBadRequest();
        assertThat(topics.show("default", "orders").toCompletableFuture().join().config())
                .isEmpty();
        alter("{\"partitions\":4,\"config\":{\"retention.ms\":\"5\"}}")
                .expectStatus()
                .isOk()
                .expectBody()
                .jsonPath("$.partitions")
                .isEqualTo(4)
                .jsonPath("$.config['retention.ms']")
                .isEqualTo("5");
    }

    @Test
    void recordsAreDeletedAndShardsShowIt() {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        publish("orders", "{\"value\":\"a\"}").expectStatus().isCreated();
        deleteRecords("{\"partition\":0,\"before\":1}")
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"partition\":0,\"startOffset\":1}");
        deleteRecords("{\"partition\":0,\"before\":9}").expectStatus().isBadRequest();
        deleteRecords("{\"partition\":0}").expectStatus().isBadRequest();
        assertThat(body(
                                new ShardsEndpoint(new Ports(node), ClusterAnswers.alone(1), () -> null, List::of)
                                        .list(null, "orders", null, null, null, null),
                                200)
                        .get("shards")
                        .toString())
                .contains("shard=orders-0", "engine=memory", "state=open");
        assertThat(body(
                                new ShardsEndpoint(new Ports(node), ClusterAnswers.alone(1), () -> null, List::of)
                                        .list(null, "other", null, null, null, null),
                                200)
                        .get("shards"))
                .isEqualTo(List.of());
    }

    @Test
    void damagedBatchesAreSaidInTheAnswer() {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        topics.damagedBatches = 3;
        http.get()
                .uri("/actuator/topics/orders/records")
                .exchange()
                .expectHeader()
                .valueEquals(TopicRoutes.DAMAGED_BATCHES, 3);
    }

    @Test
    void internalTopicsAreListedOnlyWhenAskedFor() {
        create("{\"name\":\"__retained\"}").expectStatus().isCreated();
        assertThat(body(endpoint.list(null, null, null, null, null), 200).get("topics"))
                .isEqualTo(List.of());
        assertThat(body(endpoint.list(null, true, null, null, null), 200)
                        .get("topics")
                        .toString())
                .contains("__retained");
    }

    @Test
    void whatExistsIsAConflict() {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        create("{\"name\":\"orders\"}")
                .expectStatus()
                .isEqualTo(409)
                .expectHeader()
                .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                .expectBody()
                .jsonPath("$.error")
                .isEqualTo("TOPIC_EXISTS")
                .jsonPath("$.detail")
                .isEqualTo("topic orders exists");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{}", "{\"name\":\"\"}", "{\"name\":\"a\",\"partitions\":0}", "{\"name\":{}}"})
    void aBodyThatSaysNothingUsefulIsRefused(String body) {
        create(body)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.detail")
                .isNotEmpty();
    }

    @Test
    void recordsComeAsLinesAndBinaryIsMarked() {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        publish("orders", "{\"subject\":\"shop.1\",\"key\":\"k\",\"value\":\"grüße\"}")
                .expectStatus()
                .isCreated()
                .expectBody()
                .json("{\"partition\":0,\"offset\":0,\"timestamp\":1000}");
        publish("orders", "{\"value\":\"AQD/\",\"valueEncoding\":\"base64\"}")
                .expectStatus()
                .isCreated();
        String body = http.get()
                .uri("/actuator/topics/orders/records")
                .exchange()
                .expectStatus()
                .isOk()
                .expectHeader()
                .contentType(MediaType.APPLICATION_NDJSON)
                .expectBody(String.class)
                .returnResult()
                .getResponseBody();
        assertThat(body)
                .isEqualTo("{\"partition\":0,\"offset\":0,\"timestamp\":1000,\"subject\":\"shop.1\",\"key\":\"k\","
                        + "\"headers\":[{\"key\":\"trace\",\"value\":\"AQI=\",\"valueEncoding\":\"base64\"}],"
                        + "\"value\":\"grüße\"}\n"
                        + "{\"partition\":0,\"offset\":1,\"timestamp\":1001,\"subject\":\"orders\",\"key\":null,"
                        + "\"headers\":[{\"key\":\"trace\",\"value\":\"AQI=\",\"valueEncoding\":\"base64\"}],"
                        + "\"value\":\"AQD/\",\"valueEncoding\":\"base64\"}\n");
    }

    @Test
    void aReadBeginsWhereItIsToldTo() {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        assertThat(from("earliest")).isEqualTo(new ReadFrom.Earliest());
        assertThat(from("latest")).isEqualTo(new ReadFrom.Latest());
        assertThat(from("17")).isEqualTo(new ReadFrom.Offset(17));
        assertThat(from("@1500")).isEqualTo(new ReadFrom.Timestamp(1500));
        assertThat(from("1970-01-01T00:00:02Z")).isEqualTo(new ReadFrom.Timestamp(2000));
        assertThat(topics.lastRead.limit()).isEqualTo(100);
        assertThat(topics.lastRead.partition()).isEqualTo(-1);
        assertThat(topics.lastRead.subject()).isNull();
        http.get()
                .uri(java.net.URI.create("/actuator/topics/orders/records?subject=a%2F%2B%2F%23"))
                .exchange()
                .expectStatus()
                .isOk();
        assertThat(topics.lastRead.subject()).isEqualTo("a/+/#");
    }

    @ParameterizedTest
    @ValueSource(strings = {"from=yesterday", "from=-1", "from=@", "limit=0", "limit=10001", "limit=x", "partition=-2"})
    void aReadThatMakesNoSenseIsRefused(String query) {
        create("{\"name\":\"orders\"}").expectStatus().isCreated();
        http.get()
                .uri("/actuator/topics/orders/records?" + query)
                .exchange()
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.error")
                .isEqualTo("INVALID_REQUEST");
        assertThat(topics.lastRead).isNull();
    }

    @Test
    void aNodeWithoutTopicsSaysSo() {
        node.remove(TopicPort.class);
        create("{\"name\":\"orders\"}").expectStatus().isEqualTo(503);
        assertThat(body(endpoint.list(null, null, null, null, null), 503)
                        .get("detail")
                        .toString())
                .contains("node 7", "TopicPort");
    }

    private ReadFrom from(String text) {
        http.get()
                .uri("/actuator/topics/orders/records?from={from}", text)
                .exchange()
                .expectStatus()
                .isOk();
        return topics.lastRead.from();
    }

    private WebTestClient.ResponseSpec create(String body) {
        return post("/actuator/topics", body);
    }

    private WebTestClient.ResponseSpec alter(String body) {
        return http.patch()
                .uri("/actuator/topics/orders")
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private WebTestClient.ResponseSpec deleteRecords(String body) {
        return post("/actuator/topics/orders/delete-records", body);
    }

    private WebTestClient.ResponseSpec publish(String topic, String body) {
        return post("/actuator/topics/" + topic + "/records", body);
    }

    private WebTestClient.ResponseSpec post(String path, String body) {
        return http.post()
                .uri(path)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
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
