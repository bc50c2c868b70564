/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.TimestampAndOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The segment files of one stream in one directory: batches one behind the other, from the start offset to the end. What
 * changes it is called by the disk's writer only. {@link #read}, {@link #slice}, {@link #offsetForTimestamp}, {@link
 * #prepareReplace}, {@link Dirty#force} and the getters may be called by other disk threads meanwhile: they look at one
 * immutable list, whose files stay until nobody reads them.
 */
public final class StreamSegments {
    private static final SegmentFile[] NONE = {};

    private final SegmentDisk disk;
    private final String directory;
    private volatile SegmentFile[] files = NONE;
    private volatile long startOffset;
    private volatile long endOffset;
    private volatile StreamEpochs epochs;
    private volatile SegmentConfig config;

    private final StreamReads reads = new StreamReads(this);
    private final AtomicInteger lastGeneration = new AtomicInteger();

    // Of the writer.
    private final Unforced unforced = new Unforced();

    private boolean recovering = true;
    /** Before the list is emptied: readers must not take that for a stream with nothing in it. */
    private volatile boolean closed;

    private StreamSegments(
            SegmentDisk disk,
            String directory,
            SegmentConfig config,
            long startOffset,
            long endOffset,
            StreamEpochs epochs) {
        this.disk = disk;
        this.directory = directory;
        this.config = config;
        this.startOffset = startOffset;
        this.endOffset = endOffset;
        this.epochs = epochs;
    }

    /**
     * As a checkpoint describes it, or empty when it is new. No file is touched until it is needed. Until {@link #recovered}
     * what the log says is repeated: files may hold more than they should, or be missing where a later step lets them go.
     */
    public static StreamSegments open(
            SegmentDisk disk,
            String directory,
            SegmentConfig config,
            long startOffset,
            long endOffset,
            List<SegmentInfo> segments,
            StreamEpochs epochs) {
        StreamSegments stream = new StreamSegments(disk, directory, config, startOffset, endOffset, epochs);
        stream.restore(startOffset, endOffset, segments, epochs);
        return stream;
    }

    // --- what there is

    public String directory() {
        return directory;
    }

    public long startOffset() {
        return startOffset;
    }

    public long endOffset() {
        return endOffset;
    }

    public StreamEpochs epochs() {
        return epochs;
    }

    public int segments() {
        return files.length;
    }

    public long bytes() {
        long bytes = 0;
        for (SegmentFile file : files) {
            bytes += file.bytes();
        }
        return bytes;
    }

    /** Of the writer, for its checkpoint. */
    public List<SegmentInfo> describe() {
        List<SegmentInfo> infos = new ArrayList<>(files.length);
        for (SegmentFile file : files) {
            infos.add(file.info());
        }
        return infos;
    }

    /** Sealed segments, oldest first, for retention; the end of the last one is where appending goes on. */
    public List<SegmentInfo> sealedSegments() {
        List<SegmentInfo> infos = new ArrayList<>(files.length);
        for (SegmentFile file : files) {
            if (file.isSealed()) {
                infos.add(file.info());
            }
        }
        return infos;
    }

    SegmentFile[] files() {
        return files;
    }

    /** As {@link #files}, or CLOSED. */
    SegmentFile[] filesToRead() {
        SegmentFile[] now = files;
        if (closed) {
            throw RmqError.CLOSED.exception("the stream has been closed: " + directory);
        }
        return now;
    }

    /** Whether that is the path of one of its segments. */
    public boolean has(String path) {
        for (SegmentFile file : files) {
            if (file.path().equals(path)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable SegmentFile openFile() {
        SegmentFile[] now = files;
        return now.length == 0 || now[now.length - 1].isSealed() ? null : now[now.length - 1];
    }

    // --- appending

    public void configure(SegmentConfig newConfig) {
        config = newConfig;
    }

    /**
     * Whether the next batch should begin a new segment file.
     *
     * @param pendingBytes of batches that will be appended before it
     * @param pendingSegments whether one of those begins a new segment file, so that only pendingBytes count
     */
    public boolean shouldRoll(long pendingBytes, boolean pendingSegments, int batchBytes, long nowMillis) {
        SegmentFile open = pendingSegments ? null : openFile();
        if (open == null) {
            return pendingBytes > 0 && pendingBytes + batchBytes > config.segmentBytes();
        }
        long bytes = open.bytes() + pendingBytes;
        boolean old = config.segmentMillis() > 0 && nowMillis - open.createdMillis() >= config.segmentMillis();
        return bytes > 0 && (old || bytes + batchBytes > config.segmentBytes());
    }

    /** Seals the open segment, if there is one with a batch in it; the next batch begins a new file. */
    public void roll() {
        SegmentFile open = openFile();
        if (open == null || open.bytes() == 0) {
            return;
        }
        if (recovering) {
            open.trimIfThere();
            open.seal();
        } else {
            open.seal();
            open.saveIndexLater();
        }
    }

    /**
     * Appends whole batches, one in each borrowed buffer, with one write. The first begins at the end offset, or behind it
     * where the source has a gap. Without effect when the write fails. Never seals by itself: see {@link #shouldRoll}.
     */
    public void append(long nowMillis, ByteBuf... batches) {
        if (batches.length == 0) {
            return;
        }
        long next = check(batches);
        SegmentFile open = openFile();
        if (open == null) {
            open = begin(nowMillis);
        }
        open.append(batches, recovering);
        unforced.add(open);
        noteEpochs(batches);
        endOffset = next;
    }

    private long check(ByteBuf[] batches) {
        long next = endOffset;
        for (ByteBuf batch : batches) {
            int index = batch.readerIndex();
            boolean whole = batch.readableBytes() >= RecordBatch.HEADER_BYTES
                    && BatchHeader.sizeBytes(batch, index) == batch.readableBytes();
            if (!whole || BatchHeader.baseOffset(batch, index) < next) {
                throw RmqError.INTERNAL.exception("not the batch that follows offset " + next + " of " + directory);
            }
            next = BatchHeader.nextOffset(batch, index);
        }
        return next;
    }

    private void noteEpochs(ByteBuf[] batches) {
        int last = epochs.last();
        for (ByteBuf batch : batches) {
            int epoch = BatchHeader.epoch(batch, batch.readerIndex());
            if (epoch != last) {
                epochs = epochs.with(epoch, BatchHeader.baseOffset(batch, batch.readerIndex()));
                last = epoch;
            }
        }
    }

    /** Of an append, and of a scan that goes on with a file that the checkpoint did not know. */
    SegmentFile begin(long nowMillis) {
        SegmentFile file = SegmentFile.create(disk, directory, endOffset, 0, nowMillis);
        SegmentFile[] more = Arrays.copyOf(files, files.length + 1);
        more[files.length] = file;
        files = more;
        // Also when nothing comes of it: what a checkpoint names must be there.
        unforced.add(file);
        return file;
    }

    /** What is not yet forced, for a checkpoint or to answer an append that wants it; null when there is nothing. */
    public @Nullable Dirty takeDirty() {
        return unforced.take();
    }

    // --- reading

    /**
     * Whole batches from the one that holds the offset, below the high watermark, each proved; the caller releases them.
     * Nothing when there is nothing (left) up to the watermark or the limit. OUT_OF_RANGE names the start; CORRUPT_DATA names
     * file and bytes, and is answered by the read that begins at the damage, not by one that ends before it.
     */
    public ByteBuf read(long fromOffset, ReadLimits limits, long highWatermark) {
        return reads.read(fromOffset, limits, highWatermark);
    }

    /** As {@link #read}, by reference and of one file only; null when there is nothing. The caller releases it. */
    public @Nullable FileSlice slice(long fromOffset, ReadLimits limits, long highWatermark) {
        return reads.slice(fromOffset, limits, highWatermark);
    }

    /** See {@link ShardStore#offsetForTimestamp}; the batches that hold the answer are proved. */
    public TimestampAndOffset offsetForTimestamp(long timestampMillis, long highWatermark) {
        return reads.offsetForTimestamp(timestampMillis, highWatermark);
    }

    RmqException outOfRange(long offset, long end) {
        return RmqError.OUT_OF_RANGE.exception(
                "offset " + offset + " is not in the shard, which begins at " + startOffset + " and ends at " + end);
    }

    // --- letting go

    /**
     * Raises the start, at most to the end, and lets go of the files below it. A replay comes by the record of a raised start
     * before the batches of the same group, which went on in the open file: it lets go of that one when all is appended.
     */
    public Doomed dropPrefix(long newStartOffset) {
        startOffset = Math.max(startOffset, Math.min(newStartOffset, endOffset));
        epochs = epochs.from(startOffset);
        return letGoBelowStart(!recovering);
    }

    private Doomed letGoBelowStart(boolean openToo) {
        SegmentFile[] now = files;
        int gone = 0;
        while (gone < now.length && isBelowStart(now[gone]) && (openToo || now[gone].isSealed())) {
            gone++;
        }
        return letGo(now, 0, gone, NONE);
    }

    private boolean isBelowStart(SegmentFile file) {
        return file.sum().endOffset <= startOffset && file.bytes() > 0;
    }

    /**
     * Cuts everything from the offset on, which a batch must begin at: in memory, and on the disk when what is answered is
     * deleted. The log's record holds {@link #describe} from after it, because a replay finds files that are cut already; once
     * it is durable {@link Doomed#delete} must come before the next append.
     */
    public Doomed truncate(long newEndOffset) {
        if (newEndOffset >= endOffset) {
            return Doomed.NOTHING;
        }
        if (newEndOffset < startOffset) {
            throw outOfRange(newEndOffset, endOffset);
        }
        SegmentFile[] now = files;
        int kept = now.length;
        while (kept > 0 && now[kept - 1].baseOffset() >= newEndOffset) {
            kept--;
        }
        SegmentFile cut = kept > 0 && now[kept - 1].sum().endOffset > newEndOffset ? now[kept - 1] : null;
        if (cut != null) {
            cut.cut(SegmentCut.at(cut, newEndOffset));
            unforced.mark(cut);
        }
        endOffset = newEndOffset;
        epochs = epochs.below(newEndOffset);
        // A replay writes again what the log holds; what stands further behind may be of later, and in no log.
        return letGo(now, kept, now.length, NONE).cutting(recovering ? null : cut);
    }

    private Doomed letGo(SegmentFile[] now, int from, int to, SegmentFile[] instead) {
        if (from == to && instead.length == 0) {
            return Doomed.NOTHING;
        }
        List<SegmentFile> left = new ArrayList<>(Arrays.asList(now).subList(0, from));
        left.addAll(Arrays.asList(instead));
        left.addAll(Arrays.asList(now).subList(to, now.length));
        List<SegmentFile> gone = Arrays.asList(now).subList(from, to);
        unforced.removeAll(gone);
        files = left.toArray(SegmentFile[]::new);
        if (recovering) {
            // Deleted at the end of the replay, if they are not made again before that.
            gone.forEach(SegmentFile::close);
            return Doomed.NOTHING;
        }
        return new Doomed(gone);
    }

    // --- replacing a range

    /** From where on nothing may be replaced, because it is in the open segment: {@link #roll} first. */
    public long replaceableEnd() {
        // In this order: a file that the writer opens meanwhile begins at this end or behind it.
        long end = endOffset;
        SegmentFile open = openFile();
        return open == null ? end : open.baseOffset();
    }

    /**
     * Writes and forces new files that hold the batches in place of those of the range, with what lies around them in the
     * same files; on a background thread. The borrowed batches lie inside of the range and rise. Nothing changes before
     * {@link #commit}. INVALID_REQUEST when the range cuts a batch or reaches into the open segment.
     */
    public Replacement prepareReplace(OffsetRange range, List<RecordBatch> batches, long nowMillis) {
        List<SegmentFile> old = hold(range);
        try {
            int generation =
                    old.stream().mapToInt(SegmentFile::generation).max().orElse(0) + 1;
            // A name is used once: files of a replacement that came to nothing may be deleted later than this.
            int unused = lastGeneration.updateAndGet(last -> Math.max(last + 1, generation));
            return new RangeRewrite(disk, directory, config, range, startOffset).run(old, batches, unused, nowMillis);
        } finally {
            old.forEach(SegmentFile::release);
        }
    }

    /**
     * The sealed files of the range, kept from being deleted. The writer may drop some of them just now: they are not in the list
     * any more then, and what is left of the range is in those that are.
     */
    private List<SegmentFile> hold(OffsetRange range) {
        SegmentFile[] now = filesToRead();
        List<SegmentFile> old = sealedFilesOf(now, range);
        while (!SegmentFile.retainAll(old)) {
            SegmentFile[] left = filesToRead();
            if (left == now) {
                throw RmqError.CLOSED.exception("files of the stream are closed: " + directory);
            }
            now = left;
            old = sealedFilesOf(now, range);
        }
        return old;
    }

    private static List<SegmentFile> sealedFilesOf(SegmentFile[] now, OffsetRange range) {
        int from = 0;
        while (from < now.length && now[from].isSealed() && now[from].sum().endOffset <= range.start()) {
            from++;
        }
        int to = from;
        while (to < now.length && now[to].isSealed() && now[to].baseOffset() < range.end()) {
            to++;
        }
        if (to < now.length && !now[to].isSealed() && now[to].baseOffset() < range.end()) {
            throw RmqError.INVALID_REQUEST.exception("the range [" + range.start() + ", " + range.end()
                    + ") reaches into the open segment from " + now[to].baseOffset());
        }
        return Arrays.asList(now).subList(from, to);
    }

    /**
     * Puts the prepared files in place; null, and nothing has changed, when their range was dropped or cut meanwhile. The
     * log's record holds {@link #describe} from after it; what is answered is deleted once that record is durable.
     */
    public @Nullable Doomed commit(Replacement replacement) {
        SegmentFile[] now = files;
        List<SegmentFile> old = replacement.old();
        if (old.isEmpty()) {
            return Doomed.NOTHING;
        }
        int from = Arrays.asList(now).indexOf(old.get(0));
        boolean there = from >= 0
                && from + old.size() <= now.length
                && Arrays.asList(now).subList(from, from + old.size()).equals(old)
                && old.stream().allMatch(SegmentFile::isSealed);
        if (!there) {
            replacement.discard();
            return null;
        }
        return letGo(now, from, from + old.size(), replacement.written().toArray(SegmentFile[]::new));
    }

    // --- recovery

    /** Takes the list of a checkpoint, or of the log's record of a cut or a replacement, in place of the present one. */
    public void restore(long newStartOffset, long newEndOffset, List<SegmentInfo> segments, StreamEpochs newEpochs) {
        List<SegmentFile> present = List.of(files);
        List<SegmentFile> old = new ArrayList<>(present);
        List<SegmentFile> restored = new ArrayList<>();
        for (SegmentInfo info : segments) {
            SegmentFile same = old.stream()
                    .filter(file -> file.info().equals(info))
                    .findFirst()
                    .orElse(null);
            if (same != null) {
                old.remove(same);
            }
            restored.add(same != null ? same : SegmentFile.of(disk, directory, info));
        }
        unforced.carryOver(old, restored);
        if (!recovering) {
            // Taken back because its record failed: what was let go meanwhile was not forced by anybody.
            restored.stream().filter(file -> !present.contains(file)).forEach(unforced::mark);
        }
        old.forEach(SegmentFile::close);
        startOffset = newStartOffset;
        endOffset = newEndOffset;
        epochs = newEpochs;
        files = restored.toArray(SegmentFile[]::new);
    }

    /**
     * For a stream whose batches are in no log: takes what its files hold beyond the checkpoint, CRC by CRC and offset by
     * offset, and cuts at the first damage. CORRUPT_DATA when what the checkpoint counts is not there.
     */
    public TailScan.Result scanTail(long nowMillis) {
        TailScan scan = new TailScan(disk, directory, nowMillis);
        return scan.run(this);
    }

    /** Offsets in that range, both included, at which files on the disk begin; rising. */
    public List<Long> basesOnDisk(long from, long to) {
        if (!disk.disk().exists(directory)) {
            return List.of();
        }
        return disk.disk().list(directory).stream()
                .map(SegmentName::parse)
                .filter(name ->
                        name != null && name.generation() == 0 && name.baseOffset() >= from && name.baseOffset() <= to)
                .map(SegmentName::baseOffset)
                .distinct()
                .sorted()
                .toList();
    }

    /** Of a scan: a batch was found behind the end. */
    void found(SegmentFile file, long newEndOffset, int epoch, long baseOffset) {
        if (epoch != epochs.last()) {
            epochs = epochs.with(epoch, baseOffset);
        }
        endOffset = newEndOffset;
        unforced.add(file);
    }

    /**
     * Ends the replay: cuts the open file to its end, deletes files that are not in the list, and from now on a missing file is
     * damage.
     *
     * @param touched whether the log had anything for this stream; if not, its directory is not even looked at
     */
    public void recovered(boolean touched) {
        if (touched && disk.disk().exists(directory)) {
            // Also a file that was open when the start was raised, and that a later batch has sealed.
            letGoBelowStart(true);
            trimOpenFile();
            deleteLeftovers();
            unforced.saveIndexesOfSealed();
        }
        recovering = false;
    }

    private void trimOpenFile() {
        SegmentFile open = openFile();
        if (open != null) {
            boolean made = open.makeIfEmpty();
            // The next start would meet what comes back before it meets what is appended from now on.
            if (open.trim() || made) {
                unforced.mark(open);
            }
        }
    }

    private void deleteLeftovers() {
        Set<String> known = new HashSet<>();
        for (SegmentFile file : files) {
            String name = SegmentInfo.name(file.baseOffset(), file.generation());
            known.add(name + SegmentInfo.SEGMENT_SUFFIX);
            known.add(name + SegmentInfo.INDEX_SUFFIX);
        }
        for (String name : disk.disk().list(directory)) {
            boolean ours = name.contains(SegmentInfo.SEGMENT_SUFFIX) || name.endsWith(SegmentInfo.INDEX_SUFFIX);
            if (ours && !known.contains(name)) {
                disk.disk().delete(directory + "/" + name);
            }
        }
    }

    // --- the end

    /** Lets go of open files; what is on the disk stays. Readers that are under way finish. */
    public void close() {
        SegmentFile open = openFile();
        if (open != null && !recovering) {
            open.saveTailIndex();
        }
        SegmentFile[] now = files;
        closed = true;
        files = NONE;
        unforced.clear();
        for (SegmentFile file : now) {
            file.close();
        }
    }

    /** Deletes everything in the directory, and the directory, in the background, behind the last reader of each file. */
    public void destroy() {
        SegmentFile[] now = files;
        closed = true;
        files = NONE;
        startOffset = endOffset;
        unforced.clear();
        for (SegmentFile file : now) {
            file.doom();
        }
        disk.later(() -> {
            if (disk.disk().exists(directory)) {
                for (String name : disk.disk().list(directory)) {
                    disk.deleteIfThere(directory + "/" + name);
                }
                disk.deleteIfThere(directory);
            }
        });
    }
}
