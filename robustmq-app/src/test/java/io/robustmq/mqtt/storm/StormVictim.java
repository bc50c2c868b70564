/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

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
import io.robustmq.storage.file.FileEngineConfig;
import io.robustmq.storage.log.LogConfig;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A node to be killed: log, broker core and MQTT, without Spring and raft. Waits to be told its round, which takes the place of
 * what metadata would remember: the epochs of shards rise with it. Says when it serves.
 */
final class StormVictim {
    private StormVictim() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        Class.forName(InProcessBroker.class.getName());
        PrintStream told = System.out;
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        int round = Integer.parseInt(in.readLine());
        InProcessBroker.options()
                .loops(2)
                .engine(FileEngines.of(
                        List.of(new SystemDisk(directory)),
                        LogConfig.defaults()
                                .withWalFileBytes(4 << 20)
                                .withCheckpointBytes(8 << 20)
                                .withLowWaterBytes(0),
                        new FileEngineConfig(1 << 18, 1 << 18, 64)))
                .meta(meta(round))
                .mqttPort(port)
                .start();
        told.println("serving");
        told.flush();
        in.readLine();
        System.exit(0);
    }

    private static InMemoryMeta meta(int round) {
        InMemoryMeta meta = new InMemoryMeta();
        create(meta, 1, "storm", 4, List.of("storm/#"), Map.of(), round);
        create(meta, 2, "__retained", 4, List.of(), Map.of("cleanup.policy", "compact"), round);
        create(meta, 3, "__sessions", 16, List.of(), Map.of("cleanup.policy", "compact"), round);
        return meta;
    }

    private static void create(
            InMemoryMeta meta,
            int id,
            String name,
            int partitions,
            List<String> bindings,
            Map<String, String> config,
            int round) {
        TopicId topic = new TopicId(0, id);
        meta.submit(new MetaCommand.CreateTopic(
                Tenants.DEFAULT,
                name,
                topic,
                partitions,
                bindings,
                "file",
                name.startsWith("__"),
                new TopicConfig(config),
                1_000));
        for (int partition = 0; partition < partitions; partition++) {
            for (int epoch = 0; epoch < 10 * round; epoch++) {
                meta.submit(new MetaCommand.ClaimShard(new ShardId(topic, partition), new NodeId(1), 1, epoch));
            }
        }
    }
}
