/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One directory and its copy, made alike in passes: each copies what has changed since the one before. A pass during which nobody writes
 * leaves an exact copy. Confined to one thread.
 */
final class DirectoryCopy {
    private static final int BLOCK_BYTES = 1 << 20;
    /** A file that was written shortly before it was copied may have been written again within one tick of its clock. */
    private static final long UNSURE_MILLIS = 2_000;

    private final Path from;
    private final Path to;
    private final Map<Path, Seen> seen = new HashMap<>();
    private final ByteBuffer source = ByteBuffer.allocateDirect(BLOCK_BYTES);
    private final ByteBuffer target = ByteBuffer.allocateDirect(BLOCK_BYTES);

    private record Seen(@Nullable Object key, long bytes, long modifiedNanos, boolean sure) {
        static Seen of(BasicFileAttributes file, long nowMillis) {
            return new Seen(
                    file.fileKey(),
                    file.size(),
                    file.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                    file.lastModifiedTime().toMillis() < nowMillis - UNSURE_MILLIS);
        }

        boolean holds(Seen now) {
            return sure && Objects.equals(key, now.key) && bytes == now.bytes && modifiedNanos == now.modifiedNanos;
        }
    }

    DirectoryCopy(Path from, Path to) {
        this.from = from;
        this.to = to;
    }

    /**
     * @param enough asked between blocks; ends the pass when it is true
     * @return bytes that were compared or written
     */
    long pass(BooleanSupplier enough) throws IOException {
        Set<Path> there = new HashSet<>();
        long[] bytes = {0};
        Files.createDirectories(to);
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Path relative = from.relativize(directory);
                there.add(relative);
                Path made = Files.createDirectories(to.resolve(relative));
                Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(directory));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path relative = from.relativize(file);
                if (attributes.isRegularFile()) {
                    Seen now = Seen.of(attributes, System.currentTimeMillis());
                    Seen before = seen.get(relative);
                    if (before == null || !before.holds(now)) {
                        bytes[0] += copy(file, to.resolve(relative), enough);
                        seen.put(relative, now);
                    }
                    there.add(relative);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
        removeOthers(there);
        return bytes[0];
    }

    /** Writes only blocks that differ: the next pass over a long file that grew costs reading, not writing. */
    private long copy(Path file, Path copy, BooleanSupplier enough) throws IOException {
        long position = 0;
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(
                        copy, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            while (fill(in, source, position) > 0) {
                if (enough.getAsBoolean()) {
                    throw new TooLateException();
                }
                int length = source.remaining();
                if (fill(out, target, position) != length || !source.equals(target)) {
                    long at = position;
                    while (source.hasRemaining()) {
                        at += out.write(source, at);
                    }
                }
                position += length;
            }
            out.truncate(position);
        } catch (NoSuchFileException gone) {
            // The walk saw it, and the node has removed it since.
            Files.deleteIfExists(copy);
            return position;
        }
        Files.setPosixFilePermissions(copy, Files.getPosixFilePermissions(file));
        return position;
    }

    private static int fill(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        buffer.clear();
        long at = position;
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, at);
            if (read < 0) {
                break;
            }
            at += read;
        }
        buffer.flip();
        return buffer.remaining();
    }

    private void removeOthers(Set<Path> there) throws IOException {
        seen.keySet().retainAll(there);
        Files.walkFileTree(to, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!there.contains(to.relativize(file))) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                if (!there.contains(to.relativize(directory))) {
                    Files.delete(directory);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Checksums of all files below a directory, by their relative names with slashes. */
    static TreeMap<String, Long> checksums(Path directory) throws IOException {
        TreeMap<String, Long> sums = new TreeMap<>();
        ByteBuffer block = ByteBuffer.allocateDirect(BLOCK_BYTES);
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                CRC32C sum = new CRC32C();
                try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
                    long position = 0;
                    while (fill(in, block, position) > 0) {
                        position += block.remaining();
                        sum.update(block);
                    }
                }
                sums.put(directory.relativize(file).toString(), sum.getValue());
                return FileVisitResult.CONTINUE;
            }
        });
        return sums;
    }

    /** Everything below it is on disk when this returns. */
    static void force(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                sync(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                sync(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The pass was ended from outside. */
    static final class TooLateException extends IOException {}
}
