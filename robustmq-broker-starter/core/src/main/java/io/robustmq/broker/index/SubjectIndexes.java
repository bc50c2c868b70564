/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.subject.Spelling;
import io.robustmq.storage.ReadCallback;
import io.robustmq.storage.ShardStore;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The subject indexes of a node, and the door to filtered reads. An index exists from the first filtered read of its shard until
 * nobody has asked for a while, so that a shard that nobody reads by subject costs nothing at all. Thread-safe: indexes live on
 * one loop, which is none of those that carry connections.
 */
public final class SubjectIndexes {
    private final Loop loop;
    private final RandomSource random;
    private final IndexConfig config;
    private final PartCache cache;
    private final AtomicLong tailBytes = new AtomicLong();
    private final Map<ShardStore, SubjectIndex> indexes = new IdentityHashMap<>();
    /** Written on the loop. */
    private volatile int active;

    private boolean sweeping;
    private boolean closed;

    /** Blocks that tails became. */
    public final LongAdder blocksSealed = new LongAdder();
    /** Blocks that were found missing or damaged, and indexed again. */
    public final LongAdder blocksDamaged = new LongAdder();

    /** @param loop where indexes are built and filtered reads run */
    public SubjectIndexes(Loop loop, RandomSource random, IndexConfig config) {
        this.loop = loop;
        this.random = random;
        this.config = config;
        this.cache = new PartCache(config.cacheBytes());
    }

    /**
     * Begins a read of the records that match, from an offset or {@link FilteredRead#EARLIEST} to an offset or
     * {@link FilteredRead#LATEST}; the sink gets none before they are requested.
     *
     * @param owner the loop of the shard's owner
     */
    public FilteredRead read(
            ShardStore store,
            Loop owner,
            SubjectRule rule,
            SubjectMatcher matcher,
            long from,
            long to,
            FilteredSink sink) {
        FilteredRead read = new FilteredRead(store, owner, loop, rule, matcher, from, to, sink);
        loop.execute(() -> begin(read, store, owner, rule, matcher));
        return read;
    }

    private void begin(FilteredRead read, ShardStore store, Loop owner, SubjectRule rule, SubjectMatcher matcher) {
        if (rule.oneName()) {
            boolean nothing = !matcher.matches(Spelling.DOT, rule.boundName())
                    && !matcher.matches(Spelling.SLASH, rule.boundName());
            read.begin(null, nothing, () -> {});
            return;
        }
        if (closed) {
            read.begin(null, false, () -> {});
            return;
        }
        SubjectIndex index = index(store, owner, rule);
        index.queryBegins();
        index.whenOpen(() -> read.begin(index, false, index::queryEnds));
    }

    /**
     * Reads whole batches with the records that match, at their offsets. It gets on even where nothing matches: the last batch is then
     * a marker at the last offset that was looked at. Answers as {@link ShardStore#read}, on the loop of the indexes.
     *
     * @param matcher used by no other read at the same time but on the loop of the indexes
     * @param bytesMax exceeded by a first batch that is larger
     */
    public void readBatches(
            ShardStore store,
            Loop owner,
            SubjectRule rule,
            SubjectMatcher matcher,
            ByteBufAllocator allocator,
            long from,
            int bytesMax,
            ReadCallback done) {
        loop.execute(() -> {
            ViewRead read = new ViewRead(store, loop, rule, matcher, allocator, from, bytesMax, done);
            if (closed) {
                read.begin(null, () -> {});
                return;
            }
            SubjectIndex index = index(store, owner, rule);
            index.queryBegins();
            index.whenOpen(() -> read.begin(index, index::queryEnds));
        });
    }

    /** The offset of the last record that matches; -1 for none. Completes on the loop of the indexes. */
    public CompletionStage<Long> last(ShardStore store, Loop owner, SubjectRule rule, SubjectMatcher matcher) {
        CompletableFuture<Long> found = new CompletableFuture<>();
        loop.execute(() -> {
            if (closed) {
                found.completeExceptionally(RmqError.CLOSED.exception("the subject indexes are closed"));
                return;
            }
            SubjectIndex index = index(store, owner, rule);
            index.queryBegins();
            SubjectQuery query = new SubjectQuery(index, loop, matcher);
            index.whenOpen(() -> new LastRead(store, loop, rule, matcher, query, found, index::queryEnds).begin());
        });
        return found;
    }

    /**
     * The distinct subjects that the shard's records have, in canonical form and in no order; no more than so many, and without
     * those that the index has not got to within a moment. Completes on the loop of the indexes.
     */
    public CompletionStage<Set<String>> subjects(ShardStore store, Loop owner, SubjectRule rule, int max) {
        CompletableFuture<Set<String>> found = new CompletableFuture<>();
        loop.execute(() -> {
            if (closed) {
                found.completeExceptionally(RmqError.CLOSED.exception("the subject indexes are closed"));
                return;
            }
            SubjectIndex index = index(store, owner, rule);
            index.queryBegins();
            index.whenOpen(() -> new SubjectsRead(index, loop, max, found, index::queryEnds).begin());
        });
        return found;
    }

    private SubjectIndex index(ShardStore store, Loop owner, SubjectRule rule) {
        SubjectIndex known = indexes.get(store);
        if (known != null) {
            return known;
        }
        if (indexes.size() >= config.indexes()) {
            letGoLongestUnused();
        }
        SubjectIndex index = new SubjectIndex(this, store, owner, loop, rule);
        indexes.put(store, index);
        active = indexes.size();
        index.open();
        sweepLater();
        return index;
    }

    private void letGoLongestUnused() {
        indexes.entrySet().stream()
                .filter(entry -> entry.getValue().isIdle())
                .min(Comparator.comparingLong(entry -> entry.getValue().lastUsedMillis()))
                .ifPresent(entry -> {
                    indexes.remove(entry.getKey());
                    entry.getValue().close();
                });
    }

    private void sweepLater() {
        if (!sweeping && config.idleMillis() > 0) {
            sweeping = true;
            loop.schedule(Math.max(1, config.idleMillis() / 2), this::sweep);
        }
    }

    private void sweep() {
        sweeping = false;
        long before = loop.clock().millis() - config.idleMillis();
        for (Map.Entry<ShardStore, SubjectIndex> entry : new ArrayList<>(indexes.entrySet())) {
            if (entry.getValue().isIdle() && entry.getValue().lastUsedMillis() <= before) {
                indexes.remove(entry.getKey());
                entry.getValue().close();
            }
        }
        active = indexes.size();
        if (!indexes.isEmpty()) {
            sweepLater();
        }
    }

    /** Whether there is nothing to forget. An index that begins right now is missed, and goes when it has been idle. */
    public boolean isEmpty() {
        return active == 0;
    }

    /** The store is about to be closed; reads that are under way end as the store ends them. */
    public void forget(ShardStore store) {
        loop.execute(() -> {
            SubjectIndex index = indexes.remove(store);
            active = indexes.size();
            if (index != null) {
                index.close();
            }
        });
    }

    /** Gives all memory back; later reads scan. */
    public void close() {
        loop.execute(() -> {
            closed = true;
            indexes.values().forEach(SubjectIndex::close);
            indexes.clear();
            active = 0;
        });
    }

    PartCache cache() {
        return cache;
    }

    RandomSource random() {
        return random;
    }

    IndexConfig config() {
        return config;
    }

    void addTailBytes(long bytes) {
        tailBytes.addAndGet(bytes);
    }

    /** What the tails of all indexes take. */
    public long tailBytes() {
        return tailBytes.get();
    }

    /** What the cached parts of sealed blocks take. */
    public long cachedBytes() {
        return cache.bytes();
    }
}
