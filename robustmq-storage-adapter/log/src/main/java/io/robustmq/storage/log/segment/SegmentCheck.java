/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole segment and finds every range that is not what was written, in steps. Where headers are damaged it goes on at
 * the next entry of the index. Confined to one thread; to be closed. The caller has retained the file.
 */
final class SegmentCheck implements AutoCloseable {
    private final SegmentFile segment;
    private final SegmentInfo known;
    private final DiskFile file;
    private final long size;
    private final @Nullable SparseIndex index;
    private final List<Damage> damages = new ArrayList<>();
    private BatchWalk walk;
    private int nextEntry;
    private int crc;
    private long records;
    private long expectedOffset;
    private long readBefore;
    private boolean damagedHeaders;

    /** Throws CORRUPT_DATA when the file is missing. */
    SegmentCheck(SegmentFile segment) {
        this.segment = segment;
        this.known = segment.info();
        this.index = checkIndex();
        this.file = segment.acquireFile();
        this.size = Math.min(known.bytes(), file.size());
        this.expectedOffset = known.baseOffset();
        this.walk = walkFrom(0);
    }

    private BatchWalk walkFrom(long position) {
        BatchWalk from = new BatchWalk(file, position, size, BatchWalk.CONTENT_WINDOW_BYTES);
        return from.expect(expectedOffset, known.rewritten() || damagedHeaders);
    }

    private @Nullable SparseIndex checkIndex() {
        try {
            IndexFile stored = segment.storedIndex();
            if (stored == null || !known.sealed()) {
                return null;
            }
            if (stored.footer().headerCrc() != known.headerCrc()
                    || stored.footer().bytes() != known.bytes()
                    || stored.footer().records() != known.records()) {
                found(segment.indexPath(), 0, 0, 0, 0, "its footer is not that of the segment");
                return null;
            }
            return stored.index();
        } catch (RmqException e) {
            if (e.error() != RmqError.CORRUPT_DATA) {
                throw e;
            }
            found(segment.indexPath(), 0, 0, 0, 0, e.getMessage());
            return null;
        }
    }

    /** Reads about that many bytes more; false when everything has been read. */
    boolean step(long bytes) {
        long until = bytesRead() + bytes;
        while (bytesRead() < until) {
            if (!walk.next()) {
                String damage = walk.damage();
                if (damage == null || !resumeBehind(damage)) {
                    finish();
                    return false;
                }
                continue;
            }
            checkHeaders();
            check();
        }
        return true;
    }

    private void check() {
        long base = walk.baseOffset();
        long next = walk.nextOffset();
        crc = walk.outerCrc(crc);
        records += walk.recordCount();
        expectedOffset = next;
        if (!walk.contentIsRight()) {
            found(segment.path(), walk.position(), walk.nextPosition(), base, next, String.valueOf(walk.damage()));
            walk.passOver();
        }
    }

    /** Compares the headers of the batches between two entries of the index. */
    private void checkHeaders() {
        SparseIndex entries = index;
        if (entries == null) {
            return;
        }
        while (nextEntry < entries.count() && entries.position(nextEntry) < walk.position()) {
            nextEntry++;
        }
        if (nextEntry < entries.count() && entries.position(nextEntry) == walk.position()) {
            if (crc != entries.crcBefore(nextEntry)) {
                int before = Math.max(0, nextEntry - 1);
                wrongHeaders(entries.position(before), walk.position(), entries.offset(before), walk.baseOffset());
                crc = entries.crcBefore(nextEntry);
            }
            nextEntry++;
        }
    }

    private void wrongHeaders(long fromByte, long toByte, long fromOffset, long toOffset) {
        damagedHeaders = true;
        found(
                segment.path(),
                fromByte,
                toByte,
                fromOffset,
                toOffset,
                "batch headers have another CRC than when written");
    }

    /** Whether there is a place behind the damage from where the file can be read on. */
    private boolean resumeBehind(String damage) {
        damagedHeaders = true;
        long from = walk.position();
        SparseIndex entries = index;
        int entry = entries == null ? 0 : Math.max(nextEntry, entries.floorPosition(from) + 1);
        boolean more = entries != null && entry < entries.count() && entries.position(entry) < size;
        long to = more ? entries.position(entry) : known.bytes();
        found(segment.path(), from, to, expectedOffset, more ? entries.offset(entry) : known.endOffset(), damage);
        if (!more) {
            return false;
        }
        readBefore += walk.bytesRead();
        walk.close();
        expectedOffset = entries.offset(entry);
        crc = entries.crcBefore(entry);
        nextEntry = entry;
        walk = walkFrom(to);
        return true;
    }

    private void finish() {
        if (walk.damage() != null) {
            return;
        }
        if (size < known.bytes()) {
            found(segment.path(), size, known.bytes(), expectedOffset, known.endOffset(), "the file ends early");
        } else if (crc != known.headerCrc() || records != known.records() && !damagedHeaders) {
            SparseIndex entries = index;
            int last = entries == null || entries.count() == 0 ? -1 : entries.count() - 1;
            wrongHeaders(
                    last < 0 ? 0 : entries.position(last),
                    size,
                    last < 0 ? known.baseOffset() : entries.offset(last),
                    known.endOffset());
        }
    }

    private void found(String path, long fromByte, long toByte, long fromOffset, long toOffset, String reason) {
        damages.add(new Damage(path, fromByte, toByte, fromOffset, toOffset, reason));
    }

    /** What was found so far. */
    List<Damage> damages() {
        return damages;
    }

    long bytesRead() {
        return readBefore + walk.bytesRead();
    }

    @Override
    public void close() {
        walk.close();
        segment.releaseFile();
    }
}
