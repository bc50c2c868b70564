/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.segment.StreamEpochs;
import io.robustmq.storage.support.EpochHistory;
import java.util.ArrayList;
import java.util.List;

/**
 * All that a checkpoint keeps of a stream. Immutable.
 *
 * @param number in the write-ahead log, never used again
 * @param end everything below it was in the segments when the checkpoint was taken
 * @param fence the highest epoch that has opened it; -1 for none
 * @param sealedEnd -1 while it is open
 * @param settled the end is all there is; if not, what is not logged may reach further
 * @param epochs that opened it, whether they wrote or not
 * @param written epochs of its batches
 */
public record StreamDescription(
        int number,
        StreamId id,
        StreamMode mode,
        long start,
        long end,
        int fence,
        long sealedEnd,
        boolean settled,
        List<EpochHistory.Start> epochs,
        StreamEpochs written,
        List<SegmentInfo> segments) {

    public StreamDescription {
        epochs = List.copyOf(epochs);
        segments = List.copyOf(segments);
    }

    StreamDescription withSegments(List<SegmentInfo> now) {
        return new StreamDescription(number, id, mode, start, end, fence, sealedEnd, settled, epochs, written, now);
    }

    void write(ByteBuf target) {
        target.writeInt(number);
        writeId(target, id);
        target.writeByte(mode.code())
                .writeLong(start)
                .writeLong(end)
                .writeInt(fence)
                .writeLong(sealedEnd)
                .writeBoolean(settled);
        target.writeInt(epochs.size());
        for (EpochHistory.Start epoch : epochs) {
            target.writeInt(epoch.epoch()).writeLong(epoch.offset());
        }
        target.writeInt(written.starts().size());
        for (StreamEpochs.Start epoch : written.starts()) {
            target.writeInt(epoch.epoch()).writeLong(epoch.offset());
        }
        target.writeInt(segments.size());
        for (SegmentInfo segment : segments) {
            segment.write(target);
        }
    }

    static StreamDescription read(ByteBuf source) {
        int number = source.readInt();
        StreamId id = readId(source);
        StreamMode mode = StreamMode.ofCode(source.readByte());
        long start = source.readLong();
        long end = source.readLong();
        int fence = source.readInt();
        long sealedEnd = source.readLong();
        boolean settled = source.readBoolean();
        List<EpochHistory.Start> epochs = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            epochs.add(new EpochHistory.Start(source.readInt(), source.readLong()));
        }
        List<StreamEpochs.Start> written = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            written.add(new StreamEpochs.Start(source.readInt(), source.readLong()));
        }
        List<SegmentInfo> segments = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            segments.add(SegmentInfo.read(source));
        }
        return new StreamDescription(
                number, id, mode, start, end, fence, sealedEnd, settled, epochs, new StreamEpochs(written), segments);
    }

    static void writeId(ByteBuf target, StreamId id) {
        TopicId topic = id.shard().topic();
        target.writeLong(topic.mostSignificantBits()).writeLong(topic.leastSignificantBits());
        target.writeInt(id.shard().partition()).writeLong(id.segmentId());
    }

    static StreamId readId(ByteBuf source) {
        TopicId topic = new TopicId(source.readLong(), source.readLong());
        return new StreamId(new ShardId(topic, source.readInt()), source.readLong());
    }
}
