/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.protocol.LogTopic;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;

/** Hands out batches as they are kept. There are no fetch sessions: every answer says session 0. Immutable. */
final class FetchHandler {
    private static final byte READ_COMMITTED = 1;

    private final KafkaServices services;
    private final Topics topics;

    FetchHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        FetchRequestData request = (FetchRequestData) exchange.request().data();
        FetchResponseData response = new FetchResponseData();
        if (request.sessionId() != 0) {
            exchange.reply(response.setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code()));
            return;
        }
        List<PendingFetch.Part> parts = new ArrayList<>();
        for (FetchTopic asked : request.topics()) {
            LogTopic topic = topics.find(exchange.client(), asked.topic(), asked.topicId());
            FetchableTopicResponse answer =
                    new FetchableTopicResponse().setTopic(asked.topic()).setTopicId(asked.topicId());
            response.responses().add(answer);
            for (FetchPartition partition : asked.partitions()) {
                PartitionData data = data(partition.partition(), request.isolationLevel());
                answer.partitions().add(data);
                Errors problem = problem(exchange, topic, asked, partition);
                if (problem == null && topic != null) {
                    parts.add(new PendingFetch.Part(topic.partition(partition.partition()), partition, data));
                } else if (problem != null) {
                    data.setErrorCode(problem.code());
                }
            }
        }
        new PendingFetch(exchange, request, response, parts, services.limits().fetchBytesMax()).start();
    }

    private @Nullable Errors problem(
            Exchange exchange, @Nullable LogTopic topic, FetchTopic asked, FetchPartition partition) {
        if (topic == null) {
            return Topics.unknown(asked.topicId());
        }
        if (!topics.mayRead(exchange.client(), topic)) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return Topics.problem(topic, partition.partition(), partition.currentLeaderEpoch());
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
