/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.kafka.error.KafkaErrors;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Gives each idempotent producer an id of its own. One that has an id raises the epoch by itself, and asks for a new id when
 * there are no more epochs (KIP-360). Stateless.
 */
final class InitProducerIdHandler {
    private final KafkaServices services;

    InitProducerIdHandler(KafkaServices services) {
        this.services = services;
    }

    void handle(Exchange exchange) {
        InitProducerIdRequestData request =
                (InitProducerIdRequestData) exchange.request().data();
        Errors refusal = refusal(request);
        if (refusal != null) {
            exchange.reply(refused(refusal));
            return;
        }
        services.ports()
                .log()
                .newProducerId()
                .whenComplete((id, failure) -> exchange.reply(
                        failure == null
                                ? new InitProducerIdResponseData()
                                        .setProducerId(id)
                                        .setProducerEpoch((short) 0)
                                : refused(unavailable(failure))));
    }

    private static @Nullable Errors refusal(InitProducerIdRequestData request) {
        boolean noId = request.producerId() == RecordBatch.NO_PRODUCER_ID;
        boolean noEpoch = request.producerEpoch() == RecordBatch.NO_PRODUCER_EPOCH;
        String transactionalId = request.transactionalId();
        if (noId != noEpoch || transactionalId != null && transactionalId.isEmpty()) {
            return Errors.INVALID_REQUEST;
        }
        // No version of it knows transactions here; clients take this as final.
        return transactionalId == null ? null : Errors.UNSUPPORTED_VERSION;
    }

    /** What Kafka answers while it has no block of ids: clients ask again. */
    private static Errors unavailable(Throwable failure) {
        Errors error = KafkaErrors.of(failure);
        return error == Errors.UNKNOWN_SERVER_ERROR ? error : Errors.COORDINATOR_LOAD_IN_PROGRESS;
    }

    private static InitProducerIdResponseData refused(Errors error) {
        return new InitProducerIdResponseData()
                .setErrorCode(error.code())
                .setProducerId(RecordBatch.NO_PRODUCER_ID)
                .setProducerEpoch(RecordBatch.NO_PRODUCER_EPOCH);
    }
}
