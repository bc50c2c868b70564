/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a node again and again under idempotent producers and a consumer that commits: each record is in the log once and in its
 * place, what was acknowledged is there, and no committed offset is lost. {@code -Drobustmq.test.rounds} says how often, the profile
 * {@code soak} adds a run of 200, {@code -Drobustmq.test.seed} repeats the pauses of a run.
 */
class KafkaKillTest {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaKillTest.class);
    private static final int ROUNDS = 40;
    private static final int SOAK_ROUNDS = 200;

    @TempDir
    Path temp;

    private SharedClasses classes;
    private long cpuMillis;

    @Test
    void nothingAcknowledgedIsLostOrRepeated() throws Exception {
        killAndCheck(Integer.getInteger("robustmq.test.rounds", ROUNDS));
    }

    /** About five minutes. */
    @Test
    @Tag("soak")
    void nothingAcknowledgedIsLostOrRepeatedInTheLongRun() throws Exception {
        killAndCheck(SOAK_ROUNDS);
    }

    private void killAndCheck(int rounds) throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        Random random = new Random(seed);
        int port = freePort();
        shareClasses(port);
        long begin = System.nanoTime();
        Victim victim = new Victim(classes.toRepeat(KafkaVictim.class, data("data"), "" + port));
        victim.serve(1);
        try (KafkaLoad load = load(port)) {
            load.live(300);
            for (int round = 1; round <= rounds; round++) {
                // Starts while the one before still serves.
                Victim next = new Victim(classes.toRepeat(KafkaVictim.class, data("data"), "" + port));
                load.live(random.nextInt(150));
                victim.kill();
                victim = next;
                victim.serve(round + 1);
                check(load, round, seed);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            LOG.info(
                    "{} kills in {} s, {} records acknowledged, {} CPU ms for each node",
                    rounds,
                    seconds,
                    load.acknowledged(),
                    cpuMillis / rounds);
            assertThat(load.acknowledged()).isGreaterThan(rounds * 10L);
        } finally {
            victim.kill();
        }
    }

    /** A life that ends by itself, after the same work. */
    private void shareClasses(int port) throws Exception {
        classes = new SharedClasses(temp.resolve("classes"));
        Victim first = new Victim(classes.toBegin(KafkaVictim.class, data("first"), "" + port));
        first.serve(1);
        try (KafkaLoad load = load(port)) {
            load.live(300);
            load.check();
        }
        first.end();
    }

    private static KafkaLoad load(int port) {
        return new KafkaLoad(port, KafkaVictim.TOPIC, KafkaVictim.PARTITIONS);
    }

    private String data(String name) {
        return temp.resolve(name).toString();
    }

    private static void check(KafkaLoad load, int round, long seed) {
        try {
            load.check();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError("round " + round + ", seed " + seed + ": " + e.getMessage(), e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    /** The process. Confined to the test's thread. */
    private final class Victim {
        private final Process process;
        private final Path log;

        Victim(List<String> command) throws IOException {
            log = Files.createTempFile(temp, "victim", ".log");
            process = new ProcessBuilder(command).redirectError(log.toFile()).start();
        }

        void serve(int round) throws IOException {
            process.getOutputStream().write((round + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            BufferedReader told =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
            StringBuilder said = new StringBuilder();
            String line = told.readLine();
            while (line != null && !line.equals("serving")) {
                said.append(line).append('\n');
                line = told.readLine();
            }
            assertThat(line)
                    .as("round %d: %s%s", round, said, Files.readString(log))
                    .isEqualTo("serving");
        }

        void kill() throws Exception {
            cpuMillis += process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis();
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(log);
        }

        void end() throws Exception {
            process.getOutputStream().close();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        }
    }
}
