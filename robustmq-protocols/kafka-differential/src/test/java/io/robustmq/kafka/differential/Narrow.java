/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.protocol.ApiKeys;

/** The exact places of accepted differences, for {@link AcceptedDifferences}. Stateless. */
final class Narrow {
    private static final Set<ApiKeys> TOLD = EnumSet.range(ApiKeys.PRODUCE, ApiKeys.METADATA);
    private static final Set<String> FEATURES = Set.of(
            "eligible.leader.replicas.version",
            "kraft.version",
            "metadata.version",
            "share.version",
            "streams.version",
            "transaction.version");

    /** Where we say why. */
    private static final Set<ApiKeys> WORDY = Set.of(
            ApiKeys.ALTER_CONFIGS,
            ApiKeys.CREATE_PARTITIONS,
            ApiKeys.CREATE_TOPICS,
            ApiKeys.DESCRIBE_GROUPS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.PRODUCE);

    /** States of groups whose first record may not be on the disk yet. */
    private static final Set<String> BEGINNING = Set.of("CompletingRebalance", "Empty", "PreparingRebalance");

    /** Where Kafka's fault is told as such. */
    private static final Set<ApiKeys> FAULTY = Set.of(
            ApiKeys.FETCH,
            ApiKeys.PRODUCE,
            ApiKeys.LIST_OFFSETS,
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            ApiKeys.DESCRIBE_TOPIC_PARTITIONS);

    /** Kafka's error, and ours in its place. */
    private static final Map<ApiKeys, Map<String, Set<String>>> MISTAKES = Map.of(
            ApiKeys.CREATE_TOPICS,
            Map.of(
                    "INVALID_CONFIG",
                    Set.of(
                            "INVALID_PARTITIONS",
                            "INVALID_REPLICATION_FACTOR",
                            "INVALID_REPLICA_ASSIGNMENT",
                            "INVALID_REQUEST"),
                    "INVALID_PARTITIONS",
                    Set.of("INVALID_REPLICATION_FACTOR"),
                    "INVALID_TOPIC_EXCEPTION",
                    Set.of("INVALID_CONFIG", "INVALID_PARTITIONS")),
            ApiKeys.ALTER_CONFIGS,
            settings(),
            ApiKeys.INCREMENTAL_ALTER_CONFIGS,
            settings(),
            ApiKeys.PRODUCE,
            Map.of(
                    "CORRUPT_MESSAGE",
                    Set.of(
                            "INVALID_RECORD",
                            "INVALID_REQUIRED_ACKS",
                            "INVALID_TIMESTAMP",
                            "UNKNOWN_TOPIC_OR_PARTITION"),
                    "INVALID_RECORD",
                    Set.of(
                            "CORRUPT_MESSAGE",
                            "INVALID_REQUIRED_ACKS",
                            "INVALID_TIMESTAMP",
                            "UNKNOWN_TOPIC_OR_PARTITION"),
                    "INVALID_TIMESTAMP",
                    Set.of("INVALID_RECORD"),
                    "UNSUPPORTED_COMPRESSION_TYPE",
                    Set.of("CORRUPT_MESSAGE", "INVALID_RECORD", "INVALID_REQUIRED_ACKS")));

    static {
        TOLD.addAll(EnumSet.range(ApiKeys.OFFSET_COMMIT, ApiKeys.API_VERSIONS));
        TOLD.addAll(EnumSet.range(ApiKeys.DESCRIBE_ACLS, ApiKeys.DELETE_ACLS));
        TOLD.addAll(Set.of(
                ApiKeys.SASL_AUTHENTICATE,
                ApiKeys.CREATE_TOPICS,
                ApiKeys.DELETE_TOPICS,
                ApiKeys.DELETE_RECORDS,
                ApiKeys.INIT_PRODUCER_ID,
                ApiKeys.OFFSET_FOR_LEADER_EPOCH,
                ApiKeys.DESCRIBE_CONFIGS,
                ApiKeys.ALTER_CONFIGS,
                ApiKeys.DESCRIBE_LOG_DIRS,
                ApiKeys.CREATE_PARTITIONS,
                ApiKeys.DELETE_GROUPS,
                ApiKeys.INCREMENTAL_ALTER_CONFIGS,
                ApiKeys.OFFSET_DELETE,
                ApiKeys.DESCRIBE_CLIENT_QUOTAS,
                ApiKeys.ALTER_CLIENT_QUOTAS,
                ApiKeys.DESCRIBE_CLUSTER,
                ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                ApiKeys.CONSUMER_GROUP_DESCRIBE,
                ApiKeys.DESCRIBE_TOPIC_PARTITIONS));
    }

    private Narrow() {}

    private static Map<String, Set<String>> settings() {
        return Map.of(
                "INVALID_CONFIG",
                Set.of("INVALID_REQUEST", "INVALID_TOPIC_EXCEPTION", "UNKNOWN_TOPIC_OR_PARTITION"),
                "INVALID_REQUEST",
                Set.of("INVALID_CONFIG", "INVALID_TOPIC_EXCEPTION", "UNKNOWN_TOPIC_OR_PARTITION"));
    }

    static boolean api(Difference each) {
        return each.path().equals("apiKeys[]")
                && each.ours().isMissingNode()
                && !TOLD.contains(ApiKeys.forId(each.kafka().path("apiKey").intValue()));
    }

    static boolean feature(Difference each) {
        JsonNode known = each.kafka().isMissingNode() ? each.ours() : each.kafka();
        String name = known.path("name").asText();
        return each.path().equals("finalizedFeaturesEpoch")
                || each.path().endsWith("Features[]")
                        && (each.ours().isMissingNode() ? FEATURES.contains(name) : name.equals("group.version"));
    }

    static boolean fault(Difference each) {
        return FAULTY.contains(each.api()) && each.kafka().toString().contains("UNKNOWN_SERVER_ERROR");
    }

    static boolean mistake(Difference each) {
        return MISTAKES.getOrDefault(each.api(), Map.of())
                .getOrDefault(each.kafka().asText(), Set.of())
                .contains(each.ours().asText());
    }

    /** We say why where Kafka does not; and why of a record in other words. Where Kafka says why and we do not, our error is another one. */
    static boolean words(Difference each) {
        return WORDY.contains(each.api())
                        && each.path().endsWith("errorMessage")
                        && each.kafka().isNull()
                        && each.ours().isTextual()
                || each.path().endsWith("batchIndexErrorMessage")
                        && each.kafka().isTextual()
                        && each.ours().isTextual();
    }

    /** What else is told of such a group follows from it. */
    static boolean begins(Difference each) {
        return each.path().equals("groups[].groupState")
                        && BEGINNING.contains(each.kafka().asText())
                        && each.ours().asText().equals("Dead")
                || each.path().equals("groups[].errorCode")
                        && each.kafka().asText().equals("NONE")
                        && each.ours().asText().equals("GROUP_ID_NOT_FOUND");
    }

    /** One that only one side lists. */
    static boolean unlisted(Difference each) {
        return each.path().endsWith("configs[]") || each.path().endsWith("configs[].documentation");
    }

    /** A default that is another one, or comes from elsewhere. */
    static boolean byDefault(Difference each) {
        String where = each.where();
        return where.contains("configs[max.message.bytes]") && where.endsWith("alue")
                || where.contains("configs[min.insync.replicas]") && !where.endsWith("replicas].value")
                || where.contains("configs[retention.ms].synonyms")
                || where.contains("configs[segment.ms]") && each.path().matches(".*configs..[.](value|synonyms.*)")
                || where.contains("configs[segment.bytes]") && each.path().matches(".*configs..[.](value|synonyms.*)")
                || where.contains("configs[min.cleanable.dirty.ratio]")
                        && each.kafka().asDouble() == each.ours().asDouble();
    }
}
