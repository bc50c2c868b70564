/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.connection;

/**
 * What one client may ask for. Immutable.
 *
 * @param requestBytesMax the largest request that is read; a larger one closes the connection
 * @param fetchBytesMax bytes of records in one response
 * @param requestsInFlightMax requests of a connection that are worked on at a time; beyond that it is not read
 * @param answerMillisMax how long an answer may take beyond what the client said that it would wait
 */
public record KafkaLimits(int requestBytesMax, int fetchBytesMax, int requestsInFlightMax, long answerMillisMax) {
    public static final KafkaLimits DEFAULTS = new KafkaLimits(100 << 20, 50 << 20, 8, 60_000);

    public KafkaLimits {
        if (requestBytesMax < 1024 || fetchBytesMax < 1024 || requestsInFlightMax < 1 || answerMillisMax < 1) {
            throw new IllegalArgumentException("a request and a response have 1024 bytes or more");
        }
    }
}
