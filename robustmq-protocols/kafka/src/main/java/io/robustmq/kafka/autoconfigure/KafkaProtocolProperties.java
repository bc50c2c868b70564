/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.autoconfigure;

import io.robustmq.kafka.connection.Advertised;
import io.robustmq.kafka.connection.KafkaLimits;
import io.robustmq.kafka.group.GroupOptions;
import io.robustmq.kernel.RmqError;
import io.robustmq.protocol.ClientAuth;
import java.time.Duration;
import java.util.List;
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
 * @param advertised host:port that clients without TLS are told to connect to; unset means the address that each of them has used
 * @param autoCreateTopics whether a topic that a client asks for, and wants to be created, is created
 * @param defaultPartitions partitions of a topic whose creator names no number, created on demand or not
 * @param listViews whether subjects of wildcard topics are listed among all topics, up to 10,000, so that patterns match them
 * @param maxRequestSize largest request that is read
 * @param maxFetchSize most bytes of records in one response, whatever the client allows
 * @param groups consumer groups
 */
@ConfigurationProperties("robustmq.kafka")
public record KafkaProtocolProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue Tcp tcp,
        @DefaultValue Tls tls,
        @Nullable String advertised,
        @DefaultValue("true") boolean autoCreateTopics,
        @DefaultValue("1") int defaultPartitions,
        @DefaultValue("false") boolean listViews,
        @DefaultValue("100MB") DataSize maxRequestSize,
        @DefaultValue("50MB") DataSize maxFetchSize,
        @DefaultValue Groups groups) {
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
     * @param bundle name of the SSL bundle (spring.ssl.bundle.*) with the node's certificate; unset leaves the port closed
     * @param port port of Kafka over TLS, 0 for any free one; -1 closes it
     * @param namedBundles names of further SSL bundles, for clients that name a server of their certificates
     * @param clientAuth whether clients show a certificate, which the bundle's trust store must know: none, optional, required
     * @param advertised host:port that clients with TLS are told to connect to; unset means the address that each of them has used
     */
    public record Tls(
            @Nullable String bundle,
            @DefaultValue("9093") int port,
            @DefaultValue List<String> namedBundles,
            @DefaultValue("none") ClientAuth clientAuth,
            @Nullable String advertised) {}

    /**
     * Consumer groups.
     *
     * @param maxSize members of one group; more are refused
     * @param initialRebalanceDelay how long the first member of a classic group waits for others
     * @param offsetsRetention how long the offsets of a group without members are kept
     * @param minSessionTimeout shortest session timeout that a classic member may ask for
     * @param maxSessionTimeout longest session timeout that a classic member may ask for
     * @param sessionTimeout after which a silent member of the new protocol is out
     * @param heartbeatInterval how often members of the new protocol say that they are there
     */
    public record Groups(
            @DefaultValue("1000") int maxSize,
            @DefaultValue("3s") Duration initialRebalanceDelay,
            @DefaultValue("7d") Duration offsetsRetention,
            @DefaultValue("6s") Duration minSessionTimeout,
            @DefaultValue("30m") Duration maxSessionTimeout,
            @DefaultValue("45s") Duration sessionTimeout,
            @DefaultValue("5s") Duration heartbeatInterval) {

        GroupOptions options() {
            try {
                return new GroupOptions(
                        maxSize,
                        initialRebalanceDelay,
                        offsetsRetention,
                        minSessionTimeout,
                        maxSessionTimeout,
                        sessionTimeout,
                        heartbeatInterval);
            } catch (IllegalArgumentException e) {
                throw RmqError.INVALID_CONFIG.exception("robustmq.kafka.groups: " + e.getMessage());
            }
        }
    }

    public KafkaProtocolProperties {
        if (defaultPartitions < 1 || defaultPartitions > PARTITIONS_MAX) {
            throw RmqError.INVALID_CONFIG.exception(
                    "robustmq.kafka.default-partitions is 1 to " + PARTITIONS_MAX + ", not " + defaultPartitions);
        }
    }

    @Nullable
    Advertised advertisedAddress() {
        return parsed("robustmq.kafka.advertised", advertised);
    }

    @Nullable
    Advertised advertisedTlsAddress() {
        return parsed("robustmq.kafka.tls.advertised", tls.advertised());
    }

    private static @Nullable Advertised parsed(String key, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Advertised.parse(text);
        } catch (IllegalArgumentException e) {
            throw RmqError.INVALID_CONFIG.exception(key + ": " + e.getMessage());
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
