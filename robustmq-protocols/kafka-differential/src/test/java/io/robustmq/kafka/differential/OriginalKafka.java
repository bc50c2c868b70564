/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Apache Kafka, one node that is broker and controller, in a process of its own. Confined to the test's thread. */
final class OriginalKafka implements AutoCloseable {
    private static final long START_MILLIS = 60_000;

    private final Process process;
    private final Path log;
    private final int port;

    private OriginalKafka(Process process, Path log, int port) {
        this.process = process;
        this.log = log;
        this.port = port;
    }

    /** Starts it and waits until it answers. */
    static OriginalKafka start(Path directory, String clusterId) {
        try {
            int port = freePort();
            int controller = freePort();
            Path properties =
                    Files.write(directory.resolve("server.properties"), properties(directory, port, controller));
            Path log = directory.resolve("kafka.log");
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx512m",
                            "-XX:+UseSerialGC",
                            "-Dlogback.configurationFile=logback-kafka.xml",
                            "-cp",
                            classPath(),
                            OriginalMain.class.getName(),
                            properties.toString(),
                            clusterId)
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            OriginalKafka kafka = new OriginalKafka(process, log, port);
            kafka.awaitStart();
            return kafka;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this test has, without what is ours. */
    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(all.split(File.pathSeparator))
                .filter(entry -> entry.contains("kafka-differential")
                        || !entry.contains("robustmq-") && !entry.endsWith("/classes"))
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static List<String> properties(Path directory, int port, int controller) {
        return List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controller,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "log.dirs=" + directory.resolve("data"),
                "num.network.threads=2",
                "num.io.threads=4",
                "offsets.topic.num.partitions=1",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.num.partitions=1",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "log.retention.check.interval.ms=100000000",
                "connections.max.idle.ms=-1");
    }

    private void awaitStart() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        while (process.isAlive() && System.nanoTime() < deadline) {
            try (Wire wire = new Wire(port)) {
                if (wire.isReady()) {
                    return;
                }
            } catch (IOException e) {
                // Not yet.
            }
            pause();
        }
        String said = Files.readString(log);
        close();
        throw new IllegalStateException("Kafka does not start:\n" + said);
    }

    private void pause() {
        try {
            process.waitFor(50, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
