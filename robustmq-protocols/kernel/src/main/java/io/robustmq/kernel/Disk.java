/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import java.util.List;

/**
 * A directory tree of one disk. Every method may block and is called on disk threads only, never on a loop. Paths are
 * relative, with {@code /} between names. What creates, renames or deletes is durable when it returns, unless its name
 * says otherwise; what is written
 * into a file is durable after {@link DiskFile#force}. Failures are STORAGE_FAILED or STORAGE_FULL, a missing file is
 * NOT_FOUND. Thread-safe.
 */
public interface Disk {

    /** Opens an existing file. */
    DiskFile open(String path);

    /** Makes a new file of that many zero bytes, all of them allocated, so that no later write has to grow it. */
    DiskFile create(String path, long preallocateBytes);

    /**
     * Makes a new, empty file, with the directories above it, without waiting for the device: a crash may take it until
     * {@link #forceNames}. For what is written in the way of those who wait, and can be written again.
     */
    DiskFile createUnforced(String path);

    /** Makes durable which files that directory holds, and that it is there itself. */
    void forceNames(String directory);

    /**
     * Runs forces of files and names that do not depend on each other, several at a time where the system then shares what it
     * does for them. Returns when none runs any more; throws what one of them threw, and may leave out others then.
     */
    default void forceAll(List<Runnable> forces) {
        forces.forEach(Runnable::run);
    }

    boolean exists(String path);

    void delete(String path);

    /** Names of files and directories directly in it, sorted; the root is the empty path. */
    List<String> list(String directory);

    /** Gives the file another name in one step, in place of what had that name. Files that are open stay open. */
    void rename(String from, String to);

    /** With all directories above it; does nothing if it is there. */
    void createDirectory(String path);

    /**
     * Keeps other processes, and other users in this one, from the same; until it is closed or the process ends. Throws
     * UNAVAILABLE when somebody has it.
     */
    AutoCloseable lock(String path);

    /** What can still be written before STORAGE_FULL. */
    long freeBytes();
}
