/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.log.wal.WalEnd;
import io.robustmq.storage.log.wal.WalFiles;
import io.robustmq.storage.log.wal.WalFormat;
import io.robustmq.storage.log.wal.WalRecordType;
import io.robustmq.storage.log.wal.WalScan;
import io.robustmq.storage.log.wal.WalVisitor;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Brings a disk to where its log ends: the newest checkpoint, then each record of the write-ahead log behind it, in order.
 * Streams whose batches are not logged are looked at when they are opened. Confined to the thread that mounts.
 */
public final class Recovery implements WalVisitor {
    private final LogDisk owner;
    private final Disk disk;
    private final StoreFormat format;
    private final WalFiles files;
    private final Map<Integer, LogStream> streams = new HashMap<>();
    private final Set<LogStream> touched = new HashSet<>();
    private int nextNumber;
    private long records;
    private long batches;
    private long batchBytes;

    /**
     * What a start found. Immutable.
     *
     * @param checkpoint position of the one that it began with
     * @param position end of the write-ahead log
     * @param verdict why it ends there
     * @param reason of that, for people
     * @param clean nothing was written since the last close
     */
    public record Report(
            long checkpoint,
            long position,
            long session,
            int nextNumber,
            WalEnd.Verdict verdict,
            String reason,
            boolean clean,
            long records,
            long batches,
            long batchBytes,
            int healedBatches) {}

    Recovery(LogDisk owner, Disk disk, StoreFormat format, WalFiles files) {
        this.owner = owner;
        this.disk = disk;
        this.format = format;
        this.files = files;
    }

    Collection<LogStream> streams() {
        return streams.values();
    }

    Report run() {
        Checkpoint checkpoint = Checkpoint.newest(disk);
        if (checkpoint == null) {
            checkpoint = Checkpoint.NONE;
            if (files.first() > 0) {
                throw RmqError.CORRUPT_DATA.exception(owner + " has no checkpoint, and its log begins at "
                        + files.first() * files.fileBytes() + ": see 'ctl log verify'");
            }
        }
        nextNumber = checkpoint.nextNumber();
        for (StreamDescription description : checkpoint.streams()) {
            streams.put(description.number(), owner.streamOf(description));
        }
        WalEnd end = new WalScan(disk, files, format.shortId(), checkpoint.session(), this).run(checkpoint.position());
        if (end.verdict() == WalEnd.Verdict.CORRUPT) {
            throw RmqError.CORRUPT_DATA.exception("the write-ahead log of " + owner + " is damaged in ["
                    + end.position() + ", " + end.damagedTo() + "): " + end.reason()
                    + ". What lies there was acknowledged; 'ctl log repair' goes on without it");
        }
        boolean clean = checkpoint.clean() && records == 0;
        if (records > 0) {
            // A killed process leaves groups that nobody forced; what is written now says that all before it was.
            files.force(checkpoint.position(), end.position());
        }
        for (LogStream stream : streams.values()) {
            stream.recovered(touched.contains(stream), clean);
        }
        return new Report(
                checkpoint.position(),
                end.position(),
                Math.max(end.session(), checkpoint.session()),
                nextNumber,
                end.verdict(),
                end.reason(),
                clean,
                records,
                batches,
                batchBytes,
                end.healedBatches());
    }

    // --- the log's records

    @Override
    public void frame(long position, WalRecordType type, int number, int flags, ByteBuf content) {
        records++;
        if (type == WalRecordType.MOUNTED) {
            return;
        }
        if (type == WalRecordType.STREAM_CREATED) {
            created(number, content);
            return;
        }
        LogStream stream = streams.get(number);
        if (stream == null) {
            throw RmqError.CORRUPT_DATA.exception(
                    "the write-ahead log of " + owner + " speaks of an unknown stream " + number + " at " + position);
        }
        touched.add(stream);
        switch (type) {
            case BATCH -> batch(stream, flags, content);
            case START_RAISED -> stream.replayStart(content.readLong());
            case CUT -> {
                long end = content.readLong();
                StreamOps.readSegments(content, stream);
                stream.cut(end);
            }
            case EPOCH_OPENED -> stream.openEpoch(content.readInt(), content.readLong());
            case RANGE_REPLACED -> StreamOps.readSegments(content, stream);
            case SEALED -> stream.seal(content.readLong());
            case MODE_CHANGED -> modeChanged(stream, content);
            case STREAM_DESTROYED -> destroyed(stream, number);
            default -> throw RmqError.INTERNAL.exception("no such record: " + type);
        }
    }

    private void created(int number, ByteBuf content) {
        StreamId id = StreamDescription.readId(content);
        StreamMode mode = StreamMode.ofCode(content.readByte());
        LogStream stream = owner.streamOf(LogStream.created(number, id, mode, content.readLong()));
        streams.put(number, stream);
        touched.add(stream);
        nextNumber = Math.max(nextNumber, number + 1);
    }

    private void destroyed(LogStream stream, int number) {
        streams.remove(number);
        touched.remove(stream);
        stream.segments().destroy();
    }

    private void batch(LogStream stream, int flags, ByteBuf content) {
        if ((flags & WalFormat.BEGINS_SEGMENT) != 0) {
            stream.segments().roll();
        }
        stream.segments().append(owner.clock().millis(), content);
        stream.replayed(stream.segments().endOffset());
        batches++;
        batchBytes += content.readableBytes();
    }

    /** Its direct bytes had been forced up to that offset. */
    private void modeChanged(LogStream stream, ByteBuf content) {
        StreamMode mode = StreamMode.ofCode(content.readByte());
        long end = content.readLong();
        if (mode == StreamMode.LOGGED) {
            stream.settleTo(end);
        }
        stream.mode(mode);
    }

    /** A batch that the log has lost: the segment was written from the same bytes. */
    @Override
    public boolean heal(long position, int number, int flags, ByteBuf outer) {
        LogStream stream = streams.get(number);
        if (stream == null) {
            return false;
        }
        touched.add(stream);
        return stream.heal(flags, outer);
    }
}
