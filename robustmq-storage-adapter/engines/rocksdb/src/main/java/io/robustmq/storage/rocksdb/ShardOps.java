/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.storage.AppendCallback;
import io.robustmq.storage.Durability;
import io.robustmq.storage.OffsetRange;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.support.BatchCheck;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/** What an owner asks of its shard, as ops. Each is confined as {@link Op} says. */
final class ShardOps {

    private ShardOps() {}

    /** Appends one batch. */
    static final class Append extends Op {
        private final RocksStore store;
        private final RecordBatch owned;
        private final int bytes;
        private final Durability durability;
        private final AppendCallback done;
        private long baseOffset = -1;

        Append(RocksStore store, RecordBatch owned, Durability durability, AppendCallback done) {
            super(store.owner());
            this.store = store;
            this.owned = owned;
            this.durability = durability;
            this.done = done;
            bytes = owned.sizeBytes();
        }

        @Override
        int bytes() {
            return bytes;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            try {
                RocksShard shard = store.shard();
                shard.checkCurrent(store);
                BatchCheck.append(owned, shard.config().maxBatchBytes());
                group.checkSpace();
                long base = shard.end();
                owned.assign(base, store.epoch());
                group.put(shard, owned);
                shard.append(IndexEntry.of(owned));
                group.touch(shard);
                baseOffset = base;
                askForForce(group, shard);
            } finally {
                owned.release();
            }
        }

        private void askForForce(Group group, RocksShard shard) {
            if (durability == Durability.FSYNC) {
                group.mustForce();
            } else if (shard.config().flushIntervalMillis() > 0) {
                group.flushWithin(shard.config().flushIntervalMillis());
            }
        }

        @Override
        void discard() {
            owned.release();
        }

        @Override
        void committed(Group group) {
            group.counters().appends.increment();
        }

        @Override
        void complete(@Nullable RmqException failure) {
            try {
                done.completed(failure == null ? baseOffset : -1, failure);
            } finally {
                if (failure == null) {
                    store.appended();
                }
            }
        }
    }

    /** Drops everything below an offset. */
    static final class DeletePrefix extends Op.Answering<Long> {
        private final RocksStore store;
        private final long newStart;
        private long start;
        private boolean unfinished;

        DeletePrefix(RocksStore store, long newStart) {
            super(store.owner());
            this.store = store;
            this.newStart = newStart;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            RocksShard shard = store.shard();
            shard.checkCurrent(store);
            group.settle(shard);
            long target = Math.min(newStart, shard.end());
            unfinished = false;
            if (target > shard.start()) {
                unfinished = !group.retention().dropBelow(shard, target);
                group.touch(shard);
                group.mustForce();
            }
            start = shard.start();
        }

        @Override
        boolean isUnfinished() {
            return unfinished;
        }

        @Override
        Long answer() {
            return start;
        }
    }

    /** Puts the compacted form of a range in place of its batches. */
    static final class Replace extends Op.Answering<Void> {
        private final RocksStore store;
        private final OffsetRange range;
        private final List<RecordBatch> owned;

        Replace(RocksStore store, OffsetRange range, List<RecordBatch> owned) {
            super(store.owner());
            this.store = store;
            this.range = range;
            this.owned = owned;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            try {
                RocksShard shard = store.shard();
                shard.checkCurrent(store);
                BatchCheck.replace(range, owned, shard.end(), shard.config().maxBatchBytes());
                group.checkSpace();
                group.settle(shard);
                replace(group, shard, before(group, shard));
                group.touch(shard);
                group.mustForce();
            } finally {
                discard();
            }
        }

        /** The batches of the range; throws when one lies across its edge. */
        private List<IndexEntry> before(Group group, RocksShard shard) throws RocksDBException {
            List<IndexEntry> before = new ArrayList<>();
            Database database = group.database();
            try (ShardCursor index =
                    new ShardCursor(database.rocks(), database.index(), shard.number(), shard.head(), null)) {
                index.seekBack(range.start());
                if (!index.isValid()) {
                    index.seek(shard.head());
                }
                for (; index.isValid() && index.baseOffset() < range.end(); index.next()) {
                    IndexEntry entry = index.indexEntry();
                    boolean cutByStart = entry.baseOffset() < range.start() && entry.lastOffset() >= range.start();
                    if (cutByStart || entry.lastOffset() >= range.end()) {
                        throw RmqError.INVALID_REQUEST.exception("the range [" + range.start() + ", " + range.end()
                                + ") cuts the batch from " + entry.baseOffset() + " to " + entry.lastOffset());
                    }
                    if (entry.baseOffset() >= range.start()) {
                        before.add(entry);
                    }
                }
            }
            return before;
        }

        private void replace(Group group, RocksShard shard, List<IndexEntry> before) throws RocksDBException {
            for (IndexEntry entry : before) {
                group.delete(shard, entry.baseOffset());
                shard.remove(entry);
            }
            for (RecordBatch batch : owned) {
                // What ends below the start was deleted meanwhile.
                if (batch.lastOffset() >= shard.start()) {
                    if (batch.baseOffset() < shard.head()) {
                        group.retention().clear(shard, group);
                        shard.lowerHead(batch.baseOffset());
                    }
                    group.put(shard, batch);
                    shard.add(IndexEntry.of(batch));
                }
            }
            shard.headEntry(null);
        }

        @Override
        void discard() {
            owned.forEach(RecordBatch::release);
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Keeps derived state. */
    static final class PutState extends Op.Answering<Void> {
        private final RocksStore store;
        private final String name;
        private final long offset;
        private final ByteBuf owned;

        PutState(RocksStore store, String name, long offset, ByteBuf owned) {
            super(store.owner());
            this.store = store;
            this.name = name;
            this.offset = offset;
            this.owned = owned;
        }

        @Override
        int bytes() {
            return owned.readableBytes();
        }

        @Override
        void stage(Group group) throws RocksDBException {
            try {
                RocksShard shard = store.shard();
                shard.checkCurrent(store);
                group.checkSpace();
                byte[] value = new byte[8 + owned.readableBytes()];
                ByteBuffer.wrap(value).putLong(offset);
                owned.getBytes(owned.readerIndex(), value, 8, value.length - 8);
                group.changes().put(group.database().meta(), Keys.state(shard.number(), name), value);
                group.mustForce();
            } finally {
                owned.release();
            }
        }

        @Override
        void discard() {
            owned.release();
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Only finds out whether the store may still be used, behind everything that was asked before. */
    static final class Check extends Op.Answering<Void> {
        private final RocksStore store;

        Check(RocksStore store) {
            super(store.owner());
            this.store = store;
        }

        @Override
        void stage(Group group) {
            store.shard().checkCurrent(store);
        }

        @Override
        boolean onlyReads() {
            return true;
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Applies another configuration to what is there. */
    static final class Update extends Op.Answering<Void> {
        private final RocksStore store;
        private final ShardConfig config;
        private final long nowMillis;

        Update(RocksStore store, ShardConfig config, long nowMillis) {
            super(store.owner());
            this.store = store;
            this.config = config;
            this.nowMillis = nowMillis;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            RocksShard shard = store.shard();
            shard.checkCurrent(store);
            group.settle(shard);
            shard.configure(config);
            group.retention().retain(shard, nowMillis);
            group.touch(shard);
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Drops what has grown too old, and learns how old the oldest of the rest is. */
    static final class Expire extends Op.Answering<Void> {
        private final RocksStore store;
        private final long nowMillis;

        Expire(RocksStore store, long nowMillis) {
            super(store.owner());
            this.store = store;
            this.nowMillis = nowMillis;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            RocksShard shard = store.shard();
            shard.checkCurrent(store);
            group.settle(shard);
            long before = shard.start();
            boolean known = shard.headEntry() != null;
            group.retention().retain(shard, nowMillis);
            group.retention().findHead(shard);
            if (shard.start() != before || !known) {
                group.touch(shard);
            }
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Ends the store; what it was asked before is done by then. */
    static final class Close extends Op.Answering<Void> {
        private final RocksStore store;
        private final Map<ShardId, RocksShard> shards;

        Close(RocksStore store, Map<ShardId, RocksShard> shards) {
            super(store.owner());
            this.store = store;
            this.shards = shards;
        }

        @Override
        void stage(Group group) {
            store.shard().close(store);
            store.end();
        }

        /** A shard that nobody owns costs no memory; what is stored of it is up to date by now. */
        @Override
        void committed(Group group) {
            if (store.shard().current() == null) {
                store.shard().forget();
                shards.remove(store.shard().id(), store.shard());
            }
        }

        @Override
        boolean onlyReads() {
            return true;
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }
}
