/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Where the records of a leader's epoch end, by which a consumer finds out that what it has read is gone. Immutable. */
final class OffsetForLeaderEpochHandler {
    private static final int UNDEFINED = -1;

    private final Topics topics;

    OffsetForLeaderEpochHandler(Topics topics) {
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        OffsetForLeaderEpochRequestData request =
                (OffsetForLeaderEpochRequestData) exchange.request().data();
        OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
        for (OffsetForLeaderTopic asked : request.topics()) {
            LogTopic topic = topics.find(exchange.client(), asked.topic(), Uuid.ZERO_UUID);
            OffsetForLeaderTopicResult answer = new OffsetForLeaderTopicResult().setTopic(asked.topic());
            response.topics().add(answer);
            for (OffsetForLeaderPartition partition : asked.partitions()) {
                answer.partitions().add(answer(exchange, topic, partition));
            }
        }
        exchange.reply(response);
    }

    private EpochEndOffset answer(Exchange exchange, @Nullable LogTopic topic, OffsetForLeaderPartition asked) {
        EpochEndOffset result = new EpochEndOffset().setPartition(asked.partition());
        Errors problem = problem(exchange, topic, asked);
        if (problem != null || topic == null) {
            Errors error = problem == null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : problem;
            return result.setErrorCode(error.code()).setLeaderEpoch(UNDEFINED).setEndOffset(UNDEFINED);
        }
        LogPartition.EpochEnd end = topic.partition(asked.partition()).endOf(asked.leaderEpoch());
        return result.setLeaderEpoch(end.epoch()).setEndOffset(end.endOffset());
    }

    private @Nullable Errors problem(Exchange exchange, @Nullable LogTopic topic, OffsetForLeaderPartition asked) {
        if (topic == null) {
            return Errors.UNKNOWN_TOPIC_OR_PARTITION;
        }
        return topics.maySee(exchange.client(), topic)
                ? Topics.problem(topic, asked.partition(), asked.currentLeaderEpoch())
                : exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED);
    }
}
