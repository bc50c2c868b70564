/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Which process holds a data directory, and what else it writes to, by {@code /proc}. Stateless. */
final class NodeProcess {
    private static final Path PROC = Path.of("/proc");
    /** What tells a folder of a log or a database from others, and how far above its files it lies. */
    private static final String[] MARKS = {"format", "CURRENT", "node.lock"};

    private static final int MARK_LEVELS = 4;

    private NodeProcess() {}

    /** The process that has the file open. */
    static OptionalLong holderOf(Path file) {
        if (!Files.isDirectory(PROC.resolve("self/fd"))) {
            throw new BackupException("This system has no /proc, which tells who uses " + file
                    + ": stop the node and copy its directories.");
        }
        try (Stream<Path> processes = Files.list(PROC)) {
            Path wanted = file.toRealPath();
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .filter(process -> openFiles(process).anyMatch(wanted::equals))
                    .mapToLong(process -> Long.parseLong(process.getFileName().toString()))
                    .filter(number -> number != ProcessHandle.current().pid())
                    .findFirst();
        } catch (IOException e) {
            throw new BackupException("cannot find out who uses " + file + ": " + e);
        }
    }

    /** Folders of data that the process has files open in, and that lie in none of the roots. */
    static TreeSet<Path> writesBeside(long pid, Iterable<Path> roots) {
        TreeSet<Path> found = new TreeSet<>();
        try (Stream<Path> files = openFiles(PROC.resolve("" + pid))) {
            files.filter(file -> !isBelow(file, roots))
                    .map(NodeProcess::dataFolder)
                    .flatMap(Optional::stream)
                    .forEach(found::add);
        }
        return found;
    }

    private static boolean isBelow(Path file, Iterable<Path> roots) {
        for (Path root : roots) {
            if (file.startsWith(root)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<Path> dataFolder(Path file) {
        Path folder = file.getParent();
        for (int level = 0; level < MARK_LEVELS && folder != null; level++, folder = folder.getParent()) {
            for (String mark : MARKS) {
                if (Files.isRegularFile(folder.resolve(mark))) {
                    return Optional.of(folder);
                }
            }
        }
        return Optional.empty();
    }

    /** Nothing for processes of others, which nobody may look into, and for those that end meanwhile. */
    private static Stream<Path> openFiles(Path process) {
        try (Stream<Path> links = Files.list(process.resolve("fd"))) {
            return links.map(NodeProcess::target).flatMap(Optional::stream).toList().stream();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Stream.of();
        }
    }

    private static Optional<Path> target(Path link) {
        try {
            Path target = Files.readSymbolicLink(link);
            return target.isAbsolute() ? Optional.of(target) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
