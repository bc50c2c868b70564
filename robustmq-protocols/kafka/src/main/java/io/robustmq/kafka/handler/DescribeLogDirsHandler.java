/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.handler;

import io.robustmq.kafka.connection.Exchange;
import io.robustmq.kafka.connection.KafkaServices;
import io.robustmq.protocol.LogTopic;
import io.robustmq.protocol.TopicPort.ShardDescription;
import io.robustmq.protocol.TopicPort.TopicDescription;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DescribeLogDirsRequestData;
import org.apache.kafka.common.message.DescribeLogDirsRequestData.DescribableLogDirTopic;
import org.apache.kafka.common.message.DescribeLogDirsResponseData;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsPartition;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsResult;
import org.apache.kafka.common.message.DescribeLogDirsResponseData.DescribeLogDirsTopic;

/** Which data directory holds which partitions, and how large they are; what lies on no disk is under its engine's name. Immutable. */
final class DescribeLogDirsHandler {
    private final KafkaServices services;
    private final Topics topics;

    DescribeLogDirsHandler(KafkaServices services, Topics topics) {
        this.services = services;
        this.topics = topics;
    }

    void handle(Exchange exchange) {
        DescribeLogDirsRequestData request =
                (DescribeLogDirsRequestData) exchange.request().data();
        Map<String, DescribeLogDirsResult> byDirectory = new TreeMap<>();
        for (TopicDescription topic :
                services.ports().topics().list(exchange.client().tenant(), false)) {
            LogTopic known = topics.find(exchange.client(), topic.name(), Uuid.ZERO_UUID);
            if (known == null || !topics.maySee(exchange.client(), known)) {
                continue;
            }
            DescribableLogDirTopic asked =
                    request.topics() == null ? null : request.topics().find(topic.name());
            for (ShardDescription shard : topic.shards()) {
                boolean wanted = request.topics() == null
                        || asked != null && asked.partitions().contains(shard.partition());
                if (wanted && shard.problem() == null) {
                    add(byDirectory, topic, shard);
                }
            }
        }
        DescribeLogDirsResponseData response = new DescribeLogDirsResponseData();
        response.results().addAll(byDirectory.values());
        exchange.reply(response);
    }

    private static void add(
            Map<String, DescribeLogDirsResult> byDirectory, TopicDescription topic, ShardDescription shard) {
        String name = shard.disk().isEmpty() ? topic.engine() : shard.disk();
        DescribeLogDirsResult directory =
                byDirectory.computeIfAbsent(name, each -> new DescribeLogDirsResult().setLogDir(each));
        int last = directory.topics().size() - 1;
        if (last < 0 || !directory.topics().get(last).name().equals(topic.name())) {
            directory.topics().add(new DescribeLogDirsTopic().setName(topic.name()));
            last++;
        }
        directory
                .topics()
                .get(last)
                .partitions()
                .add(new DescribeLogDirsPartition()
                        .setPartitionIndex(shard.partition())
                        .setPartitionSize(shard.bytes()));
    }
}
