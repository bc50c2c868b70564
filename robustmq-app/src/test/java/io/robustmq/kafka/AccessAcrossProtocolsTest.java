/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.subject.SubjectBinding;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.ClientIdentity;
import io.robustmq.protocol.TopicPort.TopicRequest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One rule, {@code secret.plans} is nobody's, in every spelling and by every door. */
@Timeout(value = 90, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AccessAcrossProtocolsTest {
    private static final String DENIED = "secret.plans";

    private static InProcessBroker broker;
    private static ClientTools tools;
    private static JavaClients clients;
    private static Admin admin;

    /** Deny wins: a filter that would show the subject is refused as a whole. */
    private static final class DenyOne implements AccessPort {
        @Override
        public CompletionStage<Boolean> connect(ClientIdentity client, byte @Nullable [] password) {
            return CompletableFuture.completedStage(true);
        }

        @Override
        public boolean mayPublish(ClientIdentity client, String canonicalSubject) {
            return !canonicalSubject.equals(DENIED);
        }

        @Override
        public boolean maySubscribe(ClientIdentity client, String canonicalFilter) {
            return !SubjectBinding.parse(canonicalFilter).matches(DENIED);
        }

        @Override
        public boolean allowsAll() {
            return false;
        }
    }

    @BeforeAll
    static void start() {
        ClientTools.assumeInstalled();
        broker = InProcessBroker.options().access(new DenyOne()).start();
        tools = ClientTools.of(broker);
        clients = JavaClients.of(broker);
        admin = clients.admin();
        // As an administrator, whom the rules do not bind.
        publish("mqtt", "secret/plans", "hidden");
        publish("mqtt", "open/plans", "shown");
        create("vault", DENIED);
        create("wide", "secret.+");
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            admin.close();
            broker.close();
        }
    }

    private static void publish(String topic, String subject, String value) {
        broker.broker()
                .ports()
                .topics()
                .publish(Tenants.DEFAULT, topic, subject, null, value.getBytes(UTF_8))
                .toCompletableFuture()
                .join();
    }

    private static void create(String name, String binding) {
        broker.create(new TopicRequest(Tenants.DEFAULT, name, 1, List.of(binding), null, Map.of()));
    }

    private static int recordsOf(String topic) {
        return broker.records(topic).size();
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret/plans", "secret.plans"})
    void devicesDoNotPublish(String spelling) throws Exception {
        int before = recordsOf("vault") + recordsOf("mqtt");
        Process publisher = tools.start("mosquitto_pub", "-V", "5", "-q", "1", "-t", spelling, "-m", "x", "-d");
        String said = new String(publisher.getInputStream().readAllBytes(), UTF_8);
        assertThat(said).contains("RC:135");
        assertThat(recordsOf("vault") + recordsOf("mqtt")).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret/plans", "secret.plans", "secret/+", "#"})
    void devicesDoNotSubscribe(String filter) throws Exception {
        Process subscriber = tools.start("mosquitto_sub", "-V", "5", "-q", "1", "-t", filter, "-d");
        try (BufferedReader output = new BufferedReader(new InputStreamReader(subscriber.getInputStream(), UTF_8))) {
            assertThat(ClientTools.await(output, "Subscribed"))
                    .last()
                    .asString()
                    .endsWith(": 135");
        } finally {
            subscriber.destroy();
        }
    }

    /** The view, topics that bind the subject by its name or by a wildcard, and the log that holds everything. */
    @ParameterizedTest
    @ValueSource(strings = {"secret.plans", "vault", "wide", "mqtt"})
    void programsDoNotRead(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = clients.consumer(Map.of())) {
            consumer.assign(List.of(partition));
            assertThatThrownBy(() -> {
                        consumer.seekToBeginning(List.of(partition));
                        consumer.poll(Duration.ofSeconds(20));
                    })
                    .isInstanceOf(TopicAuthorizationException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret.plans", "vault"})
    void programsDoNotProduce(String topic) {
        int before = recordsOf("vault") + recordsOf("mqtt");
        try (KafkaProducer<String, String> producer = clients.producer(Map.of())) {
            assertThatThrownBy(() ->
                            producer.send(new ProducerRecord<>(topic, "x")).get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
        }
        assertThat(recordsOf("vault") + recordsOf("mqtt")).isEqualTo(before);
    }

    @Test
    void programsDoNotLearnOfIt() throws Exception {
        assertThat(admin.listTopics().names().get(20, TimeUnit.SECONDS)).doesNotContain("vault", DENIED);
        assertThatThrownBy(() ->
                        admin.describeTopics(List.of(DENIED)).allTopicNames().get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> admin.createTopics(List.of(new NewTopic(DENIED, 1, (short) 1)))
                        .all()
                        .get(20, TimeUnit.SECONDS))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void whatIsNotDeniedGoesBothWays() throws Exception {
        assertThat(tools.run("", "kcat", "-C", "-t", "open.plans", "-e")).isEqualTo("shown\n");
        tools.run("program\n", "kcat", "-P", "-t", "open.plans");
        assertThat(tools.run("", "kcat", "-C", "-t", "open.plans", "-e")).isEqualTo("shown\nprogram\n");
    }
}
