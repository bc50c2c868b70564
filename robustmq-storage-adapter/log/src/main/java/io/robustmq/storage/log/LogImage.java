/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.wal.WalEnd;
import io.robustmq.storage.log.wal.WalFiles;
import io.robustmq.storage.log.wal.WalRecordType;
import io.robustmq.storage.log.wal.WalScan;
import io.robustmq.storage.log.wal.WalVisitor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the files of a disk say about its streams, without changing any: for tools on a stopped node. Confined to one thread.
 */
public final class LogImage {
    private static final int SPARES = 0;

    private final Disk disk;
    private final StoreFormat format;
    private final WalFiles files;
    private final TreeMap<Integer, StreamImage> streams = new TreeMap<>();
    private final List<Damage> damages = new ArrayList<>();
    private @Nullable Checkpoint checkpoint;
    private @Nullable String checkpointPath;
    private WalEnd end = new WalEnd(0, 0, WalEnd.Verdict.CLEAN, 0, "", 0);

    /** A stream as of the end of the log. */
    public static final class StreamImage {
        private final int number;
        private final StreamId id;
        private StreamMode mode;
        private long start;
        private long end;
        private List<SegmentInfo> segments;
        private boolean changed;

        private StreamImage(
                int number, StreamId id, StreamMode mode, long start, long end, List<SegmentInfo> segments) {
            this.number = number;
            this.id = id;
            this.mode = mode;
            this.start = start;
            this.end = end;
            this.segments = segments;
        }

        public int number() {
            return number;
        }

        public StreamId id() {
            return id;
        }

        public String directory() {
            return id.directory(number);
        }

        public StreamMode mode() {
            return mode;
        }

        public long start() {
            return start;
        }

        /** What is not logged may reach further. */
        public long end() {
            return end;
        }

        /** As of the checkpoint, less what the log has let go since. */
        public List<SegmentInfo> segments() {
            return segments;
        }

        /** Whether the log has cut or replaced files since the checkpoint. */
        public boolean isChanged() {
            return changed;
        }
    }

    private LogImage(Disk disk, StoreFormat format) {
        this.disk = disk;
        this.format = format;
        this.files = new WalFiles(disk, format.walFileBytes(), SPARES);
    }

    /** Whether a log's disk is there. */
    public static boolean isThere(Disk disk) {
        return disk.exists(StoreFormat.PATH);
    }

    /** NOT_FOUND when there is no log, NOT_SUPPORTED when a newer build wrote it; damage is collected, not thrown. */
    public static LogImage read(Disk disk, WalVisitor also) {
        StoreFormat format = StoreFormat.read(disk);
        if (format == null) {
            throw RmqError.NOT_FOUND.exception("no log is kept there");
        }
        LogImage image = new LogImage(disk, format);
        image.readCheckpoints();
        image.readLog(also);
        return image;
    }

    private void readCheckpoints() {
        for (String path : Checkpoint.paths(disk)) {
            try {
                Checkpoint found = Checkpoint.read(disk, path);
                if (checkpoint == null) {
                    checkpoint = found;
                    checkpointPath = path;
                }
            } catch (RmqException e) {
                if (e.error() != RmqError.CORRUPT_DATA) {
                    throw e;
                }
                damages.add(new Damage(path, 0, 0, 0, 0, e.getMessage()));
            }
        }
        Checkpoint newest = checkpoint;
        if (newest != null) {
            newest.streams().forEach(this::describe);
        } else if (files.first() > 0) {
            damages.add(
                    new Damage("checkpoint", 0, 0, 0, 0, "there is none, and the write-ahead log does not begin at 0"));
        }
    }

    private void describe(StreamDescription stream) {
        streams.put(
                stream.number(),
                new StreamImage(
                        stream.number(),
                        stream.id(),
                        stream.mode(),
                        stream.start(),
                        stream.end(),
                        new ArrayList<>(stream.segments())));
    }

    private void readLog(WalVisitor also) {
        Checkpoint from = checkpoint == null ? Checkpoint.NONE : checkpoint;
        end = scan(from.position(), from.session(), new Replay(also));
        if (end.verdict() == WalEnd.Verdict.CORRUPT) {
            long position = end.position();
            damages.add(new Damage(
                    WalFiles.path(position / files.fileBytes()),
                    position % files.fileBytes(),
                    position % files.fileBytes() + Math.max(1, end.damagedTo() - position),
                    0,
                    0,
                    end.reason() + ", below what was forced: batches behind it are not read"));
        }
    }

    /** What lies in the log from a position on. */
    public WalEnd scan(long position, long session, WalVisitor visitor) {
        return new WalScan(disk, files, format.shortId(), session, visitor).run(position);
    }

    /** Changes streams as a start would. */
    private final class Replay implements WalVisitor {
        private final WalVisitor also;

        Replay(WalVisitor also) {
            this.also = also;
        }

        @Override
        public void group(long position, long forced, long session, long writtenAtMillis, int frames, int bytes) {
            also.group(position, forced, session, writtenAtMillis, frames, bytes);
        }

        @Override
        public void frame(long position, WalRecordType type, int number, int flags, ByteBuf content) {
            also.frame(position, type, number, flags, content.duplicate());
            if (type == WalRecordType.STREAM_CREATED) {
                StreamId id = StreamDescription.readId(content);
                StreamMode mode = StreamMode.ofCode(content.readByte());
                long start = content.readLong();
                streams.put(number, new StreamImage(number, id, mode, start, start, new ArrayList<>()));
                return;
            }
            StreamImage stream = streams.get(number);
            if (stream != null) {
                change(stream, type, content);
            }
        }

        private void change(StreamImage stream, WalRecordType type, ByteBuf content) {
            switch (type) {
                case BATCH ->
                    stream.end =
                            content.getLong(content.readerIndex()) + content.getInt(content.readerIndex() + 23) + 1;
                case START_RAISED -> raise(stream, content.readLong());
                case CUT -> cut(stream, content.readLong());
                case RANGE_REPLACED -> replaced(stream, content);
                case MODE_CHANGED -> stream.mode = StreamMode.ofCode(content.readByte());
                case STREAM_DESTROYED -> streams.remove(stream.number);
                default -> {
                    // Says nothing about files.
                }
            }
        }

        @Override
        public boolean heal(long position, int number, int flags, ByteBuf outer) {
            StreamImage stream = streams.get(number);
            long offset = outer.getLong(outer.readerIndex());
            damages.add(new Damage(
                    WalFiles.path(position / files.fileBytes()),
                    position % files.fileBytes(),
                    position % files.fileBytes() + 1,
                    offset,
                    offset + 1,
                    "CRC mismatch in a batch of stream " + (stream == null ? number : stream.id())
                            + "; a start takes it from its segment if that holds it"));
            return true;
        }
    }

    private static void raise(StreamImage stream, long start) {
        stream.start = Math.max(stream.start, start);
        stream.segments.removeIf(
                info -> info.endOffset() <= start && (info.sealed() || info.endOffset() == stream.end));
        stream.changed = true;
    }

    private static void cut(StreamImage stream, long newEnd) {
        stream.end = Math.min(stream.end, newEnd);
        stream.segments.removeIf(info -> info.endOffset() > newEnd);
        stream.changed = true;
    }

    /** Of an open file only what the checkpoint knew is looked at: what came later is in the log. */
    private static void replaced(StreamImage stream, ByteBuf content) {
        content.skipBytes(2 * Long.BYTES);
        content.skipBytes(content.readInt() * (Integer.BYTES + Long.BYTES));
        List<SegmentInfo> before = stream.segments;
        stream.segments = new ArrayList<>();
        for (int left = content.readInt(); left > 0; left--) {
            SegmentInfo info = SegmentInfo.read(content);
            if (info.sealed() && info.generation() > 0) {
                stream.segments.add(info);
            } else {
                before.stream()
                        .filter(known -> known.fileName().equals(info.fileName()))
                        .forEach(stream.segments::add);
            }
        }
        stream.changed = true;
    }

    // --- what was found

    public Disk disk() {
        return disk;
    }

    public StoreFormat format() {
        return format;
    }

    public WalFiles files() {
        return files;
    }

    public WalEnd end() {
        return end;
    }

    public Collection<StreamImage> streams() {
        return streams.values();
    }

    /** Null when the number is that of no stream. */
    public @Nullable StreamImage stream(int number) {
        return streams.get(number);
    }

    /** Of checkpoints and of the write-ahead log. */
    public List<Damage> damages() {
        return damages;
    }

    /** CORRUPT_DATA when a file of derived state is damaged, NOT_SUPPORTED when it is newer. */
    public void checkState(String path) {
        StateFiles.verify(disk, path);
    }

    /**
     * Describes a stream's files anew in the newest checkpoint, as they lie there now. False when the checkpoint does not
     * hold the old description, because the log has changed it since.
     */
    public boolean redescribe(StreamId id, SegmentInfo before, @Nullable SegmentInfo now) {
        Checkpoint old = checkpoint;
        if (old == null) {
            return false;
        }
        List<StreamDescription> changed = new ArrayList<>();
        boolean found = false;
        for (StreamDescription stream : old.streams()) {
            List<SegmentInfo> infos = new ArrayList<>(stream.segments());
            int at = stream.id().equals(id) ? infos.indexOf(before) : -1;
            if (at >= 0) {
                found = true;
                infos.remove(at);
                if (now != null) {
                    infos.add(at, now);
                }
            }
            changed.add(at < 0 ? stream : stream.withSegments(infos));
        }
        if (found) {
            Checkpoint next = new Checkpoint(old.position(), old.session(), old.nextNumber(), old.clean(), changed);
            next.write(disk);
            checkpoint = next;
        }
        return found;
    }

    /** Path of the newest checkpoint that is whole. */
    public @Nullable String checkpointPath() {
        return checkpointPath;
    }
}
