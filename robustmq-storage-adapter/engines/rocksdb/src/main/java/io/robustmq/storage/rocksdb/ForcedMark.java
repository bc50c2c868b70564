/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sequence number of RocksDB up to which everything is on the device, in a small file beside the log: what is missing
 * below it was damaged or taken away, and is no torn tail. Written after each force and never forced itself, so that after a
 * crash of the machine it may be older than the truth, but never younger. Confined to the writer's thread.
 */
final class ForcedMark implements AutoCloseable {
    static final String FILE = "ROBUSTMQ-FORCED";

    private static final Logger LOG = LoggerFactory.getLogger(ForcedMark.class);

    private final DiskFile file;
    private final ByteBuf buffer = Unpooled.directBuffer(8, 8);
    private long last;
    private boolean failed;

    ForcedMark(Disk disk) {
        file = disk.exists(FILE) ? disk.open(FILE) : disk.create(FILE, 8);
        last = file.read(0, buffer, 8) == 8 ? buffer.getLong(0) : 0;
    }

    /** What was told last, by this process or the one before. */
    long last() {
        return last;
    }

    void tell(long sequence) {
        last = sequence;
        if (failed) {
            return;
        }
        try {
            file.write(0, buffer.clear().writeLong(sequence));
        } catch (RmqException e) {
            // Without it less damage is told apart from a torn tail; nothing is lost by that.
            failed = true;
            LOG.warn("{} cannot be written", FILE, e);
        }
    }

    @Override
    public void close() {
        file.close();
        buffer.release();
    }
}
