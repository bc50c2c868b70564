/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import io.robustmq.app.backup.BackupManifest.Directory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Copies the directories of a node as they are at one moment (docs/decisions/0046): while it runs everything is copied, then the node is
 * frozen and what has changed since is copied again. That is what a {@code kill -9} at that moment would leave, and a node starts from
 * it. Confined to one thread.
 */
public final class Backup {
    private static final String LOCK_FILE = "node.lock";
    /** Passes beside the running node; each has less to copy than the one before, down to what is written meanwhile. */
    private static final int PASSES_MAX = 5;

    private static final long SMALL_BYTES = 64L << 20;

    private final List<Path> directories;
    private final Path to;
    private final String version;
    private final Consumer<String> progress;

    /**
     * @param directories the data directory of the node, then those of robustmq.storage.directories
     * @param to does not exist yet, or is empty
     * @param progress told what is going on
     */
    public Backup(List<Path> directories, Path to, String version, Consumer<String> progress) {
        this.directories = directories;
        this.to = to;
        this.version = version;
        this.progress = progress;
    }

    /**
     * @param frozenSecondsMax how long the node may stand; the backup fails if that is not enough
     * @throws BackupException if it cannot be made; the node runs as before
     */
    public BackupManifest create(int frozenSecondsMax) {
        try {
            List<Path> real = new ArrayList<>();
            for (Path directory : directories) {
                real.add(real(directory));
            }
            Path lock = real.get(0).resolve(LOCK_FILE);
            if (!Files.isRegularFile(lock)) {
                throw new BackupException(real.get(0) + " is no data directory of a node: it has no " + LOCK_FILE);
            }
            requireEmpty(to);
            Files.createDirectories(to);
            Path target = to.toRealPath();
            if (real.stream().anyMatch(target::startsWith)) {
                throw new BackupException(target + " lies within a directory that is to be copied");
            }
            List<DirectoryCopy> copies = new ArrayList<>();
            for (int i = 0; i < real.size(); i++) {
                copies.add(new DirectoryCopy(real.get(i), target.resolve("directory-" + i)));
            }
            OptionalLong pid = NodeProcess.holderOf(lock);
            Moment moment = pid.isPresent()
                    ? copyRunning(pid.getAsLong(), copies, real, frozenSecondsMax)
                    : copyStopped(lock, copies);
            return finish(target, real, moment);
        } catch (IOException e) {
            throw new BackupException("the backup failed: " + e);
        }
    }

    /** When a copy was whole, and what that took. */
    private record Moment(Instant at, long frozenMillis) {}

    private Moment copyStopped(Path lockFile, List<DirectoryCopy> copies) throws IOException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock == null) {
                throw new BackupException("another process uses " + lockFile.getParent()
                        + " and cannot be seen: run this as the user that the node runs as");
            }
            progress.accept("the node does not run, copying");
            for (DirectoryCopy copy : copies) {
                copy.pass(() -> false);
            }
            return new Moment(Instant.now(), 0);
        }
    }

    private Moment copyRunning(long pid, List<DirectoryCopy> copies, List<Path> real, int frozenSecondsMax)
            throws IOException {
        TreeSet<Path> beside = NodeProcess.writesBeside(pid, real);
        if (!beside.isEmpty()) {
            throw new BackupException("the node keeps data in " + beside + ", too: name each with --directory");
        }
        for (int pass = 1; pass <= PASSES_MAX; pass++) {
            long bytes = 0;
            for (DirectoryCopy copy : copies) {
                bytes += copy.pass(() -> false);
            }
            progress.accept("pass " + pass + " beside process " + pid + ": " + (bytes >> 20) + " MiB");
            if (bytes < SMALL_BYTES) {
                break;
            }
        }
        FrozenProcess frozen = FrozenProcess.freeze(pid, frozenSecondsMax);
        Instant at = Instant.now();
        long limit = TimeUnit.SECONDS.toNanos(frozenSecondsMax);
        long bytes = 0;
        try (frozen) {
            for (DirectoryCopy copy : copies) {
                bytes += copy.pass(() -> frozen.elapsedNanos() > limit);
            }
        } catch (DirectoryCopy.TooLateException e) {
            throw new BackupException(
                    "the node would have stood for more than " + frozenSecondsMax
                            + " s; it goes on, and this backup is of no use: write to a faster disk, or allow more with --freeze-max");
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(frozen.frozenNanos());
        progress.accept("the node stood for " + millis + " ms while " + (bytes >> 20) + " MiB were copied");
        return new Moment(at, millis);
    }

    private BackupManifest finish(Path target, List<Path> real, Moment moment) throws IOException {
        List<Directory> described = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            String folder = "directory-" + i;
            described.add(
                    new Directory(real.get(i).toString(), folder, DirectoryCopy.checksums(target.resolve(folder))));
        }
        DirectoryCopy.force(target);
        BackupManifest manifest = new BackupManifest(
                BackupManifest.FORMAT,
                version,
                moment.at.truncatedTo(ChronoUnit.MILLIS).toString(),
                moment.frozenMillis,
                described);
        manifest.write(target);
        DirectoryCopy.force(target.resolve(BackupManifest.FILE));
        return manifest;
    }

    /**
     * Reads all of a backup.
     *
     * @return what is damaged, missing or too much; empty when it is whole
     */
    public static List<String> verify(Path backup) {
        BackupManifest manifest = BackupManifest.read(backup);
        List<String> wrong = new ArrayList<>();
        for (Directory directory : manifest.directories()) {
            Path folder = backup.resolve(directory.folder());
            Map<String, Long> found = checksums(folder);
            TreeSet<String> names = new TreeSet<>(directory.crc32c().keySet());
            names.addAll(found.keySet());
            for (String name : names) {
                Long wanted = directory.crc32c().get(name);
                Long is = found.get(name);
                if (is == null || wanted == null) {
                    wrong.add(folder.resolve(name) + (is == null ? " is missing" : " does not belong there"));
                } else if (!is.equals(wanted)) {
                    wrong.add(folder.resolve(name) + " is damaged");
                }
            }
        }
        return wrong;
    }

    private static Map<String, Long> checksums(Path folder) {
        try {
            return Files.isDirectory(folder) ? DirectoryCopy.checksums(folder) : new TreeMap<>();
        } catch (IOException e) {
            throw new BackupException("cannot read " + folder + ": " + e);
        }
    }

    /**
     * Puts a backup where nothing is.
     *
     * @param directories where to, in the order of the backup; null for where it was taken
     * @return where it is now
     */
    public static List<Path> restore(Path backup, @Nullable List<Path> directories) {
        BackupManifest manifest = BackupManifest.read(backup);
        List<Directory> copies = manifest.directories();
        List<Path> targets = directories != null
                ? directories
                : copies.stream().map(copy -> Path.of(copy.path())).toList();
        if (targets.size() != copies.size()) {
            throw new BackupException("the backup has " + copies.size() + " directories, of "
                    + copies.stream().map(Directory::path).toList() + ": name as many");
        }
        List<String> wrong = verify(backup);
        if (!wrong.isEmpty()) {
            throw new BackupException("the backup is not whole: " + wrong.get(0)
                    + (wrong.size() > 1 ? " and " + (wrong.size() - 1) + " more" : ""));
        }
        try {
            for (Path target : targets) {
                requireEmpty(target);
            }
            for (int i = 0; i < copies.size(); i++) {
                new DirectoryCopy(backup.resolve(copies.get(i).folder()), targets.get(i)).pass(() -> false);
                DirectoryCopy.force(targets.get(i));
            }
        } catch (IOException e) {
            throw new BackupException("the backup was not put back: " + e);
        }
        return targets;
    }

    private static Path real(Path directory) {
        try {
            return directory.toRealPath();
        } catch (IOException e) {
            throw new BackupException("no such directory: " + directory);
        }
    }

    private static void requireEmpty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new BackupException(directory + " is not empty: name one that does not exist yet");
            }
        }
    }
}
