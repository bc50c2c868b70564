/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A folder of {@code src/test/clients} with a program of Node.js and the packages that it needs. Immutable. */
public final class NodeFolder {
    private static final int INSTALL_MINUTES_MAX = 3;

    private final Path folder;

    private NodeFolder(Path folder) {
        this.folder = folder;
    }

    /** With its packages installed; without Node.js on this machine the test is skipped. */
    public static NodeFolder of(String name) throws Exception {
        assumeTrue(has("node"), "Node.js is not installed: its clients are not tested (apt-get install nodejs npm)");
        NodeFolder folder =
                new NodeFolder(Path.of("src/test/clients").resolve(name).toAbsolutePath());
        folder.install();
        return folder;
    }

    /** A process with that script, not started yet. */
    public ProcessBuilder program(String script, String... arguments) {
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).directory(folder.toFile());
    }

    private static boolean has(String program) {
        try {
            Process version = new ProcessBuilder(program, "--version")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return version.waitFor(1, TimeUnit.MINUTES) && version.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What .ci/run does beforehand, for a clone that was only built. */
    private void install() throws Exception {
        // Test classes run in several processes, and two installers in one folder would break each other.
        Path lock = folder.resolve(".install.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid() && !Files.exists(folder.resolve("node_modules/.package-lock.json"))) {
                runNpm();
            }
        }
    }

    private void runNpm() throws Exception {
        if (!has("npm")) {
            throw new AssertionError(
                    "Node.js is installed without npm, and its clients are missing: apt-get install npm");
        }
        Process npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-progress", "--loglevel=error")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        npm.getOutputStream().close();
        String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!npm.waitFor(INSTALL_MINUTES_MAX, TimeUnit.MINUTES) || npm.exitValue() != 0) {
            throw new AssertionError("npm ci in " + folder + " failed:\n" + said);
        }
    }
}
