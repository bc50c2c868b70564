/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.error;

import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.jspecify.annotations.Nullable;

/** From our errors to Kafka's. Stateless. */
public final class KafkaErrors {

    private KafkaErrors() {}

    /** What is worth another try is answered with an error on which clients look for the leader again. */
    public static Errors of(RmqError error) {
        return switch (error) {
            case INVALID_REQUEST, REVISION_MISMATCH, NOT_FOUND -> Errors.INVALID_REQUEST;
            case INVALID_SUBJECT, INVALID_NAME, BINDING_CONFLICT -> Errors.INVALID_TOPIC_EXCEPTION;
            case INVALID_CONFIG -> Errors.INVALID_CONFIG;
            case UNKNOWN_TOPIC -> Errors.UNKNOWN_TOPIC_OR_PARTITION;
            case TOPIC_EXISTS -> Errors.TOPIC_ALREADY_EXISTS;
            case UNAUTHORIZED -> Errors.TOPIC_AUTHORIZATION_FAILED;
            case PAYLOAD_TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
            case OUT_OF_RANGE -> Errors.OFFSET_OUT_OF_RANGE;
            case CORRUPT_BATCH -> Errors.CORRUPT_MESSAGE;
            case NOT_SUPPORTED -> Errors.UNSUPPORTED_VERSION;
            case POLICY_VIOLATION -> Errors.POLICY_VIOLATION;
            case KEY_REQUIRED -> Errors.INVALID_RECORD;
            case OUT_OF_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
            case PRODUCER_FENCED -> Errors.INVALID_PRODUCER_EPOCH;
            case NOT_OWNER, CLOSED, UNAVAILABLE, FENCED -> Errors.NOT_LEADER_OR_FOLLOWER;
            case NO_LEADER -> Errors.LEADER_NOT_AVAILABLE;
            case TIMED_OUT -> Errors.REQUEST_TIMED_OUT;
            case QUOTA_EXCEEDED, OVERLOADED -> Errors.THROTTLING_QUOTA_EXCEEDED;
            case STORAGE_FAILED, STORAGE_FULL, CORRUPT_DATA -> Errors.KAFKA_STORAGE_ERROR;
            case INTERNAL -> Errors.UNKNOWN_SERVER_ERROR;
        };
    }

    /** Of a failure, however it is wrapped. */
    public static Errors of(Throwable failure) {
        return unwrap(failure) instanceof RmqException known ? of(known.error()) : Errors.UNKNOWN_SERVER_ERROR;
    }

    /** Our words, where they say more than the code; faults keep theirs to themselves. */
    public static @Nullable String message(Throwable failure) {
        return unwrap(failure) instanceof RmqException known ? known.getMessage() : null;
    }

    /** What has failed, without what stages wrap it in. */
    public static Throwable unwrap(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
