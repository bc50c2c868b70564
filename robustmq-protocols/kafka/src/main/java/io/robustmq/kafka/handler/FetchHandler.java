/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.EpochEndOffset;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Hands out batches as they are kept. There are no fetch sessions: every answer says session 0. Immutable. */
final class FetchHandler {
    private static final byte READ_COMMITTED = 1;
    private static final int FIRST_VERSION_WITH_IDS = 13;
    private static final int NO_SESSION = -1;
    private static final int NEW_SESSION = 0;

    private final KafkaServices services;
    private final Topics topics;

    FetchHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        FetchRequestData request = (FetchRequestData) exchange.request().data();
        FetchResponseData response = new FetchResponseData();
        if (request.sessionEpoch() != NO_SESSION && request.sessionEpoch() != NEW_SESSION) {
            exchange.reply(response.setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
            return;
        }
        PendingFetch pending = new PendingFetch(exchange, request, response, services);
        for (FetchTopic asked : request.topics()) {
            if (asked.partitions().isEmpty()) {
                continue;
            }
            LogTopic topic = topics.find(exchange.client(), asked.topic(), asked.topicId());
            FetchableTopicResponse answer =
                    new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId());
            response.responses().add(answer);
            for (FetchPartition partition : asked.partitions()) {
                PartitionData data = data(partition.partition(), request.isolationLevel());
                answer.partitions().add(data);
                Errors problem = problem(exchange, topic, asked, partition);
                if (problem == null && topic != null && partition.lastFetchedEpoch() >= 0) {
                    problem = divergence(topic.partition(partition.partition()), partition, data);
                }
                if (data.divergingEpoch().epoch() >= 0) {
                    pending.hasOther();
                    continue;
                }
                if (problem == null && topic != null) {
                    pending.add(topic.name(), topic.partition(partition.partition()), partition, data);
                } else if (problem != null) {
                    pending.fail(data, problem);
                }
            }
        }
        pending.start();
    }

    private @Nullable Errors problem(
            Exchange exchange, @Nullable LogTopic topic, FetchTopic asked, FetchPartition partition) {
        if (topic == null) {
            return exchange.version() < FIRST_VERSION_WITH_IDS
                    ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                    : Errors.UNKNOWN_TOPIC_ID;
        }
        if (!topics.mayRead(exchange.client(), topic)) {
            return exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
        }
        // Unlike in other requests any negative epoch is none.
        return Topics.problem(topic, partition.partition(), Math.max(-1, partition.currentLeaderEpoch()));
    }

    /** KIP-595: whether what the client has read before lies in this log, too; if not, where it ceased to. */
    private static @Nullable Errors divergence(LogPartition partition, FetchPartition asked, PartitionData data) {
        LogPartition.EpochEnd end = partition.endOf(asked.lastFetchedEpoch());
        LogPartition.Offsets offsets = partition.offsets();
        if (end.endOffset() < 0 || end.epoch() < 0 || asked.fetchOffset() < offsets.start()) {
            return Errors.OFFSET_OUT_OF_RANGE;
        }
        if (end.epoch() < asked.lastFetchedEpoch() || end.endOffset() < asked.fetchOffset()) {
            data.setDivergingEpoch(new EpochEndOffset().setEpoch(end.epoch()).setEndOffset(end.endOffset()))
                    .setHighWatermark(offsets.highWatermark())
                    .setLastStableOffset(offsets.highWatermark())
                    .setLogStartOffset(offsets.start());
        }
        return null;
    }

    private static PartitionData data(int index, byte isolation) {
        return new PartitionData()
                .setPartitionIndex(index)
                .setHighWatermark(-1)
                .setLastStableOffset(-1)
                .setLogStartOffset(-1)
                .setAbortedTransactions(isolation == READ_COMMITTED ? List.of() : null)
                .setRecords(MemoryRecords.EMPTY);
    }
}
