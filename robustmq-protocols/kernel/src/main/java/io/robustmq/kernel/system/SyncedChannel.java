/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import com.sun.nio.file.ExtendedOpenOption;
import io.robustmq.kernel.AlignedMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * A second channel on a file, whose writes are durable when they return: past the page cache where the file system can do
 * that, through it where it cannot. Confined to the disk thread that writes the file.
 */
final class SyncedChannel {
    private final Path file;
    private FileChannel channel;
    private boolean direct;

    private SyncedChannel(Path file, FileChannel channel, boolean direct) {
        this.file = file;
        this.channel = channel;
        this.direct = direct;
    }

    static SyncedChannel open(Path file) throws IOException {
        if (takesPages(file)) {
            try {
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT);
                return new SyncedChannel(file, channel, true);
            } catch (IOException | UnsupportedOperationException e) {
                // A file system in memory, or one over a network: its page cache it is.
            }
        }
        return new SyncedChannel(file, openBuffered(file), false);
    }

    private static boolean takesPages(Path file) throws IOException {
        try {
            return Files.getFileStore(file).getBlockSize() <= AlignedMemory.ALIGNMENT;
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    private static FileChannel openBuffered(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.DSYNC);
    }

    void write(long position, ByteBuffer bytes) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += writeSome(at, bytes);
        }
    }

    private int writeSome(long position, ByteBuffer bytes) throws IOException {
        try {
            return channel.write(bytes, position);
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
            boolean refused = message.contains("invalid argument") || message.contains("block size");
            if (!direct || !refused) {
                throw e;
            }
            // Some file systems open a file so and then refuse to write: nothing was written.
            FileChannel buffered = openBuffered(file);
            channel.close();
            channel = buffered;
            direct = false;
            return channel.write(bytes, position);
        }
    }

    void close() throws IOException {
        channel.close();
    }
}
