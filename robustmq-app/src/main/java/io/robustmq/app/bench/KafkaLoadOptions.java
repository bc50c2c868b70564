/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every kind of load of Kafka is told. Filled by picocli, then only read. */
final class KafkaLoadOptions extends CommonOptions {
    @Option(
            names = {"-p", "--port"},
            defaultValue = "9092",
            description = "of the broker (default ${DEFAULT-VALUE})")
    int port;

    @Option(names = "--topic", description = "made when it is not there (default one of this run, deleted at its end)")
    @Nullable
    String topic;

    @Option(
            names = "--partitions",
            defaultValue = "1",
            description = "of a topic that is made (default ${DEFAULT-VALUE})")
    int partitions;

    @Option(names = "--topic-config", paramLabel = "key=value", description = "of a topic that is made")
    Map<String, String> topicConfig = new HashMap<>();

    @Option(names = "--config", paramLabel = "key=value", description = "of the clients, like security.protocol=SSL")
    Map<String, String> clientConfig = new HashMap<>();

    @Option(names = "--size", defaultValue = "1024", description = "bytes of a value (default ${DEFAULT-VALUE})")
    int size;

    @Option(names = "--acks", defaultValue = "all", description = "0, 1 or all (default ${DEFAULT-VALUE})")
    String acks = "";

    @Option(names = "--batch-size", defaultValue = "16384", description = "bytes of a batch (default ${DEFAULT-VALUE})")
    int batchSize;

    @Option(
            names = "--linger",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "for more records of a batch (default ${DEFAULT-VALUE})")
    Duration linger = Duration.ZERO;

    @Option(names = "--compression", defaultValue = "none", description = "of batches (default ${DEFAULT-VALUE})")
    String compression = "";

    /** Fails with a sentence when the options make no sense. */
    void check() {
        require(size >= Payload.BYTES_MIN, "--size is at least " + Payload.BYTES_MIN);
        require(partitions >= 1, "--partitions is at least 1");
        checkCommon();
    }

    /** For every kind of client. */
    Map<String, Object> clients() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("bootstrap.servers", host + ":" + port);
        config.put("enable.metrics.push", "false");
        return config;
    }

    Map<String, Object> producers() {
        Map<String, Object> config = clients();
        config.put("acks", acks);
        config.put("batch.size", batchSize);
        config.put("linger.ms", linger.toMillis());
        config.put("compression.type", compression);
        config.put("enable.idempotence", acks.equals("all"));
        config.put("max.block.ms", "15000");
        config.putAll(clientConfig);
        return config;
    }

    Map<String, Object> consumers() {
        Map<String, Object> config = clients();
        config.put("auto.offset.reset", "none");
        config.put("enable.auto.commit", "false");
        config.put("allow.auto.create.topics", "false");
        config.putAll(clientConfig);
        return config;
    }

    Map<String, Object> admins() {
        Map<String, Object> config = clients();
        config.put("default.api.timeout.ms", "15000");
        config.put("request.timeout.ms", "10000");
        config.putAll(clientConfig);
        return config;
    }
}
