/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that writes until it is killed, and whatever it said until then. It speaks into a file: what a killed process has
 * written there is whole and in order, while the JDK reads the rest of a pipe from two threads. Confined to the test.
 */
final class VictimProcess {
    private static final Logger LOG = LoggerFactory.getLogger(VictimProcess.class);
    private static final String LIBRARY = "librocksdbjni.so";
    private static final long SECONDS_MAX = 30;

    private final Process process;
    private final Path spoken;
    private final Path errors;
    private final int engines;

    private VictimProcess(Process process, Path spoken, Path errors, int engines) {
        this.engines = engines;
        this.process = process;
        this.spoken = spoken;
        this.errors = errors;
    }

    /** Starts it; it does nothing until it is told to. */
    static VictimProcess start(List<String> engines, Path directory, Path temp) throws IOException {
        Path spoken = Files.createTempFile(temp, "victim", ".out");
        Path errors = Files.createTempFile(temp, "victim", ".err");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.library.path=" + unpackedLibrary(temp),
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                directory.toString()));
        command.addAll(engines);
        Process process = new ProcessBuilder(command)
                .redirectOutput(spoken.toFile())
                .redirectError(errors.toFile())
                .start();
        return new VictimProcess(process, spoken, errors, engines.size());
    }

    /** RocksDB's library, unpacked once for all processes; without it each of them unpacks its own. */
    private static Path unpackedLibrary(Path temp) throws IOException {
        Path directory = temp.resolve("library");
        Path library = directory.resolve(LIBRARY);
        if (!Files.exists(library)) {
            Files.createDirectories(directory);
            try (InputStream packed =
                    VictimProcess.class.getClassLoader().getResourceAsStream("librocksdbjni-linux64.so")) {
                if (packed != null && System.getProperty("os.arch").equals("amd64")) {
                    Files.copy(packed, library);
                }
            }
        }
        return directory;
    }

    /** Lets it write, kills it at a random moment and answers with everything that it had said. */
    List<Told> killed(long round, long seed, int shards, Random random) throws Exception {
        OutputStream in = process.getOutputStream();
        in.write((round + " " + seed + " " + shards + "\n").getBytes(StandardCharsets.US_ASCII));
        in.flush();
        // Now and then it does not even get to its first append.
        boolean early = random.nextInt(10) == 0;
        long delayMillis = early ? random.nextInt(150) : 20 + random.nextInt(180);
        if (!early) {
            awaitFirstAppends();
        }
        pause(delayMillis);
        if (!process.isAlive()) {
            throw new AssertionError("it ended by itself; see " + Files.readString(errors));
        }
        end();
        List<Told> told = Files.readAllLines(spoken, StandardCharsets.US_ASCII).stream()
                .map(Told::parse)
                .toList();
        String logged = Files.readString(errors);
        if (!logged.isEmpty()) {
            LOG.warn("round {} logged:\n{}", round, logged);
        }
        Files.delete(spoken);
        Files.delete(errors);
        return told;
    }

    private void awaitFirstAppends() throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_MAX);
        while (enginesThatAppend() < engines) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("nothing was acknowledged; see " + Files.readString(errors));
            }
            pause(5);
        }
    }

    private long enginesThatAppend() throws IOException {
        // Not line by line: a reader that meets the end in the middle of a line goes on behind it when more has come.
        String soFar = Files.readString(spoken, StandardCharsets.US_ASCII);
        return soFar.substring(0, soFar.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith(Told.Kind.APPENDED.name()))
                .map(line -> CrashEngines.engineOf(Told.parse(line).shard()))
                .distinct()
                .count();
    }

    private static void pause(long millis) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    void end() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
