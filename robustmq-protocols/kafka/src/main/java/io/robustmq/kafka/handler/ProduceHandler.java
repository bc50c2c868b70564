/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaCounters;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.subject.Subjects;
import io.robustmq.protocol.LogPartition;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.Tracing;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** Appends what producers bring, as it came. Immutable. */
final class ProduceHandler {
    private static final int FIRST_VERSION_WITH_IDS = 13;
    private static final short NONE = 0;
    private static final short LEADER = 1;
    private static final short ALL = -1;

    private final KafkaServices services;
    private final Topics topics;

    ProduceHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        ProduceRequestData request = (ProduceRequestData) exchange.request().data();
        Pending pending = new Pending(exchange, request.acks(), services.counters());
        int next = 0;
        for (TopicProduceData asked : request.topicData()) {
            if (asked.partitionData().isEmpty()) {
                continue;
            }
            LogTopic topic = topics.find(exchange.client(), asked.name(), asked.topicId());
            TopicProduceResponse answer =
                    new TopicProduceResponse().setName(asked.name()).setTopicId(asked.topicId());
            pending.response.responses().add(answer);
            for (PartitionProduceData partition : asked.partitionData()) {
                PartitionProduceResponse result = new PartitionProduceResponse().setIndex(partition.index());
                answer.partitionResponses().add(result);
                int records = partition.records() == null ? -1 : next++;
                if (topic == null) {
                    pending.refuse(
                            result,
                            exchange.version() < FIRST_VERSION_WITH_IDS
                                    ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                                    : Errors.UNKNOWN_TOPIC_ID,
                            null);
                } else {
                    append(pending, topic, partition.index(), records, result);
                }
            }
        }
        pending.release();
    }

    private void append(Pending pending, LogTopic topic, int index, int records, PartitionProduceResponse result) {
        Exchange exchange = pending.exchange;
        Errors problem = Topics.problem(topic, index, -1);
        if (!topics.mayWrite(exchange.client(), topic)) {
            pending.refuse(result, exchange.denied(Errors.TOPIC_AUTHORIZATION_FAILED), null);
        } else if (problem != null) {
            pending.refuse(result, problem, null);
        } else if (pending.acks != NONE && pending.acks != LEADER && pending.acks != ALL) {
            pending.refuse(result, Errors.INVALID_REQUIRED_ACKS, null);
        } else if (topic.wildcard()) {
            pending.refuse(result, Errors.POLICY_VIOLATION, placedBySubject(exchange, topic, records));
        } else if (pending.acks == ALL && topic.terms().minInSyncReplicas() > 1) {
            pending.refuse(
                    result,
                    Errors.NOT_ENOUGH_REPLICAS,
                    "The size of the current ISR : 1 is insufficient to satisfy the min.isr requirement of "
                            + topic.terms().minInSyncReplicas() + " for partition " + topic.name() + "-" + index);
        } else if (records < 0) {
            pending.refuse(result, Errors.INVALID_RECORD, "no records");
        } else {
            append(pending, topic, topic.partition(index), exchange.records(records), result);
        }
    }

    private void append(
            Pending pending,
            LogTopic topic,
            LogPartition partition,
            RecordBatch owned,
            PartitionProduceResponse result) {
        Exchange exchange = pending.exchange;
        BatchRules.Refusal refusal = BatchRules.check(
                topic, owned, exchange.version(), services.ports().clock().millis());
        if (refusal != null) {
            owned.release();
            pending.refuse(result, refusal.error(), refusal.message());
            result.setRecordErrors(refusal.records());
            return;
        }
        pending.retain();
        int records = owned.recordCount();
        int bytes = owned.sizeBytes();
        exchange.produced(records);
        Tracing tracing = services.ports().tracing();
        List<BatchTraces.Followed> followed = tracing == null
                ? List.of()
                : BatchTraces.produced(tracing, exchange.client(), topic.name(), owned.buffer());
        partition.append(
                owned, pending.acks != NONE, exchange.client(), exchange.loop(), (base, appendTime, failure) -> {
                    if (tracing != null) {
                        BatchTraces.appended(followed, result.index(), base, failure == null ? null : failure.error());
                    }
                    if (failure == null) {
                        pending.counters.producedRecords.add(records);
                        pending.counters.producedBytes.add(bytes);
                        result.setBaseOffset(base)
                                .setLogAppendTimeMs(appendTime)
                                .setLogStartOffset(partition.offsets().start());
                    } else {
                        pending.refuse(result, appendError(failure), failure.getMessage());
                    }
                    pending.release();
                });
    }

    /** The key of a record from such a topic is its subject, so the first one tells which view was meant. */
    private static String placedBySubject(Exchange exchange, LogTopic topic, int records) {
        String view = "of the subject";
        if (records >= 0) {
            RecordBatch batch = exchange.records(records);
            try {
                String subject = BatchRules.firstKey(batch);
                view = subject == null ? view : "'" + Subjects.canonical(subject) + "'";
            } finally {
                batch.release();
            }
        }
        return "topic '" + topic.name()
                + "' holds many subjects, and its records are placed by theirs: produce to the view " + view;
    }

    private static Errors appendError(RmqException failure) {
        Errors error = KafkaErrors.of(failure);
        return error == Errors.CORRUPT_MESSAGE || error == Errors.INVALID_REQUEST ? Errors.INVALID_RECORD : error;
    }

    /** A request whose batches are on their way. Confined to the connection's loop. */
    private static final class Pending {
        final Exchange exchange;
        final short acks;
        final KafkaCounters counters;
        final ProduceResponseData response = new ProduceResponseData();
        private int waiting = 1;
        private @Nullable Errors firstError;

        Pending(Exchange exchange, short acks, KafkaCounters counters) {
            this.exchange = exchange;
            this.counters = counters;
            this.acks = acks;
        }

        void refuse(PartitionProduceResponse result, Errors error, @Nullable String message) {
            counters.rejected(error.name());
            if (firstError == null) {
                firstError = error;
            }
            result.setErrorCode(error.code())
                    .setErrorMessage(message)
                    .setBaseOffset(-1)
                    .setLogAppendTimeMs(-1)
                    .setLogStartOffset(-1);
        }

        void retain() {
            waiting++;
        }

        void release() {
            if (--waiting > 0) {
                return;
            }
            if (acks != NONE) {
                exchange.reply(response);
                return;
            }
            if (firstError != null) {
                // Nobody reads a response, so this is how the client learns to ask for metadata again.
                exchange.close("a batch that wants no response is refused: " + firstError);
            }
            exchange.noReply();
        }
    }
}
