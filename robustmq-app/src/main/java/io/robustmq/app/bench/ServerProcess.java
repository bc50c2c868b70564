/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CPU time and the memory of another process, from {@code /proc}. CPU time is that of each thread in nanoseconds where
 * the kernel keeps it, else ticks of 10 ms. Confined to its caller.
 */
final class ServerProcess {
    private static final long TICK_NANOS = 10_000_000;
    private static final long PAGE_KIB = 1024;

    private final Path proc;
    private final Map<String, Long> threads = new HashMap<>();
    private long cpuNanos;

    ServerProcess(long pid) {
        this(Path.of("/proc", Long.toString(pid)));
        if (!Files.isDirectory(proc)) {
            throw new BenchException(BenchException.FAILED, "there is no process " + pid);
        }
    }

    ServerProcess(Path proc) {
        this.proc = proc;
    }

    /** Null when nobody said which process it is. */
    static @Nullable ServerProcess of(CommonOptions options) {
        try {
            if (options.pidFile != null) {
                return new ServerProcess(
                        Long.parseLong(Files.readString(options.pidFile).strip()));
            }
        } catch (IOException | NumberFormatException e) {
            throw new BenchException(BenchException.FAILED, "cannot read a pid from " + options.pidFile);
        }
        return options.pid == null ? null : new ServerProcess(options.pid);
    }

    /** CPU time since the first call; to be called each second, so that little is lost of a thread that ends. */
    long cpuNanos() {
        long gained = 0;
        boolean found = false;
        try (DirectoryStream<Path> tasks = Files.newDirectoryStream(proc.resolve("task"))) {
            for (Path task : tasks) {
                long used = threadNanos(task);
                if (used >= 0) {
                    found = true;
                    Long before = threads.put(task.getFileName().toString(), used);
                    gained += used - (before == null ? 0 : before);
                }
            }
        } catch (IOException e) {
            throw gone();
        }
        cpuNanos = found ? cpuNanos + gained : processNanos();
        return cpuNanos;
    }

    /** Resident bytes. */
    long residentBytes() {
        try {
            for (String line : Files.readAllLines(proc.resolve("status"))) {
                if (line.startsWith("VmRSS:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) * PAGE_KIB;
                }
            }
            throw gone();
        } catch (IOException e) {
            throw gone();
        }
    }

    private static long threadNanos(Path task) {
        try {
            String text = Files.readString(task.resolve("schedstat"));
            return Long.parseLong(text.substring(0, text.indexOf(' ')));
        } catch (IOException | RuntimeException e) {
            return -1; // the thread has ended, or the kernel does not keep it
        }
    }

    private long processNanos() {
        try {
            String text = Files.readString(proc.resolve("stat"));
            // Fields are counted after the command, which may hold blanks: user and system time are 14 and 15 of all.
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * TICK_NANOS;
        } catch (IOException e) {
            throw gone();
        }
    }

    private BenchException gone() {
        return new BenchException(BenchException.FAILED, "the server process " + proc.getFileName() + " is gone");
    }
}
