/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.Tenants;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.meta.client.InMemoryMeta;
import io.robustmq.meta.client.MetaCommand;
import io.robustmq.meta.client.TopicConfig;
import io.robustmq.mqtt.FileEngines;
import io.robustmq.mqtt.InProcessBroker;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node to be killed: log, broker core and Kafka, without Spring and raft. Waits to be told its round, which takes the place of
 * what metadata would remember: the epochs of shards rise with it, and the ids that were given away. Says when it serves.
 */
final class KafkaVictim {
    static final String TOPIC = "killed";
    static final int PARTITIONS = 3;

    private KafkaVictim() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Class.forName(InProcessBroker.class.getName());
        Class.forName("org.apache.kafka.common.protocol.ApiKeys");
        PrintStream told = System.out;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int round = Integer.parseInt(in.readLine());
        InProcessBroker.options()
                .loops(1)
                .engine(engine(directory))
                .meta(meta(round))
                .kafkaPort(port)
                .start();
        told.println("serving");
        told.flush();
        in.readLine();
        System.exit(0);
    }

    private static InMemoryMeta meta(int round) {
        InMemoryMeta meta = new InMemoryMeta();
        create(meta, 1, TOPIC, PARTITIONS, Map.of(), round);
        create(meta, 2, "__consumer_offsets", 16, Map.of("cleanup.policy", "compact"), round);
        create(meta, 3, "__retained", 4, Map.of("cleanup.policy", "compact"), round);
        create(meta, 4, "__delayed", 4, Map.of("cleanup.policy", "compact"), round);
        meta.submit(new MetaCommand.AllocateIds("producers", 1000 * round));
        return meta;
    }

    private static void create(
            InMemoryMeta meta, int id, String name, int partitions, Map<String, String> config, int round) {
        TopicId topic = new TopicId(0, id);
        boolean internal = name.startsWith("__");
        meta.submit(new MetaCommand.CreateTopic(
                Tenants.DEFAULT,
                name,
                topic,
                partitions,
                internal ? List.of() : List.of(name),
                "file",
                internal,
                new TopicConfig(config),
                1_000));
        for (int partition = 0; partition < partitions; partition++) {
            for (int epoch = 0; epoch < 10 * round; epoch++) {
                meta.submit(new MetaCommand.ClaimShard(new ShardId(topic, partition), new NodeId(1), 1, epoch));
            }
        }
    }

    /** Small files, so that a round begins some and gives some up. */
    private static FileEngine engine(Path directory) {
        return FileEngines.of(
                List.of(new SystemDisk(directory)),
                LogConfig.defaults()
                        .withWalFileBytes(4 << 20)
                        .withCheckpointBytes(8 << 20)
                        .withLowWaterBytes(0),
                new FileEngineConfig(1 << 18, 1 << 18, 64));
    }
}
