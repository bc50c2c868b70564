/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;

/** A handle on a {@link SimFile} until the next crash. Confined to the thread of the simulation. */
final class SimDiskFile implements DiskFile {
    private final SimDisk disk;
    private final String path;
    private final SimFile file;
    private final int mount;
    private boolean closed;

    SimDiskFile(SimDisk disk, String path, SimFile file) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.mount = disk.mounts();
    }

    private void check() {
        if (closed) {
            throw RmqError.CLOSED.exception("the file has been closed: " + path);
        }
        if (mount != disk.mounts()) {
            throw RmqError.STORAGE_FAILED.exception("opened before the crash: " + path);
        }
        disk.check();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public long size() {
        check();
        return file.size();
    }

    @Override
    public void write(long position, ByteBuf... buffers) {
        check();
        disk.checkWrite(path);
        int length = 0;
        for (ByteBuf buffer : buffers) {
            length = Math.addExact(length, buffer.readableBytes());
        }
        disk.reserve(position + length - file.size());
        byte[] bytes = new byte[length];
        int at = 0;
        for (ByteBuf buffer : buffers) {
            buffer.getBytes(buffer.readerIndex(), bytes, at, buffer.readableBytes());
            at += buffer.readableBytes();
        }
        if (length > 0) {
            file.write(position, bytes);
        }
    }

    @Override
    public void writeThrough(long position, ByteBuf aligned) {
        AlignedMemory.require(position, aligned);
        check();
        disk.checkWrite(path);
        disk.reserve(position + aligned.readableBytes() - file.size());
        byte[] bytes = new byte[aligned.readableBytes()];
        aligned.getBytes(aligned.readerIndex(), bytes);
        if (!disk.force()) {
            file.failWriteThrough(position, bytes, disk.random());
            throw RmqError.STORAGE_FAILED.exception("simulated failure to write through " + path);
        }
        file.writeThrough(position, bytes);
    }

    @Override
    public int read(long position, ByteBuf target, int length) {
        check();
        disk.checkRead(path);
        int readable = (int) Math.max(0, Math.min(length, file.size() - position));
        if (readable > 0) {
            target.writeBytes(file.bytes(), Math.toIntExact(position), readable);
        }
        return readable;
    }

    @Override
    public void force() {
        check();
        if (!disk.force()) {
            file.failForce();
            throw RmqError.STORAGE_FAILED.exception("simulated failure to force " + path);
        }
        file.force();
    }

    @Override
    public void truncate(long size) {
        check();
        disk.checkWrite(path);
        file.truncate(size);
    }

    @Override
    public void close() {
        closed = true;
    }
}
