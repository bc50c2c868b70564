/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.system.SystemDisk;
import java.nio.file.Path;
import java.util.List;

/** A directory of the machine whose disk goes wrong when it is told to. Thread-safe, as real ones are. */
public final class FaultyDisk implements Disk {
    /** What goes wrong. */
    public enum Fault {
        NONE,
        /** Whatever takes space. */
        FULL,
        /** Nothing takes space in vain, but little is left. */
        NEARLY_FULL,
        /** Whatever changes anything, as after the system has mounted it anew. */
        READ_ONLY,
        WRITES,
        FORCES,
        READS,
        /** Nothing fails, but what is forced is not done before that is over. */
        STALLED
    }

    private static final long PLENTY_BYTES = 1L << 30;

    private final Disk disk;
    private volatile Fault fault = Fault.NONE;

    public FaultyDisk(Path directory) {
        disk = SystemDisk.lazily(directory);
    }

    /** From now on. */
    public synchronized void fault(Fault now) {
        fault = now;
        notifyAll();
    }

    private synchronized void awaitForce() {
        boolean interrupted = false;
        while (fault == Fault.STALLED) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void fail(Fault... faults) {
        if (List.of(faults).contains(fault)) {
            throw fault == Fault.FULL
                    ? RmqError.STORAGE_FULL.exception("no space left on the faulty disk")
                    : RmqError.STORAGE_FAILED.exception("input/output error of the faulty disk: " + fault);
        }
    }

    @Override
    public DiskFile open(String path) {
        return new File(disk.open(path));
    }

    @Override
    public DiskFile create(String path, long preallocateBytes) {
        fail(Fault.FULL, Fault.READ_ONLY, Fault.WRITES);
        return new File(disk.create(path, preallocateBytes));
    }

    @Override
    public DiskFile createUnforced(String path) {
        fail(Fault.FULL, Fault.READ_ONLY, Fault.WRITES);
        return new File(disk.createUnforced(path));
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public void delete(String path) {
        fail(Fault.READ_ONLY);
        disk.delete(path);
    }

    @Override
    public List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public void rename(String from, String to) {
        fail(Fault.READ_ONLY);
        disk.rename(from, to);
    }

    @Override
    public void createDirectory(String path) {
        fail(Fault.FULL, Fault.READ_ONLY);
        disk.createDirectory(path);
    }

    @Override
    public void forceNames(String directory) {
        fail(Fault.FORCES);
        disk.forceNames(directory);
    }

    @Override
    public AutoCloseable lock(String path) {
        fail(Fault.READ_ONLY);
        return disk.lock(path);
    }

    @Override
    public long freeBytes() {
        return switch (fault) {
            case FULL -> 0;
            case NEARLY_FULL -> 1000;
            default -> PLENTY_BYTES;
        };
    }

    /** Thread-safe as {@link DiskFile} says. */
    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
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
            fail(Fault.FULL, Fault.READ_ONLY, Fault.WRITES);
            file.write(position, buffers);
        }

        @Override
        public void writeThrough(long position, ByteBuf aligned) {
            awaitForce();
            fail(Fault.READ_ONLY, Fault.WRITES, Fault.FORCES);
            file.writeThrough(position, aligned);
        }

        @Override
        public int read(long position, ByteBuf target, int length) {
            fail(Fault.READS);
            return file.read(position, target, length);
        }

        @Override
        public void force() {
            awaitForce();
            fail(Fault.FORCES);
            file.force();
        }

        @Override
        public void truncate(long size) {
            fail(Fault.READ_ONLY);
            file.truncate(size);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
