/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.tool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.log.LogImage;
import io.robustmq.storage.log.LogImage.StreamImage;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.wal.WalRecordType;
import io.robustmq.storage.log.wal.WalVisitor;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code ctl log dump}: one JSON object a line. Confined to one thread. */
public final class LogDump {
    private static final WalVisitor NOTHING = (position, type, stream, flags, content) -> {};

    private final StoppedDisk disk;
    private final Consumer<String> out;
    private final RecordBatchReader reader = new RecordBatchReader();

    public LogDump(StoppedDisk disk, Consumer<String> out) {
        this.disk = disk;
        this.out = out;
    }

    /**
     * The batches in segment files that the checkpoint knows; what came behind it is in the write-ahead log.
     *
     * @param records one object for each record instead of one for each batch
     */
    public void segments(boolean records) {
        LogImage image = disk.image(NOTHING);
        for (StreamImage stream : disk.streams(image)) {
            for (SegmentInfo info : stream.segments()) {
                file(stream, info, records);
            }
        }
        image.damages().forEach(damage -> out.accept(damage(damage)));
    }

    private void file(StreamImage stream, SegmentInfo info, boolean records) {
        String path = stream.directory() + "/" + info.fileName();
        if (!disk.disk().exists(path)) {
            out.accept(new JsonLine()
                    .put("damage", "the file is missing")
                    .put("file", path)
                    .toString());
            return;
        }
        Damage damage = disk.segments().walk(stream.directory(), info, (position, base, next, epoch, count, whole) -> {
            if (records && whole != null) {
                records(stream, base, whole);
            } else {
                out.accept(new JsonLine()
                        .put("shard", stream.id().shard().toString())
                        .put("segment", stream.id().segmentId())
                        .put("file", path)
                        .put("position", position)
                        .put("baseOffset", base)
                        .put("lastOffset", next - 1)
                        .put("epoch", epoch)
                        .put("records", count)
                        .put("crc", whole == null ? "wrong" : "right")
                        .toString());
            }
        });
        if (damage != null) {
            out.accept(damage(damage));
        }
    }

    private void records(StreamImage stream, long baseOffset, ByteBuf batch) {
        try {
            reader.reset(batch);
            while (reader.nextBatch()) {
                while (reader.nextRecord()) {
                    RecordView record = reader.record();
                    out.accept(new JsonLine()
                            .put("shard", stream.id().shard().toString())
                            .put("segment", stream.id().segmentId())
                            .put("offset", record.offset())
                            .put("timestamp", record.timestampMillis())
                            .put("key", wrap(record.key()))
                            .put("value", wrap(record.value()))
                            .toString());
                }
            }
        } catch (RmqException inside) {
            out.accept(new JsonLine()
                    .put("shard", stream.id().shard().toString())
                    .put("baseOffset", baseOffset)
                    .put("damage", "the batch is as its client sent it, but cannot be read: " + inside.getMessage())
                    .toString());
        } finally {
            reader.clear();
        }
    }

    private static @Nullable ByteBuf wrap(byte @Nullable [] bytes) {
        return bytes == null ? null : Unpooled.wrappedBuffer(bytes);
    }

    static String damage(Damage damage) {
        return new JsonLine()
                .put("damage", damage.reason())
                .put("file", damage.path())
                .put("fromByte", damage.fromByte())
                .put("toByte", damage.toByte())
                .put("fromOffset", damage.fromOffset())
                .put("toOffset", damage.toOffset())
                .toString();
    }

    /** The records of the write-ahead log from the newest checkpoint on, and where it ends. */
    public void log() {
        Map<Integer, String> names = new HashMap<>();
        LogImage[] read = new LogImage[1];
        // The first pass learns the streams' names.
        LogImage image = disk.image(NOTHING);
        read[0] = image;
        image.streams().forEach(stream -> names.put(stream.number(), stream.id().toString()));
        LogImage again = disk.image((position, type, number, flags, content) -> {
            if (disk.isWanted(read[0].stream(number))) {
                out.accept(frame(position, type, number, names.get(number), flags, content));
            }
        });
        out.accept(new JsonLine()
                .put("end", again.end().position())
                .put("verdict", again.end().verdict().name())
                .put("reason", again.end().reason())
                .toString());
        again.damages().forEach(damage -> out.accept(damage(damage)));
    }

    private static String frame(
            long position, WalRecordType type, int number, @Nullable String name, int flags, ByteBuf content) {
        JsonLine line = new JsonLine().put("position", position).put("type", type.name());
        if (number != 0) {
            line.put("stream", name == null ? Integer.toString(number) : name);
        }
        int at = content.readerIndex();
        switch (type) {
            case BATCH ->
                line.put("baseOffset", content.getLong(at))
                        .put("lastOffset", content.getLong(at) + content.getInt(at + 23))
                        .put("epoch", content.getInt(at + 12))
                        .put("records", content.getInt(at + 57))
                        .put("bytes", content.readableBytes())
                        .put("beginsSegment", flags != 0);
            case START_RAISED, CUT, SEALED -> line.put("offset", content.getLong(at));
            case EPOCH_OPENED -> line.put("epoch", content.getInt(at)).put("offset", content.getLong(at + 4));
            case MOUNTED -> line.put("session", content.getLong(at));
            default -> line.put("bytes", content.readableBytes());
        }
        return line.toString();
    }
}
