/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A server of Debian's packages, with its data in a temporary directory, on a free port, as a user that is not root where it wants
 * that. Confined to the test's thread.
 */
public final class Program implements AutoCloseable {
    private static final long START_SECONDS_MAX = 20;

    private final Path directory;
    private final @org.jspecify.annotations.Nullable String user;
    private final List<Process> running = new ArrayList<>();

    /** @param user who runs it when the tests are run by root; null for nobody else */
    public Program(String name, @org.jspecify.annotations.Nullable String user) {
        this.user = user != null && System.getProperty("user.name").equals("root") ? user : null;
        try {
            directory = Files.createTempDirectory("robustmq-" + name);
            own(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The file of the first pattern that is there; the test is skipped with the name of the package when there is none. */
    public static String find(String packageName, String... candidates) {
        for (String each : candidates) {
            if (Files.isExecutable(Path.of(each))) {
                return each;
            }
        }
        Assumptions.abort("needs Debian's package " + packageName + ": none of " + List.of(candidates) + " is there");
        throw new AssertionError();
    }

    public static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path directory() {
        return directory;
    }

    /** A file that the server may read. */
    public Path file(String name, String content) {
        try {
            Path file = Files.writeString(directory.resolve(name), content);
            own(file);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder(String name) {
        try {
            Path folder = Files.createDirectories(directory.resolve(name));
            own(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void own(Path path) throws IOException {
        if (user != null) {
            Files.setOwner(
                    path, path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
        }
    }

    private Process begin(String... command) {
        List<String> all = new ArrayList<>();
        if (user != null) {
            // It becomes the program, so that signals reach that.
            all.addAll(List.of(
                    "setpriv",
                    "--reuid=" + user,
                    "--regid=" + (user.equals("nobody") ? "nogroup" : user),
                    "--clear-groups",
                    "--"));
        }
        all.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("output").toFile()));
        builder.environment().put("LC_ALL", "C");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs to its end, which has to be a good one. */
    public void run(String... command) {
        Process process = begin(command);
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(List.of(command) + " failed: " + output());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Starts the server and waits until it listens. */
    public void serve(int port, String... command) {
        Process process = begin(command);
        running.add(process);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (!listens(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                throw new IllegalStateException(List.of(command) + " does not listen: " + output());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends it at once, with its children: QUIT means that to the servers that have some. */
    @Override
    public void close() {
        for (Process each : running) {
            try {
                new ProcessBuilder("kill", "-QUIT", String.valueOf(each.pid()))
                        .start()
                        .waitFor();
                if (!each.waitFor(5, TimeUnit.SECONDS)) {
                    each.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
                }
            } catch (IOException e) {
                each.destroyForcibly();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
