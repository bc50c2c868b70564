/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tools do with the segment files of a disk that nobody uses. Confined to one thread. */
public final class SegmentTools {
    private static final int CHECK_STEP_BYTES = 8 << 20;

    private final SegmentDisk disk;

    public SegmentTools(SegmentDisk disk) {
        this.disk = disk;
    }

    /** One batch as a dump shows it; the bytes are borrowed, and null when their CRC is wrong. */
    public interface BatchVisitor {
        void batch(long position, long baseOffset, long nextOffset, int epoch, int records, @Nullable ByteBuf whole);
    }

    /** Every range of the segment and of its index that is not what was written. */
    public List<Damage> check(String directory, SegmentInfo info) {
        SegmentFile file = SegmentFile.of(disk, directory, info);
        try (SegmentCheck check = new SegmentCheck(file)) {
            while (check.step(CHECK_STEP_BYTES)) {
                // Each step reads on.
            }
            return List.copyOf(check.damages());
        } catch (RmqException e) {
            if (e.error() != RmqError.CORRUPT_DATA) {
                throw e;
            }
            return List.of(
                    new Damage(file.path(), 0, info.bytes(), info.baseOffset(), info.endOffset(), e.getMessage()));
        } finally {
            file.close();
        }
    }

    /** Shows the batches of the first bytes of a file; answers what stopped it before its end. */
    public @Nullable Damage walk(String directory, SegmentInfo info, BatchVisitor visitor) {
        SegmentFile segment = SegmentFile.of(disk, directory, info);
        DiskFile file = segment.acquireFile();
        long end = Math.min(info.bytes(), file.size());
        try (BatchWalk walk = new BatchWalk(file, 0, end, BatchWalk.CONTENT_WINDOW_BYTES)) {
            long next = info.baseOffset();
            while (walk.next()) {
                next = walk.nextOffset();
                show(file, walk, visitor);
            }
            return walk.damage() == null
                    ? null
                    : new Damage(segment.path(), walk.position(), end, next, info.endOffset(), walk.damage());
        } finally {
            segment.releaseFile();
            segment.close();
        }
    }

    private static void show(DiskFile file, BatchWalk walk, BatchVisitor visitor) {
        long position = walk.position();
        boolean right = walk.contentIsRight();
        if (!right) {
            walk.passOver();
        }
        ByteBuf batch = right ? load(file, position, (int) walk.sizeBytes()) : null;
        try {
            visitor.batch(position, walk.baseOffset(), walk.nextOffset(), walk.epoch(), walk.recordCount(), batch);
        } finally {
            if (batch != null) {
                batch.release();
            }
        }
    }

    private static ByteBuf load(DiskFile file, long position, int size) {
        ByteBuf batch = PooledByteBufAllocator.DEFAULT.directBuffer(size);
        file.read(position, batch, size);
        return batch;
    }

    /** Writes the index of a sealed segment again, from its batches. */
    public void rebuildIndex(String directory, SegmentInfo info) {
        SegmentFile segment = SegmentFile.of(disk, directory, info);
        try {
            disk.deleteIfThere(segment.indexPath());
            segment.saveIndex();
        } finally {
            segment.close();
        }
    }

    /**
     * Moves a damaged segment aside and puts a file in its place that holds the batches outside of the damage; null when none is
     * left. Its description takes the place of the old one.
     */
    public @Nullable SegmentInfo rewriteWithout(
            String directory, SegmentInfo info, List<Damage> damages, String quarantine) {
        String path = directory + "/" + info.fileName();
        disk.deleteIfThere(directory + "/" + SegmentInfo.name(info.baseOffset(), info.generation()) + ".idx");
        if (!disk.disk().exists(path)) {
            return null;
        }
        String aside = quarantine + "/" + path.replace('/', '_');
        disk.disk().createDirectory(quarantine);
        disk.disk().rename(path, aside);
        SegmentFile target =
                SegmentFile.create(disk, directory, info.baseOffset(), info.generation(), info.createdMillis());
        try (DiskFile source = disk.disk().open(aside)) {
            long from = 0;
            long end = Math.min(info.bytes(), source.size());
            for (Damage damage : sorted(damages, path)) {
                copy(source, target, from, Math.min(end, damage.fromByte()));
                from = Math.max(from, damage.toByte());
            }
            copy(source, target, from, end);
            target.sum().rewritten = true;
            target.sum().endOffset = info.endOffset();
            if (info.sealed()) {
                target.seal();
            }
            target.force(target.info());
            if (target.bytes() == 0 && info.sealed()) {
                disk.deleteIfThere(path);
                return null;
            }
            if (info.sealed()) {
                target.saveIndex();
            }
            return target.info();
        } finally {
            target.close();
        }
    }

    private static List<Damage> sorted(List<Damage> damages, String path) {
        List<Damage> ofSegment = new ArrayList<>(damages);
        ofSegment.removeIf(damage -> !damage.path().equals(path));
        ofSegment.sort(java.util.Comparator.comparingLong(Damage::fromByte));
        return ofSegment;
    }

    private static void copy(DiskFile source, SegmentFile target, long from, long to) {
        if (from >= to) {
            return;
        }
        try (BatchWalk walk = new BatchWalk(source, from, to, BatchWalk.CONTENT_WINDOW_BYTES)) {
            while (walk.next()) {
                long position = walk.position();
                boolean follows = walk.baseOffset() >= target.sum().endOffset;
                if (!follows || !walk.contentIsRight()) {
                    continue;
                }
                ByteBuf batch = load(source, position, (int) walk.sizeBytes());
                try {
                    target.append(new ByteBuf[] {batch}, false);
                } finally {
                    batch.release();
                }
            }
        }
    }
}
