/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A process that does not run until this is closed: what it has written is what a {@code kill -9} would leave. A shell beside it wakes
 * it up when this program dies. Confined to one thread.
 */
final class FrozenProcess implements AutoCloseable {
    /** Wakes the process even if this program hangs; the caller's own deadline is shorter. */
    private static final int WATCHDOG_GRACE_SECONDS = 5;

    private static final long STOP_DEADLINE_SECONDS = 10;

    private final long pid;
    private final Process watchdog;
    private final long sinceNanos;
    private long frozenNanos;

    private FrozenProcess(long pid, Process watchdog, long sinceNanos) {
        this.pid = pid;
        this.watchdog = watchdog;
        this.sinceNanos = sinceNanos;
    }

    /**
     * Returns when none of its threads runs any more.
     *
     * @param maxSeconds after a few seconds more it is woken up in any case
     */
    static FrozenProcess freeze(long pid, int maxSeconds) throws IOException {
        Process watchdog = shell("sleep " + (maxSeconds + WATCHDOG_GRACE_SECONDS) + "; kill -CONT " + pid);
        FrozenProcess frozen = new FrozenProcess(pid, watchdog, System.nanoTime());
        try {
            frozen.signal("STOP");
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_DEADLINE_SECONDS);
            while (!isStopped(pid)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new BackupException("process " + pid + " does not stop: a disk may hang");
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
            return frozen;
        } catch (IOException | RuntimeException e) {
            frozen.close();
            throw e;
        }
    }

    private static Process shell(String script) throws IOException {
        return new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void signal(String name) throws IOException {
        try {
            if (shell("kill -" + name + " " + pid).waitFor() != 0) {
                throw new BackupException("cannot stop process " + pid
                        + " for a moment: run this as the user that the node runs as, or as root");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BackupException("interrupted");
        }
    }

    /** Every thread, because one that is in the middle of a write stops behind it. */
    private static boolean isStopped(long pid) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc/" + pid + "/task"))) {
            for (Path thread : (Iterable<Path>) threads::iterator) {
                String stat = Files.readString(thread.resolve("stat"));
                char state = stat.charAt(stat.lastIndexOf(')') + 2);
                if (state != 'T' && state != 'Z' && state != 'X') {
                    return false;
                }
            }
        }
        return true;
    }

    long elapsedNanos() {
        return System.nanoTime() - sinceNanos;
    }

    /** How long it stood; known when it is closed. */
    long frozenNanos() {
        return frozenNanos;
    }

    @Override
    public void close() throws IOException {
        if (frozenNanos == 0) {
            try {
                signal("CONT");
            } finally {
                frozenNanos = Math.max(1, elapsedNanos());
                watchdog.descendants().forEach(ProcessHandle::destroy);
                watchdog.destroy();
            }
        }
    }
}
