/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.DescribeClusterRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.protocol.ApiKeys;

/** ApiVersions, DescribeCluster, DescribeConfigs, and requests in versions that nobody knows. Stateless. */
final class ClusterRequests {
    private static final int FIRST_VERSIONS_WITH_SOFTWARE = 3;
    private static final int FIRST_VERSIONS_WITH_TARGET = 5;

    static final Family VERSIONS = new Family("versions", 40, Set.of(ApiKeys.API_VERSIONS), ClusterRequests::versions);
    static final Family CLUSTER = new Family("cluster", 40, Set.of(ApiKeys.DESCRIBE_CLUSTER), ClusterRequests::cluster);
    static final Family CONFIGS =
            new Family("configs", 130, Set.of(ApiKeys.DESCRIBE_CONFIGS), ClusterRequests::configs);
    static final Family BROKEN = new Family("broken", 50, Set.of(ApiKeys.METADATA), ClusterRequests::broken);

    private ClusterRequests() {}

    private static List<Step> versions(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            short version = dice.version(ApiKeys.API_VERSIONS);
            ApiVersionsRequestData data = new ApiVersionsRequestData();
            if (version >= FIRST_VERSIONS_WITH_SOFTWARE) {
                data.setClientSoftwareName(dice.mostly("java", "", "a b", "-x", "x-", "ü", "a.b-1"))
                        .setClientSoftwareVersion(dice.mostly("4.4.0", "", "1 2", "v_1"));
            }
            if (version >= FIRST_VERSIONS_WITH_TARGET) {
                data.setClusterId(dice.mostly(null, KafkaDifferentialTest.CLUSTER_ID, "another", ""))
                        .setNodeId(dice.mostly(-1, 1, 0, 7, -2));
            }
            Step step = Step.of(ApiKeys.API_VERSIONS, version, data);
            steps.add(dice.chance(0.25) ? step.claiming(dice.one(6, 7, 99, -1, 32767, -32768)) : step);
        }
        return steps;
    }

    private static List<Step> cluster(Dice dice) {
        short version = dice.version(ApiKeys.DESCRIBE_CLUSTER);
        DescribeClusterRequestData data =
                new DescribeClusterRequestData().setIncludeClusterAuthorizedOperations(dice.chance(0.3));
        if (version >= 1) {
            data.setEndpointType((byte) dice.mostly(1, 2, 0, 3, -1).intValue());
        }
        if (version >= 2) {
            data.setIncludeFencedBrokers(dice.chance(0.5));
        }
        return List.of(Step.of(ApiKeys.DESCRIBE_CLUSTER, version, data));
    }

    private static List<Step> configs(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            short version = dice.version(ApiKeys.DESCRIBE_CONFIGS);
            DescribeConfigsRequestData data = new DescribeConfigsRequestData()
                    .setIncludeSynonyms(dice.chance(0.3))
                    .setResources(dice.some(3, () -> resource(dice)));
            steps.add(Step.of(
                    ApiKeys.DESCRIBE_CONFIGS,
                    version,
                    version >= 3 ? data.setIncludeDocumentation(dice.chance(0.1)) : data));
        }
        return steps;
    }

    private static DescribeConfigsResource resource(Dice dice) {
        boolean topic = dice.chance(0.9);
        return new DescribeConfigsResource()
                .setResourceType((byte) (topic ? 2 : dice.one(0, 1, 3, 127, -1)))
                .setResourceName(
                        !topic
                                ? dice.one("1", "", "7", "x", "-1")
                                : dice.chance(0.8)
                                        ? Prepared.topic(dice)
                                        : dice.chance(0.5) ? dice.missing() : dice.oddName())
                .setConfigurationKeys(dice.mostly(
                        List.of("retention.ms", "cleanup.policy"),
                        null,
                        List.of(),
                        List.of("no.such", "max.message.bytes", "max.message.bytes")));
    }

    /** Frames that are damaged on purpose: each ends in an answer or a close, the same on both sides. */
    private static List<Step> broken(Dice dice) {
        Step good = dice.one(
                TopicRequests.names(dice.version(ApiKeys.METADATA), false, List.of(dice.missing())),
                Step.of(ApiKeys.DESCRIBE_CLUSTER, 1, new DescribeClusterRequestData()),
                RecordRequests.produce(9, -1, dice.missing(), 0, Batches.valid(dice)));
        byte[] bytes = good.frame();
        return List.of(
                switch (dice.below(5)) {
                    case 0 -> good.claiming(dice.one(-1, 99, 32767, -32768));
                    case 1 -> good.with(java.util.Arrays.copyOf(bytes, 8 + dice.below(bytes.length - 8)), "cut");
                    case 2 -> good.with(java.util.Arrays.copyOf(bytes, bytes.length + 1 + dice.below(9)), "longer");
                    case 3 -> good.with(key(bytes, dice.one(-1, 999, 4, 5, 6, 7, 52)), "another API");
                    default -> good.with("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII), "HTTP");
                },
                TopicRequests.names(12, false, List.of(dice.missing())));
    }

    private static byte[] key(byte[] frame, int key) {
        byte[] bytes = frame.clone();
        bytes[0] = (byte) (key >> 8);
        bytes[1] = (byte) key;
        return bytes;
    }
}
