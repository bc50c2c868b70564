/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A disk that counts what is forced and written through, and can stop answering at any change, as if the power went. Confined
 * to the thread of the simulation.
 */
final class CountingDisk implements Disk {
    private final Disk disk;
    long walForces;
    long otherForces;
    long writesThrough;
    long namesForced;
    long changes;
    long changesUntilStop = Long.MAX_VALUE;
    boolean stopped;
    /** Told the path of each read, before it. */
    Consumer<String> onRead = path -> {};
    /** The same of each force of a file. */
    Consumer<String> onForce = path -> {};

    CountingDisk(Disk disk) {
        this.disk = disk;
    }

    void resetCounts() {
        walForces = 0;
        otherForces = 0;
        writesThrough = 0;
    }

    /** So many changes happen, the next one and all that follow do not. */
    void stopAfter(long count) {
        changesUntilStop = changes + count;
    }

    private void change() {
        if (stopped || changes >= changesUntilStop) {
            stopped = true;
            throw RmqError.STORAGE_FAILED.exception("the power has gone");
        }
        changes++;
    }

    @Override
    public DiskFile open(String path) {
        return new CountingFile(disk.open(path));
    }

    @Override
    public DiskFile create(String path, long preallocateBytes) {
        change();
        return new CountingFile(disk.create(path, preallocateBytes));
    }

    @Override
    public DiskFile createUnforced(String path) {
        change();
        return new CountingFile(disk.createUnforced(path));
    }

    @Override
    public void forceNames(String directory) {
        change();
        namesForced++;
        disk.forceNames(directory);
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public void delete(String path) {
        change();
        disk.delete(path);
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public void rename(String from, String to) {
        change();
        disk.rename(from, to);
    }

    @Override
    public void createDirectory(String path) {
        change();
        disk.createDirectory(path);
    }

    @Override
    public AutoCloseable lock(String path) {
        return disk.lock(path);
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }

    private final class CountingFile implements DiskFile {
        private final DiskFile file;

        CountingFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(long position, ByteBuf... buffers) {
            change();
            file.write(position, buffers);
        }

        @Override
        public void writeThrough(long position, ByteBuf aligned) {
            change();
            writesThrough++;
            file.writeThrough(position, aligned);
        }

        @Override
        public int read(long position, ByteBuf target, int length) {
            onRead.accept(path());
            return file.read(position, target, length);
        }

        @Override
        public void force() {
            onForce.accept(path());
            change();
            if (path().startsWith("wal/")) {
                walForces++;
            } else {
                otherForces++;
            }
            file.force();
        }

        @Override
        public void truncate(long size) {
            change();
            file.truncate(size);
        }

        @Override
        public void close() {
            file.close();
        }

        @Override
        public java.nio.channels.@Nullable FileChannel channel() {
            return null;
        }
    }
}
