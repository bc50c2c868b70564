/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;

/** Waits until all parts of a server know what it has just answered: Kafka tells them after that. Confined to one thread. */
final class Settling {
    private static final long MILLIS_MAX = 3_000;
    private static final Set<Errors> ON_THEIR_WAY =
            Set.of(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.LEADER_NOT_AVAILABLE);

    private final Wire wire;
    private final Known nothing = new Known();

    Settling(Wire wire) {
        this.wire = wire;
    }

    void after(ApiMessage response) throws IOException {
        if (response instanceof CreateTopicsResponseData created) {
            for (CreateTopicsResponseData.CreatableTopicResult each : created.topics()) {
                if (each.errorCode() == 0 && each.name() != null) {
                    await(each.name(), true);
                }
            }
        } else if (response instanceof CreatePartitionsResponseData grown) {
            for (CreatePartitionsResponseData.CreatePartitionsTopicResult each : grown.results()) {
                if (each.errorCode() == 0) {
                    await(each.name(), true);
                }
            }
        } else if (response instanceof MetadataResponseData metadata) {
            for (MetadataResponseTopic each : metadata.topics()) {
                if (each.name() != null && ON_THEIR_WAY.contains(Errors.forCode(each.errorCode()))) {
                    await(each.name(), true);
                }
            }
        } else if (response instanceof DeleteTopicsResponseData deleted) {
            for (DeleteTopicsResponseData.DeletableTopicResult each : deleted.responses()) {
                if (each.errorCode() == 0 && each.name() != null) {
                    await(each.name(), false);
                }
            }
        }
    }

    /** Kafka tells its parts of everything in the order in which it has come: what was before a topic is known when that is. */
    void afterAll(String topic) throws IOException {
        wire.call(TopicRequests.made(topic, 1, Map.of()), nothing);
        await(topic, true);
    }

    /** Until groups and producers can be asked about. */
    void coordinators() throws IOException {
        Step group = Step.of(ApiKeys.FIND_COORDINATOR, 1, new FindCoordinatorRequestData().setKey("ready"));
        Step beat = Step.of(
                ApiKeys.HEARTBEAT,
                0,
                new HeartbeatRequestData().setGroupId("ready").setMemberId("nobody"));
        Step init = Step.of(ApiKeys.INIT_PRODUCER_ID, 0, new InitProducerIdRequestData().setTransactionalId(null));
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10 * MILLIS_MAX);
        while (!isGiven(group, beat, init) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(50_000_000);
        }
    }

    private boolean isGiven(Step group, Step beat, Step init) throws IOException {
        return ((FindCoordinatorResponseData) answer(group)).errorCode() == 0
                && ((HeartbeatResponseData) answer(beat)).errorCode() == Errors.UNKNOWN_MEMBER_ID.code()
                && ((InitProducerIdResponseData) answer(init)).errorCode() == 0;
    }

    private ApiMessage answer(Step step) throws IOException {
        return ((Wire.Answer.Response) wire.call(step, nothing)).data();
    }

    /** What never comes is told by the answers to the next requests. */
    private void await(String topic, boolean there) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MILLIS_MAX);
        while (isThere(topic) != there && System.nanoTime() < deadline) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private boolean isThere(String name) throws IOException {
        MetadataResponseData metadata = (MetadataResponseData)
                ((Wire.Answer.Response) wire.call(TopicRequests.names(12, false, List.of(name)), nothing)).data();
        MetadataResponseTopic topic = metadata.topics().find(name);
        if (topic == null || topic.errorCode() != 0) {
            return false;
        }
        ListOffsetsTopic asked = new ListOffsetsTopic().setName(name);
        topic.partitions()
                .forEach(partition -> asked.partitions()
                        .add(new ListOffsetsPartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setTimestamp(-1)));
        Step step = Step.of(
                ApiKeys.LIST_OFFSETS,
                6,
                new ListOffsetsRequestData().setReplicaId(-1).setTopics(List.of(asked)));
        ListOffsetsResponseData offsets =
                (ListOffsetsResponseData) ((Wire.Answer.Response) wire.call(step, nothing)).data();
        return offsets.topics().get(0).partitions().stream()
                .allMatch(partition -> partition.errorCode() == Errors.NONE.code());
    }
}
