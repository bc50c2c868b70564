/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process that writes until it is killed, and whatever it said until then. Confined to the test, but for its listener. */
final class VictimProcess {
    private static final String LIBRARY = "librocksdbjni.so";

    private final Process process;
    private final Path errors;
    private final List<Told> told = new ArrayList<>();
    private final CountDownLatch firstAcknowledged = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    private VictimProcess(Process process, Path errors) {
        this.process = process;
        this.errors = errors;
        Thread listener = new Thread(this::listen, "victim-listener");
        listener.setDaemon(true);
        listener.start();
    }

    /** Starts it; it does nothing until it is told to. */
    static VictimProcess start(String engine, Path directory, Path temp) throws IOException {
        Path errors = Files.createTempFile(temp, "victim", ".err");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Djava.library.path=" + unpackedLibrary(temp),
                "-cp",
                System.getProperty("java.class.path"),
                CrashWriter.class.getName(),
                engine,
                directory.toString());
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        return new VictimProcess(process, errors);
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

    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                Told heard = Told.parse(line);
                told.add(heard);
                if (heard.kind() == Told.Kind.APPENDED) {
                    firstAcknowledged.countDown();
                }
            }
        } catch (IOException | RuntimeException endOfPipe) {
            // A line that was cut by the kill.
        } finally {
            ended.countDown();
            firstAcknowledged.countDown();
        }
    }

    /** Lets it write, kills it at a random moment and answers with everything that it had said. */
    List<Told> killed(long round, long seed, int shards, Random random) throws Exception {
        try (OutputStream in = new KeptOpen(process.getOutputStream())) {
            in.write((round + " " + seed + " " + shards + "\n").getBytes(StandardCharsets.US_ASCII));
            in.flush();
            // Now and then it does not even get to its first append.
            boolean early = random.nextInt(10) == 0;
            if (!early && !firstAcknowledged.await(30, TimeUnit.SECONDS)) {
                throw new AssertionError("nothing was acknowledged; see " + Files.readString(errors));
            }
            long delayMillis = early ? random.nextInt(150) : 20 + random.nextInt(200);
            long killAt = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(delayMillis);
            while (System.nanoTime() < killAt) {
                LockSupport.parkNanos(killAt - System.nanoTime());
            }
            if (!process.isAlive()) {
                throw new AssertionError("it ended by itself; see " + Files.readString(errors));
            }
        }
        end();
        if (!ended.await(30, TimeUnit.SECONDS)) {
            throw new AssertionError("the pipe of a killed process does not end");
        }
        return told;
    }

    /** The stream of a process that is killed breaks when it is closed, which is of no interest. */
    private static final class KeptOpen extends java.io.FilterOutputStream {
        KeptOpen(OutputStream out) {
            super(out);
        }

        @Override
        public void close() {}
    }

    void end() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
