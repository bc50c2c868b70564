/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.ctl.CtlCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The packaged jar as a process of its own, as an operator runs it; its output is in a file and part of every failure.
 * Confined to the test's thread.
 */
final class RunningNode implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Process process;
    private final Path log;
    private final Ports ports;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LinkedHashSet<String> phases = new LinkedHashSet<>();

    private RunningNode(Process process, Path log, Ports ports) {
        this.process = process;
        this.log = log;
        this.ports = ports;
    }

    /** Free ports, kept over restarts of one node. */
    record Ports(int admin, int rpc, int tcp, int webSocket, int kafka) {
        static Ports free() {
            List<ServerSocket> sockets = new ArrayList<>();
            try {
                for (int i = 0; i < 5; i++) {
                    sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
                }
                for (ServerSocket socket : sockets) {
                    socket.close();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            List<Integer> ports =
                    sockets.stream().map(ServerSocket::getLocalPort).toList();
            return new Ports(ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4));
        }

        /** What every node is given, and what wins over that. */
        Map<String, String> keys(Path data, Map<String, String> more) {
            Map<String, String> all = new TreeMap<>(Map.of(
                    "server.port", "" + admin,
                    "robustmq.rpc.port", "" + rpc,
                    "robustmq.mqtt.tcp.port", "" + tcp,
                    "robustmq.mqtt.websocket.port", "" + webSocket,
                    "robustmq.kafka.tcp.port", "" + kafka,
                    "robustmq.data-dir", data.toString()));
            all.putAll(more);
            return all;
        }
    }

    /** Starts the jar and waits for nothing; {@code keys} win over what every node is given. */
    static RunningNode launch(
            Path data, Path log, Ports ports, Map<String, String> environment, Map<String, String> keys) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                System.getProperty("robustmq.jar", "target/robustmq.jar")));
        ports.keys(data, keys).forEach((key, value) -> command.add("--" + key + "=" + value));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return launch(builder, log, ports);
    }

    /** Starts a node in another way; it must have been given these ports. */
    static RunningNode launch(ProcessBuilder builder, Path log, Ports ports) {
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        try {
            return new RunningNode(builder.start(), log, ports);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until readiness is UP, watching the phases go by. */
    RunningNode awaitReady() throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!ready()) {
            assertThat(process.isAlive()).as("it runs: %s", log()).isTrue();
            assertThat(System.nanoTime()).as("it gets ready: %s", log()).isLessThan(deadline);
        }
        return this;
    }

    private boolean ready() throws Exception {
        process.waitFor(20, TimeUnit.MILLISECONDS);
        try {
            HttpResponse<String> answer = get("/actuator/health/readiness");
            JsonNode health = JsonMapper.shared().readTree(answer.body());
            String phase = health.path("components")
                    .path("robustmq")
                    .path("details")
                    .path("phase")
                    .asString("");
            if (!phase.isEmpty()) {
                phases.add(phase);
            }
            boolean up = health.path("status").asString("").equals("UP");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(up ? 200 : 503);
            return up;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The phases that health told of until it was UP, in the order of their appearance. */
    List<String> phases() {
        return List.copyOf(phases);
    }

    HttpResponse<String> get(String path) throws Exception {
        return get(path, "*/*");
    }

    HttpResponse<String> get(String path, String accept) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ports.admin + path))
                .header("Accept", accept)
                .timeout(PATIENCE)
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    /** What an invocation of {@code ctl} printed and how it ended. */
    record Said(int code, String out, String err) {
        String ok() {
            assertThat(code).as(err).isZero();
            return out;
        }
    }

    Said ctl(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        List<String> all = new ArrayList<>(List.of("--server", "127.0.0.1:" + ports.admin));
        all.addAll(List.of(arguments));
        return new Said(command.execute(all.toArray(String[]::new)), out.toString(), err.toString());
    }

    Ports ports() {
        return ports;
    }

    long pid() {
        return process.pid();
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    /** Asks it to stop, as init systems do. */
    void terminate() {
        process.destroy();
    }

    /** Ends it as a power failure would. */
    void kill() throws Exception {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    int awaitExit(Duration patience) throws Exception {
        assertThat(process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS))
                .as("it ends within %s: %s", patience, log())
                .isTrue();
        return process.exitValue();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly();
        assertThat(process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)).isTrue();
    }
}
