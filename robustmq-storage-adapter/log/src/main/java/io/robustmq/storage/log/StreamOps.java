/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.storage.log.segment.Doomed;
import io.robustmq.storage.log.segment.Replacement;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.segment.StreamEpochs;
import io.robustmq.storage.log.wal.GroupBuffer;
import io.robustmq.storage.log.wal.WalRecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What changes a stream besides batches: each is a record of the write-ahead log, durable before it has an effect. Stateless. */
final class StreamOps {

    private StreamOps() {}

    /** Completes a future on its loop. */
    abstract static class Op<T> extends WriteOp {
        final CompletableFuture<T> done = new CompletableFuture<>();

        Op(@Nullable Loop loop) {
            super(loop);
        }

        @Nullable
        abstract T result();

        /** It never came into the queue; what it holds is given back. */
        void refused() {}

        @Override
        void complete() {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else {
                done.complete(result());
            }
        }
    }

    /** One frame about one stream. */
    abstract static class FrameOp<T> extends Op<T> {
        final LogStream stream;

        FrameOp(LogStream stream, @Nullable Loop loop) {
            super(loop);
            this.stream = stream;
        }

        abstract WalRecordType type();

        abstract void content(ByteBuf target);

        @Override
        int frameBytes() {
            return Long.BYTES + Integer.BYTES;
        }

        @Override
        void stage(DiskWriter writer) {
            RmqException gone = stream.unavailable();
            if (gone != null) {
                throw gone;
            }
            stream.disk().health().checkNotBroken();
        }

        @Override
        void frames(GroupBuffer group) {
            ByteBuf content = Unpooled.buffer(64);
            content(content);
            group.add(type(), stream.number(), content);
        }
    }

    /** Makes a stream, which is not registered before. */
    static final class Create extends FrameOp<LogStream> {
        private final LogDisk disk;
        private final StreamDescription description;

        Create(LogDisk disk, LogStream stream, StreamDescription description, Loop loop) {
            super(stream, loop);
            this.disk = disk;
            this.description = description;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.STREAM_CREATED;
        }

        @Override
        int frameBytes() {
            return 48;
        }

        @Override
        void stage(DiskWriter writer) {
            disk.health().checkNotBroken();
        }

        @Override
        void content(ByteBuf target) {
            StreamDescription.writeId(target, description.id());
            target.writeByte(description.mode().code()).writeLong(description.start());
        }

        @Override
        void commit(DiskWriter writer) {
            disk.register(stream);
        }

        @Override
        LogStream result() {
            return stream;
        }
    }

    /** Opens an epoch; answers the offset at which it begins. */
    static final class OpenEpoch extends FrameOp<Long> {
        private final int epoch;
        private long offset;

        OpenEpoch(LogStream stream, int epoch, Loop loop) {
            super(stream, loop);
            this.epoch = epoch;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.EPOCH_OPENED;
        }

        @Override
        void content(ByteBuf target) {
            target.writeInt(epoch).writeLong(stream.written());
        }

        @Override
        boolean writesFrames() {
            return epoch > stream.fence();
        }

        @Override
        void frames(GroupBuffer group) {
            if (writesFrames()) {
                super.frames(group);
            }
        }

        @Override
        void commit(DiskWriter writer) {
            offset = stream.highWatermark();
            stream.openEpoch(epoch, offset);
        }

        @Override
        Long result() {
            return offset;
        }
    }

    /** Raises the start, at most to the high watermark; answers it. */
    static final class RaiseStart extends FrameOp<Long> {
        private final long wanted;
        private long target;

        RaiseStart(LogStream stream, long wanted, Loop loop) {
            super(stream, loop);
            this.wanted = wanted;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.START_RAISED;
        }

        @Override
        void content(ByteBuf content) {
            content.writeLong(target);
        }

        @Override
        void stage(DiskWriter writer) {
            super.stage(writer);
            target = Math.min(wanted, stream.highWatermark());
        }

        @Override
        boolean writesFrames() {
            return target > stream.start();
        }

        @Override
        void frames(GroupBuffer group) {
            if (writesFrames()) {
                super.frames(group);
            }
        }

        @Override
        void commit(DiskWriter writer) {
            stream.raiseStart(target);
        }

        @Override
        Long result() {
            return stream.start();
        }
    }

    /** Gives up everything from an offset on. Its record describes the files: a replay finds them cut already. */
    static final class Cut extends FrameOp<Void> {
        private final long end;
        private List<SegmentInfo> before = List.of();
        private StreamEpochs epochsBefore = StreamEpochs.NONE;
        private @Nullable Doomed doomed;

        Cut(LogStream stream, long end, Loop loop) {
            super(stream, loop);
            this.end = end;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.CUT;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void stage(DiskWriter writer) {
            super.stage(writer);
            before = stream.segments().describe();
            epochsBefore = stream.segments().epochs();
            doomed = stream.segments().truncate(end);
        }

        @Override
        void content(ByteBuf target) {
            target.writeLong(end);
            writeSegments(target, stream);
        }

        @Override
        void commit(DiskWriter writer) {
            if (doomed != null) {
                doomed.delete();
            }
            stream.cut(end);
        }

        @Override
        void abort(DiskWriter writer) {
            if (doomed != null) {
                stream.segments().restore(stream.start(), stream.written(), before, epochsBefore);
            }
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }

    /** Takes no append any more. */
    static final class Seal extends FrameOp<Long> {
        private long end;

        Seal(LogStream stream, Loop loop) {
            super(stream, loop);
        }

        @Override
        WalRecordType type() {
            return WalRecordType.SEALED;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void content(ByteBuf target) {
            end = stream.highWatermark();
            target.writeLong(end);
        }

        @Override
        void commit(DiskWriter writer) {
            stream.seal(end);
        }

        @Override
        Long result() {
            return end;
        }
    }

    /** From now on the batches go elsewhere first. What stands in the segment alone is forced before. */
    static final class ChangeMode extends FrameOp<Void> {
        private final StreamMode mode;

        ChangeMode(LogStream stream, StreamMode mode, Loop loop) {
            super(stream, loop);
            this.mode = mode;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.MODE_CHANGED;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void stage(DiskWriter writer) {
            super.stage(writer);
            stream.disk().forceNow(stream);
        }

        @Override
        void content(ByteBuf target) {
            target.writeByte(mode.code()).writeLong(stream.highWatermark());
        }

        @Override
        boolean writesFrames() {
            return mode != stream.mode();
        }

        @Override
        void frames(GroupBuffer group) {
            if (writesFrames()) {
                super.frames(group);
            }
        }

        @Override
        void commit(DiskWriter writer) {
            stream.mode(mode);
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }

    /** Begins a new segment file with the next batch, so that all that is there can be replaced. Nothing of it is logged. */
    static final class Roll extends Op<Void> {
        private final LogStream stream;

        Roll(LogStream stream, @Nullable Loop loop) {
            super(loop);
            this.stream = stream;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void stage(DiskWriter writer) {
            stream.disk().health().checkNotBroken();
            stream.segments().roll();
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }

    /** Puts prepared files in the place of others. False when what they were to replace has changed. */
    static final class Replace extends FrameOp<Boolean> {
        private final Replacement replacement;
        private List<SegmentInfo> before = List.of();
        private @Nullable Doomed doomed;

        Replace(LogStream stream, Replacement replacement, @Nullable Loop loop) {
            super(stream, loop);
            this.replacement = replacement;
        }

        @Override
        WalRecordType type() {
            return WalRecordType.RANGE_REPLACED;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void stage(DiskWriter writer) {
            super.stage(writer);
            if (stream.mode() == StreamMode.DIRECT) {
                // The record describes all files, and no other record could write again what they lose with the power.
                stream.disk().forceNow(stream);
            }
            before = stream.segments().describe();
            doomed = stream.segments().commit(replacement);
        }

        @Override
        boolean writesFrames() {
            return doomed != null && !doomed.isEmpty();
        }

        @Override
        void frames(GroupBuffer group) {
            if (writesFrames()) {
                super.frames(group);
            }
        }

        @Override
        void content(ByteBuf target) {
            writeSegments(target, stream);
        }

        @Override
        void commit(DiskWriter writer) {
            if (doomed != null) {
                doomed.delete();
            }
        }

        @Override
        void abort(DiskWriter writer) {
            if (doomed == null) {
                replacement.discard();
            } else {
                stream.segments()
                        .restore(
                                stream.start(),
                                stream.written(),
                                before,
                                stream.segments().epochs());
                doomed.keep();
            }
        }

        @Override
        void refused() {
            replacement.discard();
        }

        @Override
        Boolean result() {
            return doomed != null;
        }
    }

    static void writeSegments(ByteBuf target, LogStream stream) {
        List<SegmentInfo> infos = stream.segments().describe();
        List<StreamEpochs.Start> epochs = stream.segments().epochs().starts();
        target.writeLong(stream.segments().startOffset())
                .writeLong(stream.segments().endOffset())
                .writeInt(epochs.size());
        for (StreamEpochs.Start epoch : epochs) {
            target.writeInt(epoch.epoch()).writeLong(epoch.offset());
        }
        target.writeInt(infos.size());
        infos.forEach(info -> info.write(target));
    }

    /** Recovery of {@link Replace} and {@link Cut}. */
    static void readSegments(ByteBuf source, LogStream stream) {
        long start = source.readLong();
        long end = source.readLong();
        List<StreamEpochs.Start> epochs = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            epochs.add(new StreamEpochs.Start(source.readInt(), source.readLong()));
        }
        List<SegmentInfo> infos = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            infos.add(SegmentInfo.read(source));
        }
        stream.restore(start, end, infos, new StreamEpochs(epochs));
    }

    /** Gives up the stream and its files. */
    static final class Destroy extends FrameOp<Void> {

        Destroy(LogStream stream, @Nullable Loop loop) {
            super(stream, loop);
        }

        @Override
        WalRecordType type() {
            return WalRecordType.STREAM_DESTROYED;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        void stage(DiskWriter writer) {
            if (!stream.isDestroyed()) {
                stream.disk().health().checkNotBroken();
            }
        }

        @Override
        boolean writesFrames() {
            return !stream.isDestroyed();
        }

        @Override
        void frames(GroupBuffer group) {
            if (writesFrames()) {
                super.frames(group);
            }
        }

        @Override
        void content(ByteBuf target) {}

        @Override
        void commit(DiskWriter writer) {
            if (!stream.isDestroyed()) {
                stream.destroy();
                stream.disk().forget(stream);
                stream.segments().destroy();
            }
        }

        @Override
        @Nullable
        Void result() {
            return null;
        }
    }

    /** Runs behind all that was submitted before it. */
    static final class Barrier extends Op<Void> {
        private final Runnable task;

        Barrier(Runnable task) {
            super(null);
            this.task = task;
        }

        @Override
        boolean isAlone() {
            return true;
        }

        @Override
        @Nullable
        Void result() {
            task.run();
            return null;
        }
    }

    static RmqException closed(String what) {
        return RmqError.CLOSED.exception(what + " is closed");
    }
}
