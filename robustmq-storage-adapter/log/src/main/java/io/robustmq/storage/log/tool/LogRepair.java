/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.tool;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.storage.log.LogImage;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.wal.WalEnd;
import io.robustmq.storage.log.wal.WalFiles;
import io.robustmq.storage.log.wal.WalFormat;
import io.robustmq.storage.log.wal.WalRecordType;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * {@code ctl log repair}: mends what can be mended without loss (indexes, derived state, a damaged checkpoint of which there is a
 * whole one), and, only when told so, gives up what is damaged: originals are moved into {@code quarantine}, and what is lost is
 * said shard by shard. Confined to one thread.
 */
public final class LogRepair {
    private static final String QUARANTINE = "quarantine";
    private static final int ZERO_BYTES = 64 * 1024;

    private final StoppedDisk disk;
    private final boolean acceptLoss;
    private final Consumer<String> out;
    private int left;

    public LogRepair(StoppedDisk disk, boolean acceptLoss, Consumer<String> out) {
        this.disk = disk;
        this.acceptLoss = acceptLoss;
        this.out = out;
    }

    /** Answers how many damages are left. */
    public int run() {
        LogVerify.Report report = new LogVerify(disk).run();
        LogImage image = report.image();
        for (LogVerify.DamagedSegment damaged : report.segments()) {
            segment(image, damaged);
        }
        for (Damage damage : report.damages()) {
            String path = damage.path();
            if (path.contains("/state-")) {
                quarantine(path);
                out.accept("derived state moved aside, its owner makes it again: " + path);
            } else if (path.startsWith("checkpoint-")) {
                checkpoint(image, damage);
            } else if (path.equals("checkpoint")) {
                keep(damage);
            }
        }
        if (image.end().verdict() == WalEnd.Verdict.CORRUPT) {
            log(image);
        }
        return left;
    }

    private void keep(Damage damage) {
        left++;
        out.accept("damage is left: " + damage);
    }

    // --- segments

    private void segment(LogImage image, LogVerify.DamagedSegment damaged) {
        List<Damage> inSegment = damaged.damages().stream()
                .filter(damage -> damage.path().endsWith(".seg"))
                .toList();
        String directory = damaged.stream().directory();
        if (inSegment.isEmpty()) {
            disk.segments().rebuildIndex(directory, damaged.info());
            out.accept("index built again: " + directory + "/" + damaged.info().fileName());
            return;
        }
        if (!acceptLoss) {
            inSegment.forEach(this::keep);
            return;
        }
        SegmentInfo before = damaged.info();
        if (image.checkpointPath() == null || damaged.stream().isChanged()) {
            out.accept("the log has changed the files of " + damaged.stream().id()
                    + " since the last checkpoint: start and stop the node, then repair again");
            inSegment.forEach(this::keep);
            return;
        }
        SegmentInfo now = disk.segments().rewriteWithout(directory, before, inSegment, QUARANTINE);
        if (!image.redescribe(damaged.stream().id(), before, now)) {
            throw RmqError.INTERNAL.exception("the checkpoint does not know " + before);
        }
        for (Damage damage : inSegment) {
            out.accept("lost: shard " + damaged.stream().id().shard() + " offsets [" + damage.fromOffset() + ", "
                    + damage.toOffset() + "), " + damage.path() + " bytes [" + damage.fromByte() + ", "
                    + damage.toByte() + ")");
        }
        out.accept("the damaged file is kept in " + QUARANTINE + "/");
    }

    // --- checkpoints

    private void checkpoint(LogImage image, Damage damage) {
        if (image.checkpointPath() == null) {
            keep(damage);
        } else {
            quarantine(damage.path());
            out.accept("damaged checkpoint moved aside, " + image.checkpointPath() + " is whole: " + damage.path());
        }
    }

    private void quarantine(String path) {
        disk.disk().createDirectory(QUARANTINE);
        disk.disk().rename(path, QUARANTINE + "/" + path.replace('/', '_'));
    }

    // --- the write-ahead log

    /** Offsets of one stream that the log held behind the damage. */
    private record Lost(long from, long to) {
        Lost and(Lost other) {
            return new Lost(Math.min(from, other.from), Math.max(to, other.to));
        }
    }

    private void log(LogImage image) {
        WalEnd end = image.end();
        if (!acceptLoss) {
            left++;
            out.accept("damage is left: the write-ahead log is damaged in [" + end.position() + ", " + end.damagedTo()
                    + "): " + end.reason() + "; --accept-loss ends it there");
            return;
        }
        TreeMap<Integer, Lost> lost = new TreeMap<>();
        image.scan(end.damagedTo(), end.session(), (position, type, stream, flags, content) -> {
            if (type == WalRecordType.BATCH) {
                long base = content.getLong(content.readerIndex());
                Lost batch = new Lost(base, base + content.getInt(content.readerIndex() + 23) + 1);
                lost.merge(stream, batch, Lost::and);
            }
        });
        cutLog(image.files(), end.position());
        out.accept("lost: what the write-ahead log held from " + end.position() + " on; in the damaged bytes up to "
                + end.damagedTo() + " nobody can say what that was");
        lost.forEach((number, range) -> {
            LogImage.StreamImage stream = image.stream(number);
            out.accept("lost: shard "
                    + (stream == null ? "number " + number : stream.id().shard()) + " offsets [" + range.from + ", "
                    + range.to + ")");
        });
        out.accept("the damaged files are kept in " + QUARANTINE + "/");
    }

    /** Copies the file in which the log is to end, and writes zeros behind that; files behind it go as a whole. */
    private void cutLog(WalFiles files, long position) {
        long first = position / files.fileBytes();
        disk.disk().createDirectory(QUARANTINE);
        for (long number = files.last(); number > first; number--) {
            if (files.exists(number)) {
                quarantine(WalFiles.path(number));
            }
        }
        if (!files.exists(first)) {
            return;
        }
        String path = WalFiles.path(first);
        String aside = QUARANTINE + "/" + path.replace('/', '_');
        ByteBuf bytes = Unpooled.directBuffer(ZERO_BYTES);
        try (DiskFile source = disk.disk().open(path);
                DiskFile copy = disk.disk().create(aside, 0)) {
            for (long at = 0; at < source.size(); at += ZERO_BYTES) {
                bytes.clear();
                source.read(at, bytes, ZERO_BYTES);
                copy.write(at, bytes);
            }
            copy.force();
            bytes.clear().writeZero(ZERO_BYTES);
            for (long at = position % files.fileBytes(); at < source.size(); at += bytes.readableBytes()) {
                bytes.writerIndex((int) Math.min(ZERO_BYTES, source.size() - at));
                source.write(at, bytes);
            }
            source.force();
        } finally {
            bytes.release();
        }
        if (position % WalFormat.PAGE_BYTES != 0) {
            throw RmqError.INTERNAL.exception("groups begin on pages, not at " + position);
        }
    }
}
