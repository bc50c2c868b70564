/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import java.util.List;

/**
 * A disk as one process sees it until it dies, between any two of its changes: from then on nothing of it reaches the disk.
 * Confined to the thread of the simulation.
 */
final class MortalDisk implements Disk {
    private final Disk disk;
    private int changesLeft = Integer.MAX_VALUE;
    private boolean dead;

    MortalDisk(Disk disk) {
        this.disk = disk;
    }

    /** Lets so many changes through and dies with the next one. */
    void dieAfter(int changes) {
        changesLeft = changes;
    }

    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    private void look() {
        if (dead) {
            throw RmqError.STORAGE_FAILED.exception("the process has ended");
        }
    }

    private void change() {
        if (changesLeft-- == 0) {
            dead = true;
        }
        look();
    }

    @Override
    public DiskFile open(String path) {
        look();
        return new MortalFile(disk.open(path));
    }

    @Override
    public DiskFile create(String path, long preallocateBytes) {
        change();
        return new MortalFile(disk.create(path, preallocateBytes));
    }

    @Override
    public DiskFile createUnforced(String path) {
        change();
        return new MortalFile(disk.createUnforced(path));
    }

    @Override
    public void forceNames(String directory) {
        change();
        disk.forceNames(directory);
    }

    @Override
    public boolean exists(String path) {
        look();
        return disk.exists(path);
    }

    @Override
    public void delete(String path) {
        change();
        disk.delete(path);
    }

    @Override
    public List<String> list(String directory) {
        look();
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
        look();
        return disk.lock(path);
    }

    @Override
    public long freeBytes() {
        look();
        return disk.freeBytes();
    }

    private final class MortalFile implements DiskFile {
        private final DiskFile file;

        MortalFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public String path() {
            return file.path();
        }

        @Override
        public long size() {
            look();
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
            file.writeThrough(position, aligned);
        }

        @Override
        public int read(long position, ByteBuf target, int length) {
            look();
            return file.read(position, target, length);
        }

        @Override
        public void force() {
            change();
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
    }
}
