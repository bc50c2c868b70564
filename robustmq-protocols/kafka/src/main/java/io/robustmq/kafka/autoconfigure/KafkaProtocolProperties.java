/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.autoconfigure;

import io.robustmq.kafka.connection.Advertised;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kernel.RmqError;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The Kafka protocol. Immutable.
 *
 * @param enabled whether this broker speaks Kafka
 * @param tcp plain TCP
 * @param tls TLS
 * @param advertised host:port that clients are told to connect to; unset means the address that each of them has used
 * @param autoCreateTopics whether a topic that a client asks for, and wants to be created, is created
 * @param defaultPartitions partitions of a topic whose creator names no number, created on demand or not
 * @param maxRequestSize largest request that is read
 * @param maxFetchSize most bytes of records in one response, whatever the client allows
 */
@ConfigurationProperties("robustmq.kafka")
public record KafkaProtocolProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Tcp tcp,
        @DefaultValue Tls tls,
        @Nullable String advertised,
        @DefaultValue("true") boolean autoCreateTopics,
        @DefaultValue("1") int defaultPartitions,
        @DefaultValue("100MB") DataSize maxRequestSize,
        @DefaultValue("50MB") DataSize maxFetchSize) {
    private static final int PARTITIONS_MAX = 10_000;

    /**
     * Plain TCP.
     *
     * @param port port of Kafka over TCP, 0 for any free one; -1 closes it
     */
    public record Tcp(@DefaultValue("9092") int port) {}

    /**
     * TLS.
     *
     * @param port port of Kafka over TLS; unset or -1 leaves it closed
     */
    public record Tls(@DefaultValue("-1") int port) {}

    public KafkaProtocolProperties {
        if (defaultPartitions < 1 || defaultPartitions > PARTITIONS_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "robustmq.kafka.default-partitions is 1 to " + PARTITIONS_MAX + ", not " + defaultPartitions);
        }
    }

    @Nullable
    Advertised advertisedAddress() {
        if (advertised == null || advertised.isBlank()) {
            return null;
        }
        try {
            return Advertised.parse(advertised);
        } catch (IllegalArgumentException e) {
            throw RmqError.INVALID_CONFIG.exception("robustmq.kafka.advertised: " + e.getMessage());
        }
    }

    KafkaLimits limits() {
        return new KafkaLimits(
                Math.toIntExact(maxRequestSize.toBytes()),
                Math.toIntExact(maxFetchSize.toBytes()),
                KafkaLimits.DEFAULTS.requestsInFlightMax(),
                KafkaLimits.DEFAULTS.answerMillisMax());
    }
}
