/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.wal;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.DiskFile;
import org.jspecify.annotations.Nullable;

/**
 * The end of one write-ahead log. After any failure nothing is known about what stands there, and it must not be used again.
 * Confined to the disk's writer; positions may be read by any thread.
 */
public final class WalWriter implements AutoCloseable {
    private final WalFiles files;
    private final Clock clock;
    private final int disk;
    private final long session;
    private final GroupBuffer group;
    private final GroupBuffer closing;
    private volatile long position;
    private volatile long forced;
    private volatile long syncedWrites;
    private volatile long forces;
    private @Nullable DiskFile file;
    private long fileNumber = -1;
    private boolean quiet;

    /**
     * @param position where a scan has found the end
     * @param session higher than any that the scan saw
     * @param disk of the store id
     */
    public WalWriter(WalFiles files, Clock clock, int disk, long session, long position, int maxKeptBytes) {
        this.files = files;
        this.clock = clock;
        this.disk = disk;
        this.session = session;
        this.position = position;
        this.forced = position;
        group = new GroupBuffer(maxKeptBytes, (int) files.fileBytes());
        closing = new GroupBuffer(WalFormat.PAGE_BYTES, WalFormat.PAGE_BYTES);
    }

    /** What the next {@link #write} writes; to be filled. */
    public GroupBuffer group() {
        return group;
    }

    /** Where the next group begins. */
    public long position() {
        return position;
    }

    /** Everything below is on the device. */
    public long forced() {
        return forced;
    }

    public long syncedWrites() {
        return syncedWrites;
    }

    public long forces() {
        return forces;
    }

    /** Writes the group and begins another; when it is synced, it and all before it are durable afterwards. */
    public void write(boolean sync) {
        int bytes = group.groupBytes();
        if (bytes > files.fileBytes() - position % files.fileBytes()) {
            closeFile();
        }
        DiskFile target = file();
        if (sync) {
            forceWhatWasNot(target);
            target.writeThrough(position % files.fileBytes(), group.finish(header()));
            syncedWrites++;
            position += bytes;
            forced = position;
        } else {
            target.write(position % files.fileBytes(), group.finish(header()));
            position += bytes;
        }
        group.reset();
        quiet = false;
    }

    /** Forgets what was added to the group. */
    public void discard() {
        group.reset();
    }

    /** Whether the log says of its last group that it has been forced. */
    public boolean isQuiet() {
        return quiet;
    }

    /** Makes durable what was written without a sync. */
    public void force() {
        if (forced < position) {
            forceWhatWasNot(file());
        }
    }

    /** Says behind the last group that it has been forced. Does nothing when that is known, or not so. */
    public void closeQuietly() {
        if (quiet || forced < position) {
            return;
        }
        if (position % files.fileBytes() == 0) {
            // The file is full; the first group of the next one will say it.
            return;
        }
        writeClosing(WalFormat.PAGE_BYTES);
        quiet = true;
    }

    private GroupHeader header() {
        return new GroupHeader(position, forced, session, clock.millis(), disk);
    }

    private void forceWhatWasNot(DiskFile target) {
        if (forced < position) {
            target.force();
            forces++;
            forced = position;
        }
    }

    private DiskFile file() {
        long number = position / files.fileBytes();
        if (file == null || fileNumber != number) {
            if (file != null) {
                // Full to its last page: what is in it must be durable before anything behind it is.
                forceWhatWasNot(file);
                file.close();
            }
            file = files.openForWriting(number);
            fileNumber = number;
        }
        return file;
    }

    /** The rest of the file is too short for the next group. */
    private void closeFile() {
        long rest = files.fileBytes() - position % files.fileBytes();
        if (rest < files.fileBytes()) {
            forceWhatWasNot(file());
            writeClosing((int) rest);
        }
    }

    private void writeClosing(int bytes) {
        file().writeThrough(position % files.fileBytes(), closing.closing(header(), bytes));
        syncedWrites++;
        position += bytes;
        forced = position;
    }

    @Override
    public void close() {
        group.release();
        closing.release();
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
