/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.robustmq.node.StartRefusedException;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Properties;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the raft groups: locked, because a start clears the state, and marked with whose it is, because a member
 * that comes back with another's votes breaks its cluster. Confined to start and stop.
 */
final class MetaDirectory implements AutoCloseable {
    private static final String IDENTITY = "identity";

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private MetaDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Creates, locks and checks it; refuses what belongs to another node or cluster. */
    static MetaDirectory open(Path dataDir, String cluster, int node, Collection<Integer> members) {
        Path path = dataDir.resolve("meta");
        try {
            Files.createDirectories(path);
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = lock(channel);
                if (lock == null) {
                    throw new StartRefusedException(
                            "The meta directory " + path + " is in use by another running node.",
                            "Stop that node, or set robustmq.data-dir to a directory of its own.");
                }
                checkIdentity(path, cluster, node, members);
                return new MetaDirectory(path, channel, lock);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw new StartRefusedException(
                    "The meta directory " + path + " cannot be written: " + e + ".",
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

    private static void checkIdentity(Path path, String cluster, int node, Collection<Integer> members)
            throws IOException {
        Path file = path.resolve(IDENTITY);
        String own = "cluster=" + cluster + "\nnode=" + node + "\nmembers=" + new TreeSet<>(members) + "\n";
        if (!Files.exists(file)) {
            Path half = path.resolve(IDENTITY + ".tmp");
            Files.writeString(
                    half,
                    own,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.SYNC);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        Properties found = new Properties();
        found.load(new StringReader(Files.readString(file)));
        if (!cluster.equals(found.getProperty("cluster"))
                || !Integer.toString(node).equals(found.getProperty("node"))) {
            throw new StartRefusedException(
                    "The meta directory " + path + " belongs to node " + found.getProperty("node") + " of cluster "
                            + found.getProperty("cluster") + ", and this is node " + node + " of cluster " + cluster
                            + ".",
                    "Set robustmq.node-id and robustmq.cluster-name to those, or robustmq.data-dir to this node's directory.");
        }
        String known = found.getProperty("members");
        if (!new TreeSet<>(members).toString().equals(known)) {
            // Members that start empty would elect each other without this one's data: two clusters of one name.
            throw new StartRefusedException(
                    "The meta service was made of nodes " + known + ", and robustmq.meta.addresses now names "
                            + new TreeSet<>(members) + "; this build cannot change its members.",
                    "Name the nodes " + known + " in robustmq.meta.addresses; their addresses may change.");
        }
    }

    Path group(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
