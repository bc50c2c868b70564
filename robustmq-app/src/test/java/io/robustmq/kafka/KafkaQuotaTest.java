/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kernel.Tenants;
import io.robustmq.protocol.QuotaAdminPort.Quota;
import io.robustmq.protocol.QuotaAdminPort.Whom;
import io.robustmq.protocol.QuotaLimits;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Quotas as Kafka's clients meet them: told how long to wait, and not read meanwhile (KIP-219). */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaQuotaTest {
    private static final MetadataRequestData NOTHING = new MetadataRequestData().setTopics(List.of());

    @TempDir
    Path directory;

    private FileBroker files;

    @BeforeEach
    void start() {
        files = new FileBroker(directory, KafkaLimits.DEFAULTS);
        files.create("t", "memory", 1);
    }

    @AfterEach
    void stop() {
        files.close();
        assertThat(files.broker.budget().usedBytes()).isZero();
    }

    private void set(Whom whom, QuotaLimits limits) {
        files.broker
                .broker()
                .quotas()
                .admin()
                .set(new Quota(Tenants.DEFAULT, whom, "", limits))
                .toCompletableFuture()
                .join();
    }

    private static int produce(RawClient client, int records, int size) throws IOException {
        client.send(
                ApiKeys.PRODUCE,
                FileBroker.PRODUCE_VERSION,
                FileBroker.produce("t", 0, FileBroker.batch(0, records, size)));
        ProduceResponseData answer = client.receive(ProduceResponseData.class);
        assertThat(answer.responses()
                        .iterator()
                        .next()
                        .partitionResponses()
                        .get(0)
                        .errorCode())
                .isZero();
        return answer.throttleTimeMs();
    }

    private static Duration asked(RawClient client) throws IOException {
        long began = System.nanoTime();
        client.send(ApiKeys.METADATA, 8, NOTHING);
        client.receive(MetadataResponseData.class);
        return Duration.ofNanos(System.nanoTime() - began);
    }

    @Test
    void producersAreToldHowLongToWaitAndAreNotReadMeanwhile() throws IOException {
        set(Whom.TENANT, QuotaLimits.NONE.withPublished(10, -1));
        try (RawClient client = files.client();
                RawClient other = files.client()) {
            assertThat(produce(client, 10, 10)).isZero();
            assertThat(produce(client, 12, 10)).isBetween(700, 1_200);
            // One that only asks does not wait, on whatever loop it is.
            assertThat(asked(other)).isLessThan(Duration.ofMillis(500));
            assertThat(asked(client)).isGreaterThan(Duration.ofMillis(400));
            assertThat(files.broker
                            .broker()
                            .quotas()
                            .admin()
                            .use(Tenants.DEFAULT)
                            .paused())
                    .isEqualTo(1);
        }
    }

    @Test
    void consumersAreToldHowLongToWait() throws IOException {
        files.fill("t", 0, 1, 1, 3_000);
        set(Whom.EACH_CLIENT, QuotaLimits.NONE.withBytesOut(2_000));
        try (RawClient client = files.client()) {
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("t", 1, 10_000, 0, 0));
            FetchResponseData first = client.receive(FetchResponseData.class);
            assertThat(first.throttleTimeMs()).isBetween(400, 700);
            assertThat(first.responses().get(0).partitions().get(0).records().sizeInBytes())
                    .as("the records are there all the same")
                    .isGreaterThan(3_000);
            assertThat(asked(client)).isGreaterThan(Duration.ofMillis(300));
            client.send(ApiKeys.FETCH, FileBroker.FETCH_VERSION, FileBroker.fetch("t", 1, 10_000, 0, 1));
            assertThat(client.receive(FetchResponseData.class).throttleTimeMs())
                    .as("nothing was fetched")
                    .isZero();
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        set(Whom.TENANT, QuotaLimits.NONE.withConnections(1, -1));
        try (RawClient second = files.client()) {
            try (RawClient first = files.client()) {
                asked(first);
                second.send(ApiKeys.METADATA, 8, NOTHING).awaitEnd();
                asked(first);
            }
        }
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (files.broker.broker().quotas().admin().use(Tenants.DEFAULT).connections() > 0
                && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        try (RawClient third = files.client()) {
            asked(third);
        }
    }

    private static ClientQuotaEntity entity(String type, @Nullable String name) {
        Map<String, String> entries = new HashMap<>();
        entries.put(type, name);
        return new ClientQuotaEntity(entries);
    }

    private static void alter(Admin admin, ClientQuotaEntity entity, String key, @Nullable Double value)
            throws Exception {
        admin.alterClientQuotas(
                        List.of(new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                .all()
                .get(20, TimeUnit.SECONDS);
    }

    private List<Quota> quotas() {
        return files.broker.broker().quotas().admin().quotas(Tenants.DEFAULT);
    }

    @Test
    void kafkasToolsSeeAndChangeTheSameQuotas() throws Exception {
        set(Whom.TENANT, QuotaLimits.NONE.withPublished(5, 5));
        ClientQuotaEntity ann = entity(ClientQuotaEntity.USER, "ann");
        ClientQuotaEntity eachClient = entity(ClientQuotaEntity.CLIENT_ID, null);
        try (Admin admin = JavaClients.of(files.broker).admin()) {
            alter(admin, ann, "producer_byte_rate", 1000.0);
            alter(admin, ann, "consumer_byte_rate", 2000.0);
            alter(admin, eachClient, "consumer_byte_rate", 3000.0);
            assertThat(quotas())
                    .contains(
                            new Quota(
                                    Tenants.DEFAULT,
                                    Whom.USER,
                                    "ann",
                                    QuotaLimits.NONE.withPublished(-1, 1000).withBytesOut(2000)),
                            new Quota(Tenants.DEFAULT, Whom.EACH_CLIENT, "", QuotaLimits.NONE.withBytesOut(3000)));
            assertThat(described(admin, ClientQuotaFilter.all()))
                    .isEqualTo(Map.of(
                            ann,
                            Map.of("producer_byte_rate", 1000.0, "consumer_byte_rate", 2000.0),
                            eachClient,
                            Map.of("consumer_byte_rate", 3000.0)));
            assertThat(described(
                            admin,
                            ClientQuotaFilter.contains(
                                    List.of(ClientQuotaFilterComponent.ofEntity(ClientQuotaEntity.USER, "ann")))))
                    .containsOnlyKeys(ann);
            assertThat(described(
                            admin,
                            ClientQuotaFilter.containsOnly(
                                    List.of(ClientQuotaFilterComponent.ofDefaultEntity(ClientQuotaEntity.CLIENT_ID)))))
                    .containsOnlyKeys(eachClient);
            alter(admin, ann, "producer_byte_rate", null);
            alter(admin, ann, "consumer_byte_rate", null);
            assertThat(described(admin, ClientQuotaFilter.all())).containsOnlyKeys(eachClient);
            assertThatThrownBy(() -> alter(admin, ann, "request_percentage", 1.0))
                    .hasMessageContaining("no quota 'request_percentage'");
            assertThatThrownBy(() -> alter(admin, ann, "producer_byte_rate", 0.5))
                    .hasMessageContaining("whole number");
            assertThatThrownBy(() -> alter(admin, entity(ClientQuotaEntity.IP, null), "producer_byte_rate", 5.0))
                    .hasMessageContaining("no quotas of 'ip'");
            assertThat(quotas()).hasSize(2);
        }
    }

    private static Map<ClientQuotaEntity, Map<String, Double>> described(Admin admin, ClientQuotaFilter filter)
            throws Exception {
        return admin.describeClientQuotas(filter).entities().get(20, TimeUnit.SECONDS);
    }

    @Test
    void topicsBeyondTheLimitAreRefusedByPolicy() throws IOException {
        set(Whom.TENANT, QuotaLimits.NONE.withKept(-1, 2));
        try (RawClient client = files.client()) {
            assertThat(create(client, "second")).isEqualTo(Errors.NONE.code());
            assertThat(create(client, "third")).isEqualTo(Errors.POLICY_VIOLATION.code());
            assertThat(create(client, "second")).isEqualTo(Errors.TOPIC_ALREADY_EXISTS.code());
        }
    }

    private static short create(RawClient client, String name) throws IOException {
        CreatableTopic topic =
                new CreatableTopic().setName(name).setNumPartitions(1).setReplicationFactor((short) 1);
        client.send(
                ApiKeys.CREATE_TOPICS,
                7,
                new CreateTopicsRequestData()
                        .setTimeoutMs(10_000)
                        .setTopics(new CreatableTopicCollection(List.of(topic).iterator())));
        return client.receive(CreateTopicsResponseData.class)
                .topics()
                .iterator()
                .next()
                .errorCode();
    }
}
