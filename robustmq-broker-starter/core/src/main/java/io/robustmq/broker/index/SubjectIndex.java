/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordView;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStats;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which granules of a shard hold which subjects. It follows the high watermark on its own loop, a bounded read a turn: a tail in
 * memory grows, is sealed into a block and stored with the shard. Ranges that it does not cover, because it lags or because a
 * stored block is missing or damaged, are scanned by whoever asks, and are indexed as time allows: it is never needed for an
 * answer to be right. Confined to its loop.
 */
final class SubjectIndex {
    private static final Logger LOG = LoggerFactory.getLogger(SubjectIndex.class);
    private static final int BYTES_PER_TURN = 128 * 1024;
    private static final long RETRY_MILLIS = 30_000;

    private final SubjectIndexes node;
    private final ShardStore store;
    private final Loop loop;
    private final RecordSubject subject;
    private final BlockStore blockStore;
    private final BatchWalk batches = new BatchWalk();
    private final List<IndexBlock> blocks = new ArrayList<>();
    private final List<Runnable> whenOpen = new ArrayList<>();
    private final Recorder recorder = new Recorder();

    private @Nullable IndexTail tail;
    /** Fills a range between blocks. */
    private @Nullable IndexTail patch;

    private long patchEnd;
    private long seed;
    private int epoch;
    private long startOffset;
    private long highWatermark;
    private @Nullable Cancellable following;
    private boolean busy;
    private boolean opened;
    private boolean closed;
    /** Reads or stores fail: everything that is not covered is scanned until the next attempt. */
    private boolean resting;

    private long accountedBytes;
    private int queries;
    private long lastUsedMillis;

    SubjectIndex(SubjectIndexes node, ShardStore store, Loop owner, Loop loop, SubjectRule rule) {
        this.node = node;
        this.store = store;
        this.loop = loop;
        this.subject = new RecordSubject(rule);
        this.blockStore = new BlockStore(store, owner, loop, node.cache());
        this.lastUsedMillis = loop.clock().millis();
    }

    // --- beginning

    /** Runs the task once the index knows what it has. */
    void whenOpen(Runnable task) {
        assert loop.inLoop();
        if (opened) {
            task.run();
        } else {
            whenOpen.add(task);
        }
    }

    void open() {
        assert loop.inLoop();
        blockStore.open(this::watermarkRose, this::opened);
    }

    private void opened(
            @Nullable ShardStats stats,
            byte[] manifestBytes,
            @Nullable Cancellable registration,
            @Nullable Throwable failure) {
        if (closed) {
            if (registration != null) {
                blockStore.unfollow(registration);
            }
            return;
        }
        following = registration;
        if (stats == null) {
            LOG.warn("a subject index cannot be opened; reads by subject scan the shard", failure);
            resting = true;
        } else {
            startOffset = stats.startOffset();
            highWatermark = Math.max(highWatermark, stats.highWatermark());
            epoch = lastEpoch(stats);
            restore(stats, IndexManifest.decode(manifestBytes));
        }
        opened = true;
        whenOpen.forEach(Runnable::run);
        whenOpen.clear();
        pump();
    }

    private static int lastEpoch(ShardStats stats) {
        List<ShardStats.EpochEnd> epochs = stats.epochs();
        return epochs.isEmpty() ? -1 : epochs.get(epochs.size() - 1).epoch();
    }

    private void restore(ShardStats stats, @Nullable IndexManifest manifest) {
        seed = manifest == null ? node.random().nextLong() : manifest.seed();
        if (manifest != null) {
            for (IndexBlock block : manifest.blocks()) {
                if (block.to > startOffset && isOfThisLog(block, stats)) {
                    blocks.add(block);
                }
            }
        }
        long from = blocks.isEmpty() ? startOffset : blocks.get(blocks.size() - 1).to;
        tail = new IndexTail(from, seed);
    }

    /**
     * A log may have lost its end in an unclean restart, and may have grown again before somebody asked: (1) a block covers up to
     * 1000 in epoch 3; (2) the node falls, and 900 is the end of what is found; (3) epoch 4 appends other records from 900 to
     * 1200. The epochs tell: the last one that is not younger than the block ended at 900.
     */
    private static boolean isOfThisLog(IndexBlock block, ShardStats stats) {
        if (block.to > stats.highWatermark()) {
            return false;
        }
        long end = stats.epochs().isEmpty() ? stats.highWatermark() : -1;
        for (ShardStats.EpochEnd each : stats.epochs()) {
            if (each.epoch() <= block.epoch) {
                end = each.endOffset();
            }
        }
        return block.to <= end;
    }

    // --- following

    private void watermarkRose(long offset) {
        highWatermark = Math.max(highWatermark, offset);
        pump();
    }

    private void pump() {
        IndexTail growing = growing();
        if (closed || busy || resting || growing == null) {
            return;
        }
        long goal = growing == patch ? patchEnd : highWatermark;
        if (growing.to() >= goal) {
            return;
        }
        busy = true;
        try {
            store.read(
                    growing.to(),
                    new ReadLimits(BYTES_PER_TURN, goal),
                    loop,
                    (owned, watermark, failure) -> completed(growing, goal, owned, failure));
        } catch (RuntimeException e) {
            rest(e);
        }
    }

    /** First the tail, which everybody needs; then what is missing between blocks. */
    private @Nullable IndexTail growing() {
        IndexTail current = tail;
        if (patch != null || current == null || current.to() < highWatermark) {
            return patch != null ? patch : current;
        }
        long from = startOffset;
        for (IndexBlock block : blocks) {
            if (block.from > from) {
                patch = new IndexTail(from, seed);
                patchEnd = block.from;
                return patch;
            }
            from = Math.max(from, block.to);
        }
        if (current.from() > from) {
            patch = new IndexTail(from, seed);
            patchEnd = current.from();
            return patch;
        }
        return current;
    }

    private void completed(IndexTail growing, long goal, @Nullable ByteBuf owned, @Nullable RmqException failure) {
        busy = false;
        try {
            if (closed) {
                return;
            }
            if (owned == null) {
                readFailed(growing, failure);
                return;
            }
            recorder.target = growing;
            long next = batches.walk(owned, growing.to(), goal, recorder);
            growing.endBatch(next);
        } catch (RuntimeException e) {
            rest(e);
            return;
        } finally {
            subject.clear();
            if (owned != null) {
                owned.release();
            }
        }
        account();
        boolean finished = growing == patch && growing.to() >= patchEnd;
        if (finished || isFull(growing)) {
            busy = true;
            loop.execute(() -> seal(growing));
        } else {
            loop.execute(this::pump);
        }
    }

    /** Puts what a batch holds into a tail. */
    private final class Recorder implements BatchWalk.Visitor {
        private @Nullable IndexTail target;

        private IndexTail target() {
            return java.util.Objects.requireNonNull(target, "nothing grows");
        }

        @Override
        public void beginBatch(long baseOffset, int sizeBytes) {
            target().beginBatch(baseOffset, sizeBytes);
        }

        @Override
        public boolean record(RecordView record) {
            if (subject.read(record)) {
                target().add(subject);
            }
            return true;
        }

        @Override
        public boolean endBatch(long nextOffset) {
            target().endBatch(nextOffset);
            return !isFull(target());
        }
    }

    private boolean isFull(IndexTail growing) {
        IndexConfig config = node.config();
        long bytes = growing.sizeBytes();
        return bytes >= config.tailBytes()
                || growing.records() >= config.tailRecords()
                || growing.to() - growing.from() > Integer.MAX_VALUE / 2
                || bytes >= config.tailBytesMin() && node.tailBytes() > config.tailBytesPerNode();
    }

    private void account() {
        IndexTail current = tail;
        IndexTail patching = patch;
        long bytes = closed
                ? 0
                : (current == null ? 0 : current.sizeBytes()) + (patching == null ? 0 : patching.sizeBytes());
        node.addTailBytes(bytes - accountedBytes);
        accountedBytes = bytes;
    }

    /** Retention overtook; or the store is gone or fails, and the next one or a later attempt goes on. */
    private void readFailed(IndexTail growing, @Nullable RmqException failure) {
        if (failure == null || failure.error() != RmqError.OUT_OF_RANGE) {
            rest(failure);
            return;
        }
        busy = true;
        blockStore.stats(stats -> {
            busy = false;
            if (closed) {
                return;
            }
            if (stats == null || stats.startOffset() <= growing.to()) {
                rest(failure);
                return;
            }
            startOffset = stats.startOffset();
            if (growing == patch) {
                patch = null;
            } else {
                tail = new IndexTail(startOffset, seed);
            }
            account();
            pump();
        });
    }

    private void rest(@Nullable Throwable failure) {
        busy = false;
        patch = null;
        account();
        boolean gone = failure instanceof RmqException known
                && (known.error() == RmqError.CLOSED || known.error() == RmqError.FENCED);
        if (gone || resting) {
            resting = true;
            return;
        }
        LOG.warn("a subject index rests; reads by subject scan what it lacks", failure);
        resting = true;
        loop.schedule(RETRY_MILLIS, () -> {
            resting = false;
            pump();
        });
    }

    // --- sealing

    /** In many turns, because others wait for the loop. */
    private void seal(IndexTail full) {
        byte[][] parts = new byte[BlockPart.values().length][];
        parts[BlockPart.SUMMARY.ordinal()] = SubjectSummary.encode(full);
        loop.execute(() -> {
            parts[BlockPart.POSTINGS.ordinal()] = SubjectPostings.encode(full);
            SubjectNames.Encoder names = new SubjectNames.Encoder(full);
            loop.execute(() -> sealNames(full, parts, names));
        });
    }

    private void sealNames(IndexTail full, byte[][] parts, SubjectNames.Encoder names) {
        byte[] encoded = names.step();
        if (encoded == null) {
            loop.execute(() -> sealNames(full, parts, names));
        } else {
            parts[BlockPart.NAMES.ordinal()] = encoded;
            sealed(full, parts);
        }
    }

    private void sealed(IndexTail full, byte[][] parts) {
        if (closed) {
            return;
        }
        IndexBlock block = IndexBlock.of(full, epoch, freeSlot(), parts);
        int at = 0;
        while (at < blocks.size() && blocks.get(at).from < block.from) {
            at++;
        }
        blocks.add(at, block);
        if (full == tail) {
            tail = new IndexTail(full.to(), seed);
        } else {
            patch = null;
        }
        account();
        node.blocksSealed.increment();
        blockStore.put(block, failure -> stored(block, failure));
    }

    private int freeSlot() {
        java.util.BitSet used = new java.util.BitSet();
        blocks.forEach(block -> used.set(block.slot));
        return used.nextClearBit(0);
    }

    private void stored(IndexBlock block, @Nullable Throwable failure) {
        if (failure != null) {
            drop(block);
            rest(failure);
            return;
        }
        block.stored();
        blockStore.stats(stats -> {
            List<IndexBlock> gone = new ArrayList<>();
            if (stats != null) {
                startOffset = stats.startOffset();
                blocks.removeIf(each -> each.to <= startOffset && gone.add(each));
            }
            blockStore.put(new IndexManifest(seed, List.copyOf(blocks)), block.to, problem -> {
                busy = false;
                gone.forEach(problem == null ? blockStore::clear : blockStore::forget);
                if (problem == null) {
                    pump();
                } else {
                    rest(problem);
                }
            });
        });
    }

    private void drop(IndexBlock block) {
        blocks.remove(block);
        blockStore.forget(block);
    }

    // --- asked

    /** The block that covers the offset, or null. */
    @Nullable
    IndexBlock blockAt(long offset) {
        int low = 0;
        int high = blocks.size() - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            IndexBlock block = blocks.get(middle);
            if (block.to <= offset) {
                low = middle + 1;
            } else if (block.from > offset) {
                high = middle - 1;
            } else {
                return block;
            }
        }
        return null;
    }

    List<IndexBlock> sealed() {
        return List.copyOf(blocks);
    }

    @Nullable
    IndexTail tail() {
        return tail;
    }

    /** Whether everything that is committed is indexed, or will not be before long. */
    boolean isUpToDate() {
        IndexTail current = tail;
        return closed || resting || current != null && patch == null && current.to() >= highWatermark;
    }

    /** The tail if it covers the offset. */
    @Nullable
    IndexTail tailAt(long offset) {
        IndexTail current = tail;
        return current != null && current.from() <= offset && offset < current.to() ? current : null;
    }

    /** The first offset from there on that is covered; {@link Long#MAX_VALUE} for none. */
    long nextCovered(long offset) {
        for (IndexBlock block : blocks) {
            if (block.to > offset) {
                return Math.max(offset, block.from);
            }
        }
        IndexTail current = tail;
        return current == null || current.to() <= offset || current.to() == current.from()
                ? Long.MAX_VALUE
                : Math.max(offset, current.from());
    }

    /** The end of what is covered below the offset, which itself is not; 0 for nothing. */
    long previousCovered(long offset) {
        IndexTail current = tail;
        long covered = current != null && current.to() <= offset && current.to() > current.from() ? current.to() : 0;
        for (IndexBlock block : blocks) {
            if (block.to <= offset) {
                covered = Math.max(covered, block.to);
            }
        }
        return covered;
    }

    /** Null when the part is damaged; then the block is given up, and its range is indexed again. */
    void load(IndexBlock block, BlockPart part, BlockStore.Loaded done) {
        blockStore.load(block, part, loaded -> {
            if (loaded == null && !closed && blocks.contains(block)) {
                LOG.warn(
                        "a stored part of a subject index is missing or damaged; offsets {} to {} are indexed again",
                        block.from,
                        block.to);
                node.blocksDamaged.increment();
                drop(block);
                pump();
            }
            done.loaded(loaded);
        });
    }

    long seed() {
        return seed;
    }

    void queryBegins() {
        queries++;
        lastUsedMillis = loop.clock().millis();
    }

    void queryEnds() {
        queries--;
        lastUsedMillis = loop.clock().millis();
    }

    boolean isIdle() {
        return queries == 0;
    }

    long lastUsedMillis() {
        return lastUsedMillis;
    }

    boolean isClosed() {
        return closed;
    }

    /** Stops following and gives all memory back; what is stored stays with the shard. */
    void close() {
        assert loop.inLoop();
        closed = true;
        if (following != null) {
            blockStore.unfollow(following);
        }
        blocks.forEach(blockStore::forget);
        blocks.clear();
        tail = null;
        patch = null;
        account();
        opened = true;
        whenOpen.forEach(Runnable::run);
        whenOpen.clear();
    }
}
