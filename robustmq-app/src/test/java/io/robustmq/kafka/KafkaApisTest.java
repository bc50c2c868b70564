/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterConfigsRequestData;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterConfigsResource;
import org.apache.kafka.common.message.AlterConfigsRequestData.AlterableConfig;
import org.apache.kafka.common.message.AlterConfigsResponseData;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DescribeAclsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Requests that no client of today sends by itself. */
class KafkaApisTest {
    private static InProcessBroker broker;

    @BeforeAll
    static void start() throws IOException {
        broker = InProcessBroker.start();
        CreateTopicsRequestData create = new CreateTopicsRequestData();
        create.topics()
                .add(new CreatableTopic().setName("raw").setNumPartitions(1).setReplicationFactor((short) 1));
        assertThat(ask(ApiKeys.CREATE_TOPICS, 7, create, CreateTopicsResponseData.class)
                        .topics()
                        .find("raw")
                        .errorCode())
                .isZero();
    }

    @AfterAll
    static void stop() {
        broker.close();
        assertThat(broker.budget().usedBytes()).isZero();
    }

    private static <T extends ApiMessage> T ask(ApiKeys api, int version, ApiMessage request, Class<T> type)
            throws IOException {
        try (RawClient client = new RawClient(broker.kafkaPort())) {
            return client.send(api, version, request).receive(type);
        }
    }

    /** With the error of its own response where it is not handled; nothing is dropped. */
    @Test
    void everyApiOfABrokerIsAnswered() throws IOException {
        List<ApiKeys> dropped = new ArrayList<>();
        for (ApiKeys api : ApiKeys.brokerApis()) {
            // Produce with acks=0, which is what an empty request asks for, has no response.
            if (api == ApiKeys.PRODUCE || !api.hasValidVersion()) {
                continue;
            }
            try (RawClient client = new RawClient(broker.kafkaPort())) {
                client.send(api, api.latestVersion(false), plain(api))
                        .receive(api.messageType.newResponse().getClass());
            } catch (EOFException e) {
                dropped.add(api);
            }
        }
        assertThat(dropped).isEmpty();
    }

    private static ApiMessage plain(ApiKeys api) {
        byte any = 1;
        return api == ApiKeys.DESCRIBE_ACLS
                ? new DescribeAclsRequestData()
                        .setResourceTypeFilter(any)
                        .setPatternTypeFilter(any)
                        .setOperation(any)
                        .setPermissionType(any)
                : api.messageType.newRequest();
    }

    @Test
    void whatIsNotHandledIsUnsupported() throws IOException {
        AbstractResponse response;
        try (RawClient client = new RawClient(broker.kafkaPort())) {
            ApiMessage data = client.send(ApiKeys.DESCRIBE_QUORUM, 1, ApiKeys.DESCRIBE_QUORUM.messageType.newRequest())
                    .receive(ApiKeys.DESCRIBE_QUORUM.messageType.newResponse().getClass());
            response = new org.apache.kafka.common.requests.DescribeQuorumResponse(
                    (org.apache.kafka.common.message.DescribeQuorumResponseData) data);
        }
        assertThat(response.errorCounts()).containsOnlyKeys(Errors.UNSUPPORTED_VERSION);
    }

    @Test
    void theOldWayToAlterSettingsReplacesAll() throws IOException {
        assertThat(alter("retention.ms", "5000", true)).isEqualTo(Errors.NONE);
        assertThat(settings()).as("validated only").isEmpty();
        assertThat(alter("retention.ms", "5000", false)).isEqualTo(Errors.NONE);
        assertThat(settings()).containsOnly("retention.ms");
        assertThat(alter("max.message.bytes", "5000", false)).isEqualTo(Errors.NONE);
        assertThat(settings()).containsOnly("max.message.bytes");
        assertThat(alter("no.such.setting", "5000", false)).isEqualTo(Errors.INVALID_CONFIG);
        assertThat(settings()).containsOnly("max.message.bytes");
    }

    private static Errors alter(String name, String value, boolean validateOnly) throws IOException {
        AlterConfigsResource resource =
                new AlterConfigsResource().setResourceType((byte) 2).setResourceName("raw");
        resource.configs().add(new AlterableConfig().setName(name).setValue(value));
        AlterConfigsRequestData request = new AlterConfigsRequestData().setValidateOnly(validateOnly);
        request.resources().add(resource);
        return Errors.forCode(ask(ApiKeys.ALTER_CONFIGS, 2, request, AlterConfigsResponseData.class)
                .responses()
                .get(0)
                .errorCode());
    }

    private static Iterable<String> settings() {
        return broker.broker()
                .ports()
                .topics()
                .show("default", "raw")
                .toCompletableFuture()
                .join()
                .config()
                .keySet();
    }

    @Test
    void anEpochsEndIsKnown() throws IOException {
        assertThat(endOf(1, 1)).isEqualTo(new EpochEndOffset().setLeaderEpoch(1).setEndOffset(0));
        assertThat(endOf(-1, 9)).as("nobody has led it with that").isEqualTo(new EpochEndOffset());
        assertThat(Errors.forCode(endOf(0, 1).errorCode())).isEqualTo(Errors.FENCED_LEADER_EPOCH);
        assertThat(Errors.forCode(endOf(5, 1).errorCode())).isEqualTo(Errors.UNKNOWN_LEADER_EPOCH);
    }

    private static EpochEndOffset endOf(int current, int epoch) throws IOException {
        OffsetForLeaderTopicCollection topics = new OffsetForLeaderTopicCollection();
        topics.add(new OffsetForLeaderTopic()
                .setTopic("raw")
                .setPartitions(List.of(new OffsetForLeaderPartition()
                        .setPartition(0)
                        .setCurrentLeaderEpoch(current)
                        .setLeaderEpoch(epoch))));
        return ask(
                        ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                        4,
                        new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics),
                        OffsetForLeaderEpochResponseData.class)
                .topics()
                .find("raw")
                .partitions()
                .get(0);
    }

    @Test
    void timesOfSpecialMeaningNeedTheVersionThatBroughtThem() throws IOException {
        for (int[] each : new int[][] {{-1, 1}, {-2, 1}, {-3, 7}, {-4, 8}, {-5, 9}, {-6, 11}}) {
            assertThat(offset(each[0], each[1])).as("%d", each[0]).isEqualTo(Errors.NONE);
            if (each[1] > 1) {
                assertThat(offset(each[0], each[1] - 1)).as("%d", each[0]).isEqualTo(Errors.UNSUPPORTED_VERSION);
            }
        }
        assertThat(offset(-7, 11)).isEqualTo(Errors.UNSUPPORTED_VERSION);
    }

    private static Errors offset(long time, int version) throws IOException {
        ListOffsetsRequestData request = new ListOffsetsRequestData()
                .setReplicaId(-1)
                .setTopics(List.of(new ListOffsetsTopic()
                        .setName("raw")
                        .setPartitions(List.of(new ListOffsetsPartition().setTimestamp(time)))));
        return Errors.forCode(ask(ApiKeys.LIST_OFFSETS, version, request, ListOffsetsResponseData.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode());
    }
}
