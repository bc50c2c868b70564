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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kills a node again and again under idempotent producers and a consumer that commits: each record is in the log once and in its
 * place, what was acknowledged is there, and no committed offset is lost. {@code -Drobustmq.test.rounds} says how often,
 * {@code -Drobustmq.test.seed} repeats the pauses of a run.
 */
class KafkaKillTest {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaKillTest.class);
    private static final int ROUNDS = 40;

    @TempDir
    Path temp;

    @Test
    void nothingAcknowledgedIsLostOrRepeated() throws Exception {
        long seed = Long.getLong("robustmq.test.seed", System.nanoTime());
        int rounds = Integer.getInteger("robustmq.test.rounds", ROUNDS);
        Random random = new Random(seed);
        int port = freePort();
        Victim victim = new Victim(port);
        victim.serve(1);
        long begin = System.nanoTime();
        try (KafkaLoad load = new KafkaLoad(port, KafkaVictim.TOPIC, KafkaVictim.PARTITIONS)) {
            load.live(300);
            for (int round = 1; round <= rounds; round++) {
                // Starts while the one before still serves.
                Victim next = new Victim(port);
                load.live(random.nextInt(150));
                victim.kill();
                victim = next;
                victim.serve(round + 1);
                check(load, round, seed);
            }
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
            LOG.info("{} kills in {} s, {} records acknowledged", rounds, seconds, load.acknowledged());
            assertThat(load.acknowledged()).isGreaterThan(rounds * 10L);
        } finally {
            victim.kill();
        }
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

        Victim(int port) throws IOException {
            log = Files.createTempFile(temp, "victim", ".log");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-cp",
                            System.getProperty("java.class.path"),
                            KafkaVictim.class.getName(),
                            temp.resolve("data").toString(),
                            Integer.toString(port))
                    .redirectError(log.toFile())
                    .start();
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
            process.destroyForcibly().waitFor();
            Files.deleteIfExists(log);
        }
    }
}
