/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.RunningNode.Ports;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Starts of the packaged jar that cannot be: two lines for the operator, exit code 1, no stack trace. All nodes start at
 * once, because each takes seconds.
 */
class RefusedStartIT {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    @TempDir
    static Path directory;

    private static final Map<String, RunningNode> NODES = new LinkedHashMap<>();
    private static final List<ServerSocket> TAKEN = new ArrayList<>();

    @BeforeAll
    static void startAll() throws Exception {
        ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TAKEN.add(taken);
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        Path foreign = Files.createDirectory(directory.resolve("foreign"));
        Files.writeString(foreign.resolve("node.properties"), "cluster-name=robustmq\nnode-id=7\n");
        start("mqtt port", "robustmq.mqtt.tcp.port", "" + taken.getLocalPort());
        start("inner port", "robustmq.rpc.port", "" + taken.getLocalPort());
        start("admin port", "server.port", "" + taken.getLocalPort());
        start("directory", "robustmq.data-dir", "" + file.resolve("data"));
        start("foreign data", "robustmq.data-dir", "" + foreign);
        start("role", "robustmq.roles", "meta,brokr");
        start("journal", "robustmq.roles", "meta,broker,journal");
        start("key", "robustmq.mqtt.tcp.prot", "1884");
        start("listener", "robustmq.mqtt.listeners.plant.transport", "tls");
        start("open to all", "robustmq.rpc.bind-address", "0.0.0.0");
        start("keys of tls", "robustmq.mqtt.tls.port", "0");
    }

    private static void start(String name, String key, String value) {
        Path home = directory.resolve(name.replace(' ', '-'));
        Path log = directory.resolve(home.getFileName() + ".log");
        NODES.put(name, RunningNode.launch(home, log, Ports.free(), Map.of(), Map.of(key, value)));
    }

    @AfterAll
    static void stopAll() throws Exception {
        for (RunningNode node : NODES.values()) {
            node.close();
        }
        for (ServerSocket socket : TAKEN) {
            socket.close();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            key          | robustmq.mqtt.tcp.prot          | robustmq.mqtt.tcp.port
            role         | 'brokr'                         | meta, broker
            journal      | not available in this build     | Take it out of robustmq.roles
            directory    | cannot be written               | robustmq.data-dir
            foreign data | belongs to node '7'             | robustmq.node-id
            inner port   | taken by another process        | robustmq.rpc.port
            admin port   | already in use                  | port
            mqtt port    | the port is taken               | robustmq.mqtt.tcp.port
            listener     | 'plant' of MQTT has no port     | robustmq.mqtt.listeners.plant.port
            open to all  | nothing is set that says who may call | robustmq.rpc.shared-secret-file
            keys of tls  | there are no keys for it        | robustmq.mqtt.tls.bundle
            """, quoteCharacter = '"')
    void twoLinesSayWhatHappenedAndWhatToDo(String name, String what, String remedy) throws Exception {
        RunningNode node = NODES.get(name);
        assertThat(node.awaitExit(PATIENCE)).as(node.log()).isEqualTo(1);
        List<String> lines = node.log().lines().toList();
        assertThat(lines).noneMatch(line -> line.startsWith("\tat ") || line.startsWith("Caused by:"));
        List<String> errors =
                lines.stream().filter(line -> line.contains(" ERROR ")).toList();
        assertThat(errors).as(node.log()).hasSize(2);
        assertThat(lines.subList(lines.size() - 2, lines.size())).isEqualTo(errors);
        assertThat(errors.get(0)).contains(what);
        assertThat(errors.get(1)).contains(remedy);
    }
}
