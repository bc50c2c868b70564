/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.GroupPort;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Mono;

/** The admin API over the coordinator that serves Kafka's clients. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupApiTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static InProcessBroker broker;
    private static Admin admin;

    private final NodeContext node = FakeNode.broker();
    private final GroupsEndpoint endpoint = new GroupsEndpoint(new Ports(node));
    private final WebTestClient http = WebTestClient.bindToRouterFunction(
                    new GroupRoutes(new Ports(node), "/actuator").routes())
            .configureClient()
            .responseTimeout(PATIENCE)
            .build();

    GroupApiTest() {
        node.put(GroupPort.class, broker.groups());
    }

    @BeforeAll
    static void start() {
        broker = InProcessBroker.start();
        admin = Admin.create(Map.of("bootstrap.servers", address()));
    }

    private static String address() {
        return "127.0.0.1:" + broker.kafkaPort();
    }

    @AfterAll
    static void stop() {
        admin.close();
        broker.close();
    }

    /** A topic of two partitions with ten records in the first, and a group that has read four of them. */
    private static void behind(String topic, String group) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get(20, TimeUnit.SECONDS);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", address()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(topic, 0, null, "v" + i));
            }
            producer.flush();
        }
        admin.alterConsumerGroupOffsets(group, Map.of(new TopicPartition(topic, 0), new OffsetAndMetadata(4)))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void groupsAreListedDescribedMovedAndDeleted() throws Exception {
        behind("orders", "g/1");
        assertThat(body(endpoint.list(null, null, null, null), 200)
                        .get("groups")
                        .toString())
                .contains("{group=g/1, type=classic, state=Empty}");
        assertThat(body(endpoint.describe("g/1", null), 200))
                .containsEntry("state", "Empty")
                .containsEntry("members", List.of())
                .containsEntry("lag", 6L)
                .satisfies(group -> assertThat(group.get("positions").toString())
                        .contains("topic=orders, partition=0, committed=4, startOffset=0, highWatermark=10, lag=6"));

        String latest = "{\"to\":\"latest\",\"topic\":\"orders\",\"dryRun\":true}";
        String moved = "{\"offsets\":[{\"topic\":\"orders\",\"partition\":0,\"before\":4,\"after\":10},"
                + "{\"topic\":\"orders\",\"partition\":1,\"before\":null,\"after\":0}]}";
        reset("g/1", latest).expectStatus().isOk().expectBody().json(moved);
        assertThat(body(endpoint.describe("g/1", null), 200)).containsEntry("lag", 6L);
        reset("g/1", latest.replace("true", "false"))
                .expectStatus()
                .isOk()
                .expectBody()
                .json(moved);
        assertThat(body(endpoint.describe("g/1", null), 200)).containsEntry("lag", 0L);
        reset("g/1", "{\"to\":\"3\",\"topic\":\"orders\",\"partition\":0}")
                .expectStatus()
                .isOk()
                .expectBody()
                .json("{\"offsets\":[{\"topic\":\"orders\",\"partition\":0,\"before\":10,\"after\":3}]}");

        assertThat(block(endpoint.delete("g/1", null)).getStatus()).isEqualTo(204);
        assertThat(body(endpoint.list(null, null, null, null), 200)
                        .get("groups")
                        .toString())
                .doesNotContain("g/1");
        assertThat(body(endpoint.describe("g/1", null), 404))
                .containsEntry("detail", "there is no group g/1")
                .containsEntry("error", "NOT_FOUND");
        assertThat(body(endpoint.delete("g/1", null), 404)).containsEntry("error", "NOT_FOUND");
    }

    @Test
    void aGroupWithMembersStaysWhereItIs() throws Exception {
        behind("busy", "busy");
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        address(),
                        "group.id",
                        "busy",
                        "client.id",
                        "reader",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("busy"));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.assignment().isEmpty()) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                consumer.poll(Duration.ofMillis(50));
            }
            assertThat(body(endpoint.describe("busy", null), 200))
                    .containsEntry("state", "Stable")
                    .satisfies(group -> assertThat(group.get("members").toString())
                            .contains("client=reader", "assigned=[busy-0, busy-1]"));
            reset("busy", "{\"to\":\"earliest\"}")
                    .expectStatus()
                    .isEqualTo(status(endpoint.delete("busy", null)))
                    .expectHeader()
                    .contentType(MediaType.APPLICATION_PROBLEM_JSON)
                    .expectBody()
                    .jsonPath("$.error")
                    .isEqualTo("POLICY_VIOLATION")
                    .jsonPath("$.detail")
                    .isEqualTo("group busy has members: end its consumers first");
        }
        assertThat(body(endpoint.describe("busy", null), 200)).containsEntry("lag", 6L);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"to\":\"\"}",
                "{\"to\":\"yesterday\"}",
                "{\"to\":\"latest\",\"partition\":0}",
                "{\"to\":{}}"
            })
    void aResetThatMakesNoSenseIsRefused(String body) {
        reset("nonsense", body)
                .expectStatus()
                .isBadRequest()
                .expectBody()
                .jsonPath("$.detail")
                .isNotEmpty();
    }

    @Test
    void aResetNamesWhatThereIs() throws Exception {
        behind("named", "named");
        reset("never.heard.of", "{\"to\":\"latest\"}").expectStatus().isNotFound();
        reset("named", "{\"to\":\"latest\",\"topic\":\"never.heard.of\"}")
                .expectStatus()
                .isNotFound();
        reset("named", "{\"to\":\"latest\",\"topic\":\"named\",\"partition\":2}")
                .expectStatus()
                .isBadRequest();
    }

    @Test
    void aNodeWithoutGroupsSaysSo() {
        node.remove(GroupPort.class);
        reset("any", "{\"to\":\"latest\"}").expectStatus().isEqualTo(503);
        assertThat(body(endpoint.list(null, null, null, null), 503)
                        .get("detail")
                        .toString())
                .contains("GroupPort");
    }

    private WebTestClient.ResponseSpec reset(String group, String body) {
        return http.post()
                .uri("/actuator/groups/{group}/reset", group)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange();
    }

    private static int status(Mono<WebEndpointResponse<Object>> answer) {
        return block(answer).getStatus();
    }

    private static WebEndpointResponse<Object> block(Mono<WebEndpointResponse<Object>> answer) {
        WebEndpointResponse<Object> response = answer.block(PATIENCE);
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
