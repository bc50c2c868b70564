/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A directory of the machine's file system through {@link FileChannel}. Thread-safe: holds no state but its root. */
public final class SystemDisk implements Disk {
    /** Zeros are written in pieces of this size; a sparse file would still grow under the first force. */
    private static final int ZERO_CHUNK_BYTES = 1024 * 1024;

    private final Path root;

    /** The directory is made if it is missing. */
    public SystemDisk(Path root) {
        this(root, true);
    }

    private SystemDisk(Path root, boolean make) {
        this.root = root.toAbsolutePath().normalize();
        if (make) {
            run(this.root.toString(), () -> Files.createDirectories(this.root));
        }
    }

    /** Touches nothing: the directory is made by {@link #createDirectory} of the empty path. */
    public static SystemDisk lazily(Path root) {
        return new SystemDisk(root, false);
    }

    /** A file operation of the JDK. */
    @FunctionalInterface
    interface Action<T> {
        T run() throws IOException;
    }

    /** Runs it and puts our errors in place of its exceptions. */
    static <T> T run(String what, Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw translate(what, e);
        }
    }

    private static RmqException translate(String what, IOException e) {
        if (e instanceof NoSuchFileException) {
            return new RmqException(RmqError.NOT_FOUND, "no such file: " + what, e);
        }
        if (e instanceof FileAlreadyExistsException) {
            return new RmqException(RmqError.INVALID_REQUEST, "the file exists already: " + what, e);
        }
        if (e instanceof java.nio.channels.ClosedChannelException) {
            return new RmqException(RmqError.CLOSED, "the file has been closed: " + what, e);
        }
        String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        if (message.contains("no space left")
                || message.contains("quota exceeded")
                || message.contains("not enough space")) {
            return new RmqException(RmqError.STORAGE_FULL, "the disk is full: " + what, e);
        }
        return new RmqException(RmqError.STORAGE_FAILED, "I/O error on " + what + ": " + e, e);
    }

    private Path resolve(String path) {
        Path resolved = root.resolve(path).normalize();
        if (!resolved.startsWith(root)) {
            throw RmqError.INVALID_REQUEST.exception("a path must stay inside its disk: " + path);
        }
        return resolved;
    }

    @Override
    public DiskFile open(String path) {
        Path file = resolve(path);
        return run(
                path,
                () -> new SystemDiskFile(
                        path, file, FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)));
    }

    @Override
    public DiskFile create(String path, long preallocateBytes) {
        Path file = resolve(path);
        return run(path, () -> {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
            try {
                writeZeros(channel, preallocateBytes);
                channel.force(true);
                forceDirectory(file.getParent());
                return new SystemDiskFile(path, file, channel);
            } catch (IOException e) {
                channel.close();
                Files.deleteIfExists(file);
                throw e;
            }
        });
    }

    @Override
    public DiskFile createUnforced(String path) {
        Path file = resolve(path);
        return run(path, () -> {
            Files.createDirectories(file.getParent());
            return new SystemDiskFile(
                    path,
                    file,
                    FileChannel.open(
                            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW));
        });
    }

    @Override
    public void forceNames(String directory) {
        Path path = resolve(directory);
        run(directory, () -> {
            for (Path level = path; level.startsWith(root); level = level.getParent()) {
                forceDirectory(level);
            }
            return null;
        });
    }

    @Override
    public void forceAll(List<Runnable> forces) {
        ParallelForces.run(forces);
    }

    private static void writeZeros(FileChannel channel, long bytes) throws IOException {
        if (bytes == 0) {
            return;
        }
        ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, ZERO_CHUNK_BYTES));
        long position = 0;
        while (position < bytes) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - position));
            position += channel.write(zeros, position);
        }
    }

    /** Names are durable only when the directory that holds them is; Windows cannot open one and needs it not. */
    private static void forceDirectory(Path directory) throws IOException {
        if (java.io.File.separatorChar == '\\') {
            return;
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(resolve(path));
    }

    @Override
    public void delete(String path) {
        Path file = resolve(path);
        run(path, () -> {
            Files.delete(file);
            forceDirectory(file.getParent());
            return null;
        });
    }

    @Override
    public List<String> list(String directory) {
        Path path = resolve(directory);
        return run(directory, () -> {
            try (Stream<Path> files = Files.list(path)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        });
    }

    @Override
    public void rename(String from, String to) {
        Path source = resolve(from);
        Path target = resolve(to);
        run(from, () -> {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceDirectory(target.getParent());
            if (!source.getParent().equals(target.getParent())) {
                forceDirectory(source.getParent());
            }
            return null;
        });
    }

    @Override
    public void createDirectory(String path) {
        Path directory = resolve(path);
        run(path, () -> {
            Files.createDirectories(directory);
            for (Path level = directory; !level.equals(root); level = level.getParent()) {
                forceDirectory(level.getParent());
            }
            return null;
        });
    }

    @Override
    public AutoCloseable lock(String path) {
        Path file = resolve(path);
        return run(path, () -> {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            try {
                if (channel.tryLock() != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException e) {
                // In this process.
            }
            channel.close();
            throw RmqError.UNAVAILABLE.exception("another process uses " + root + ": it holds " + path);
        });
    }

    @Override
    public long freeBytes() {
        // A file store of the JDK is found by reading all mounts; only the plain question's 0 can mean that it failed.
        long usable = root.toFile().getUsableSpace();
        return usable != 0
                ? usable
                : run(root.toString(), () -> Files.getFileStore(root).getUsableSpace());
    }
}
