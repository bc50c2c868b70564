/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that fails as real ones do. A crash loses what was not forced: of every write since the last force, by
 * seed, everything, nothing or some sectors arrived. It can be full, slow, read-only, fail a force, a read or a write, rot
 * bits, and break. Confined to the thread of the simulation.
 */
public final class SimDisk implements Disk {
    private final SimScheduler scheduler;
    private final SimRandom random;
    private final TreeMap<String, SimFile> files = new TreeMap<>();
    private final TreeSet<String> directories = new TreeSet<>();
    private final TreeSet<String> locks = new TreeSet<>();
    private final TreeSet<String> unforcedNames = new TreeSet<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long forceNanosMin;
    private long forceNanosMax;
    private int forcesUntilFailure = -1;
    private int writesUntilFailure = -1;
    private @Nullable String unreadablePath;
    private boolean readOnly;
    private boolean broken;
    private long forces;
    private int mounts;

    public SimDisk(SimScheduler scheduler, String name) {
        this.scheduler = scheduler;
        this.random = scheduler.random("disk " + name);
    }

    /** Writes that would make the files larger than this in sum are answered with STORAGE_FULL. */
    public void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** Every force takes a time between these, by seed, in which the calling loop does nothing else. */
    public void slowForce(long nanosMin, long nanosMax) {
        forceNanosMin = nanosMin;
        forceNanosMax = nanosMax;
    }

    /** So many forces and writes through succeed, the next one fails, and what it should have made durable never is. */
    public void failForceAfter(int successes) {
        forcesUntilFailure = successes;
    }

    /** So many writes succeed; the next one fails and has no effect. */
    public void failWriteAfter(int successes) {
        writesUntilFailure = successes;
    }

    /** Reads of that file fail until another one is named, or none (null). */
    public void failReadsOf(@Nullable String path) {
        unreadablePath = path;
    }

    /** As a file system does that was mounted again after an error: whatever would change it fails. */
    public void readOnly(boolean only) {
        readOnly = only;
    }

    /** Forces and writes through so far, failed ones included. */
    public long forces() {
        return forces;
    }

    /** From now on every operation fails. */
    public void breakDown() {
        broken = true;
    }

    /** Flips one bit for good, as if the medium had forgotten it. */
    public void rot(String path, long position) {
        file(path).rot(position, random.nextInt(Byte.SIZE));
    }

    /** Flips one bit of a random byte of that file. */
    public void rotAnywhere(String path) {
        rot(path, random.nextLong(file(path).size()));
    }

    /** The power fails and comes back. Files that were open answer STORAGE_FAILED. */
    public void crash() {
        kill();
        for (String path : unforcedNames) {
            if (random.nextInt(2) == 0) {
                files.remove(path);
            }
        }
        unforcedNames.clear();
        files.values().forEach(file -> file.crash(random));
    }

    /**
     * The process ends and the machine goes on: what was written is there, forced or not. Files that were open answer
     * STORAGE_FAILED.
     */
    public void kill() {
        mounts++;
        locks.clear();
        forcesUntilFailure = -1;
        writesUntilFailure = -1;
    }

    int mounts() {
        return mounts;
    }

    void check() {
        if (broken) {
            throw RmqError.STORAGE_FAILED.exception("the simulated disk is broken");
        }
    }

    SimRandom random() {
        return random;
    }

    void checkRead(String path) {
        if (path.equals(unreadablePath)) {
            throw RmqError.STORAGE_FAILED.exception("simulated failure to read " + path);
        }
    }

    void checkWrite(String path) {
        checkWritable();
        if (writesUntilFailure > 0) {
            writesUntilFailure--;
        } else if (writesUntilFailure == 0) {
            writesUntilFailure = -1;
            throw RmqError.STORAGE_FAILED.exception("simulated failure to write " + path);
        }
    }

    private void checkWritable() {
        check();
        if (readOnly) {
            throw RmqError.STORAGE_FAILED.exception("the simulated disk is read-only");
        }
    }

    /** Answers whether this force succeeds, after its time. */
    boolean force() {
        check();
        forces++;
        if (forceNanosMax > 0) {
            scheduler.consume(forceNanosMin + random.nextLong(forceNanosMax - forceNanosMin + 1));
        }
        if (forcesUntilFailure > 0) {
            forcesUntilFailure--;
        } else if (forcesUntilFailure == 0) {
            forcesUntilFailure = -1;
            return false;
        }
        return true;
    }

    void reserve(long growth) {
        if (growth > 0 && growth > freeBytes()) {
            throw RmqError.STORAGE_FULL.exception("the simulated disk is full");
        }
    }

    private SimFile file(String path) {
        SimFile file = files.get(normal(path));
        if (file == null) {
            throw RmqError.NOT_FOUND.exception("no such file: " + path);
        }
        return file;
    }

    private static String normal(String path) {
        for (String name : path.split("/")) {
            if (name.equals("..") || path.startsWith("/")) {
                throw RmqError.INVALID_REQUEST.exception("a path must stay inside its disk: " + path);
            }
        }
        return path;
    }

    private void requireParent(String path) {
        int slash = path.lastIndexOf('/');
        if (slash > 0 && !directories.contains(path.substring(0, slash))) {
            throw RmqError.NOT_FOUND.exception("no such directory: " + path.substring(0, slash));
        }
    }

    @Override
    public DiskFile open(String path) {
        check();
        return new SimDiskFile(this, path, file(path));
    }

    @Override
    public DiskFile create(String path, long preallocateBytes) {
        checkWritable();
        requireParent(normal(path));
        if (exists(path)) {
            throw RmqError.INVALID_REQUEST.exception("the file exists already: " + path);
        }
        reserve(preallocateBytes);
        if (!force()) {
            throw RmqError.STORAGE_FAILED.exception("simulated failure to force " + path);
        }
        SimFile file = new SimFile(Math.toIntExact(preallocateBytes));
        files.put(path, file);
        return new SimDiskFile(this, path, file);
    }

    @Override
    public DiskFile createUnforced(String path) {
        checkWritable();
        if (exists(normal(path))) {
            throw RmqError.INVALID_REQUEST.exception("the file exists already: " + path);
        }
        int slash = path.lastIndexOf('/');
        if (slash > 0) {
            createDirectory(path.substring(0, slash));
        }
        SimFile file = new SimFile(0);
        files.put(path, file);
        unforcedNames.add(path);
        return new SimDiskFile(this, path, file);
    }

    @Override
    public void forceNames(String directory) {
        if (!force()) {
            unforcedNames.clear();
            throw RmqError.STORAGE_FAILED.exception("simulated failure to force " + directory);
        }
        String prefix = directory.isEmpty() ? "" : directory + "/";
        unforcedNames.removeIf(path -> path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0);
    }

    @Override
    public boolean exists(String path) {
        check();
        return path.isEmpty() || files.containsKey(normal(path)) || directories.contains(path);
    }

    @Override
    public void delete(String path) {
        checkWritable();
        if (directories.contains(normal(path))) {
            if (!list(path).isEmpty()) {
                throw RmqError.STORAGE_FAILED.exception("the directory is not empty: " + path);
            }
            directories.remove(path);
        } else {
            file(path);
            files.remove(path);
            unforcedNames.remove(path);
        }
    }

    @Override
    public List<String> list(String directory) {
        check();
        if (!normal(directory).isEmpty() && !directories.contains(directory)) {
            throw RmqError.NOT_FOUND.exception("no such directory: " + directory);
        }
        String prefix = directory.isEmpty() ? "" : directory + "/";
        TreeSet<String> names = new TreeSet<>();
        collect(prefix, files.keySet(), names);
        collect(prefix, directories, names);
        return List.copyOf(names);
    }

    private static void collect(String prefix, Iterable<String> paths, TreeSet<String> names) {
        for (String path : paths) {
            if (path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0) {
                names.add(path.substring(prefix.length()));
            }
        }
    }

    @Override
    public void rename(String from, String to) {
        checkWritable();
        requireParent(normal(to));
        SimFile file = file(from);
        files.remove(from);
        files.put(to, file);
        unforcedNames.remove(from);
        unforcedNames.remove(to);
    }

    @Override
    public void createDirectory(String path) {
        checkWritable();
        if (path.isEmpty()) {
            return;
        }
        for (int slash = normal(path).indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            directories.add(path.substring(0, slash));
        }
        directories.add(path);
    }

    @Override
    public AutoCloseable lock(String path) {
        checkWritable();
        requireParent(normal(path));
        if (!locks.add(path)) {
            throw RmqError.UNAVAILABLE.exception("somebody else holds " + path);
        }
        int mount = mounts;
        return () -> {
            if (mount == mounts) {
                locks.remove(path);
            }
        };
    }

    @Override
    public long freeBytes() {
        check();
        long used = 0;
        for (SimFile file : files.values()) {
            used += file.size();
        }
        return Math.max(0, capacityBytes - used);
    }
}
