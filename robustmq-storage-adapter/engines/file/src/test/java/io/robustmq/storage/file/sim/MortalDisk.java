/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A disk as one process sees it until it dies, which happens between any two changes that it makes: from then on nothing of it
 * reaches the disk. Confined to the thread of the simulation.
 */
final class MortalDisk implements Disk {
    private final SimDisk disk;
    private final SimRandom random;
    private final Defect defect;
    private int changesLeft = Integer.MAX_VALUE;
    private boolean dead;
    private boolean torn;
    private final java.util.TreeMap<String, Integer> open = new java.util.TreeMap<>();
    private long changes;
    private @Nullable String blindFrom;
    private long blindAt;

    MortalDisk(SimDisk disk, SimRandom random, Defect defect) {
        this.disk = disk;
        this.random = random;
        this.defect = defect;
    }

    void dieAfter(int moreChanges) {
        changesLeft = moreChanges;
    }

    void die() {
        dead = true;
    }

    /** Whether it died as only the power can do it. */
    boolean isTorn() {
        return torn;
    }

    boolean isDead() {
        return dead;
    }

    /** Paths of files that are open, with how often. */
    java.util.Map<String, Integer> openFiles() {
        return open;
    }

    long changes() {
        return changes;
    }

    /** See {@link Defect#DAMAGE_IS_THE_END}. */
    void blindBehind(String path, long position) {
        blindFrom = path;
        blindAt = position;
    }

    private static RmqException gone() {
        return RmqError.STORAGE_FAILED.exception("the process has ended");
    }

    private void look() {
        if (dead) {
            throw gone();
        }
    }

    private void change() {
        look();
        changes++;
        if (changesLeft-- == 0) {
            dead = true;
            throw gone();
        }
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
        if (defect != Defect.FORCE_DOES_NOTHING) {
            disk.forceNames(directory);
        }
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
        private boolean closed;

        MortalFile(DiskFile file) {
            this.file = file;
            open.merge(file.path(), 1, Integer::sum);
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
            if (changesLeft == 0 && !dead && random.nextInt(2) == 0) {
                // The power fails in the middle of it.
                disk.failForceAfter(0);
                dead = true;
                torn = true;
                file.writeThrough(position, aligned);
            }
            change();
            if (defect == Defect.SYNCED_WRITE_IS_PLAIN) {
                file.write(position, aligned);
            } else {
                file.writeThrough(position, aligned);
            }
        }

        @Override
        public int read(long position, ByteBuf target, int length) {
            look();
            int at = target.writerIndex();
            int read = file.read(position, target, length);
            blind(position, target, at, read);
            return read;
        }

        private void blind(long position, ByteBuf target, int at, int read) {
            String from = blindFrom;
            if (from != null && file.path().startsWith("wal/0") && file.path().compareTo(from) >= 0) {
                long zeroFrom = file.path().equals(from) ? Math.max(0, blindAt - position) : 0;
                for (long index = zeroFrom; index < read; index++) {
                    target.setByte((int) (at + index), 0);
                }
            }
        }

        @Override
        public void force() {
            change();
            if (defect != Defect.FORCE_DOES_NOTHING) {
                file.force();
            }
        }

        @Override
        public void truncate(long size) {
            change();
            file.truncate(size);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                open.computeIfPresent(file.path(), (path, times) -> times == 1 ? null : times - 1);
            }
            file.close();
        }
    }
}
