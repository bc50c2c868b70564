/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * The node's data directory, locked as long as this is open, and marked with the cluster and node that it belongs to.
 * Confined to the thread that starts and stops the node.
 */
public final class DataDirectory implements AutoCloseable {
    private static final String LOCK_FILE = "node.lock";
    private static final String IDENTITY_FILE = "node.properties";
    private static final String CLUSTER = "cluster-name";
    private static final String NODE = "node-id";

    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(FileChannel channel, FileLock lock) {
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Creates, locks and checks the directory.
     *
     * @throws StartRefusedException when it cannot be written, is in use, or belongs to another node
     */
    public static DataDirectory open(Path path, NodeIdentity identity) {
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = lock(channel);
                if (lock == null) {
                    throw new StartRefusedException(
                            "The data directory " + path + " is in use by another running node.",
                            "Stop that node, or set robustmq.data-dir to a directory of its own.");
                }
                checkIdentity(path, identity);
                return new DataDirectory(channel, lock);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The data directory " + path + " cannot be written: "
                            + e.getClass().getSimpleName() + ": " + e.getMessage() + ".",
                    "Give this user the right to write there, or set robustmq.data-dir to a directory that it can write.",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static void checkIdentity(Path path, NodeIdentity identity) throws IOException {
        Path file = path.resolve(IDENTITY_FILE);
        String node = identity.nodeId().toString();
        if (!Files.exists(file)) {
            write(file, identity.clusterName(), node);
            return;
        }
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        check(path, "cluster", properties.getProperty(CLUSTER), identity.clusterName(), "robustmq.cluster-name");
        check(path, "node", properties.getProperty(NODE), node, "robustmq.node-id");
    }

    private static void check(Path path, String what, @Nullable String found, String own, String key) {
        if (!own.equals(found)) {
            throw new StartRefusedException(
                    "The data directory " + path + " belongs to " + what + " '" + found + "', and this is " + what
                            + " '" + own + "'.",
                    "Set " + key + " to '" + found + "', or robustmq.data-dir to the directory of this node.");
        }
    }

    /** Whole or not at all: a half-written identity would keep a node from its own data. */
    private static void write(Path file, String cluster, String node) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(CLUSTER, cluster);
        properties.setProperty(NODE, node);
        Path half = file.resolveSibling(IDENTITY_FILE + ".tmp");
        try (OutputStream out = Files.newOutputStream(half)) {
            properties.store(out, "Whose data this is. Written once, by the first start.");
        }
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Unlocks it; the data stays. */
    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
