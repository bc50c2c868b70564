/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.AlignedMemory;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.event.SlowForce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file on a {@link FileChannel}. Its threads must never be interrupted: the JDK closes a channel whose thread is. One
 * writer, many readers: gathering writes move the channel's position, reads do not look at it.
 */
final class SystemDiskFile implements DiskFile {
    private final String path;
    private final Path file;
    private final FileChannel channel;
    private @Nullable SyncedChannel synced;

    SystemDiskFile(String path, Path file, FileChannel channel) {
        this.path = path;
        this.file = file;
        this.channel = channel;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public long size() {
        return SystemDisk.run(path, channel::size);
    }

    @Override
    public void write(long position, ByteBuf... buffers) {
        SystemDisk.run(path, () -> {
            if (buffers.length == 1 && buffers[0].nioBufferCount() == 1) {
                writeOne(position, buffers[0].nioBuffer());
            } else {
                gather(position, buffers);
            }
            return null;
        });
    }

    private void writeOne(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    private void gather(long position, ByteBuf[] buffers) throws IOException {
        List<ByteBuffer> parts = new ArrayList<>(buffers.length);
        for (ByteBuf buffer : buffers) {
            if (buffer.nioBufferCount() == 1) {
                parts.add(buffer.nioBuffer());
                continue;
            }
            for (ByteBuffer part : buffer.nioBuffers()) {
                if (part.hasRemaining()) {
                    parts.add(part);
                }
            }
        }
        ByteBuffer[] array = parts.toArray(ByteBuffer[]::new);
        channel.position(position);
        // One call takes at most IOV_MAX buffers and may stop anywhere.
        for (int first = 0; first < array.length; ) {
            channel.write(array, first, array.length - first);
            while (first < array.length && !array[first].hasRemaining()) {
                first++;
            }
        }
    }

    @Override
    public void writeThrough(long position, ByteBuf aligned) {
        AlignedMemory.require(position, aligned);
        SlowForce event = SlowForce.started();
        SystemDisk.run(path, () -> {
            if (synced == null) {
                // Asks the first channel whether the file has been closed.
                channel.size();
                synced = SyncedChannel.open(file);
            }
            synced.write(position, aligned.nioBuffer());
            return null;
        });
        event.commit(path);
    }

    @Override
    public int read(long position, ByteBuf target, int length) {
        return SystemDisk.run(path, () -> {
            target.ensureWritable(length);
            // Not target.writeBytes(channel, ...): that answers a closed channel with "end of file".
            int index = target.writerIndex();
            int total = readFully(position, target.nioBuffer(index, length));
            target.writerIndex(index + total);
            return total;
        });
    }

    private int readFully(long position, ByteBuffer bytes) throws IOException {
        int total = 0;
        while (bytes.hasRemaining()) {
            int read = channel.read(bytes, position + total);
            if (read < 0) {
                break;
            }
            total += read;
        }
        return total;
    }

    @Override
    public void force() {
        // fdatasync: contents, and the size where it changed; times do not matter.
        SlowForce event = SlowForce.started();
        SystemDisk.run(path, () -> {
            channel.force(false);
            return null;
        });
        event.commit(path);
    }

    @Override
    public long transferTo(long position, long length, WritableByteChannel target) throws IOException {
        // The target's own failures (a peer that is gone) stay what they are.
        return channel.transferTo(position, length, target);
    }

    @Override
    public FileChannel channel() {
        return channel;
    }

    @Override
    public void truncate(long size) {
        SystemDisk.run(path, () -> channel.truncate(size));
    }

    @Override
    public void close() {
        SystemDisk.run(path, () -> {
            channel.close();
            if (synced != null) {
                synced.close();
            }
            return null;
        });
    }
}
