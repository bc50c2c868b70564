/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardStore;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** What the node asks of the engine, as ops. Each is confined as {@link Op} says. */
final class EngineOps {

    private EngineOps() {}

    /** Opens a shard, under an epoch that is on the device before anybody hears of it. */
    static final class Open extends Op.Answering<ShardStore> {
        private final RocksDbEngine.Parts parts;
        private final ShardId id;
        private final ShardConfig config;
        private final int epoch;
        private final Loop owner;
        private @Nullable RocksStore store;

        Open(RocksDbEngine.Parts parts, ShardId id, ShardConfig config, int epoch, Loop owner) {
            super(owner);
            this.parts = parts;
            this.id = id;
            this.config = config;
            this.epoch = epoch;
            this.owner = owner;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            RocksShard shard = parts.shards().get(id);
            if (shard == null) {
                shard = load(group);
            }
            RocksStore opened = new RocksStore(shard, config, epoch, owner, parts);
            boolean newEpoch = shard.record().epoch() != epoch;
            shard.open(opened, config);
            parts.shards().put(id, shard);
            store = opened;
            group.touch(shard);
            if (newEpoch) {
                group.mustForce();
            }
        }

        private RocksShard load(Group group) throws RocksDBException {
            byte[] stored = group.database().get(Keys.shard(id));
            ShardRecord record = stored == null ? ShardRecord.fresh(group.newNumber()) : ShardRecord.decode(stored);
            return new RocksShard(id, record, config);
        }

        @Override
        ShardStore answer() {
            RocksStore opened = store;
            if (opened == null) {
                throw RmqError.INTERNAL.exception("the shard was opened without a store");
            }
            opened.opened();
            return opened;
        }
    }

    /** Deletes a shard. */
    static final class Destroy extends Op.Answering<Void> {
        private final RocksDbEngine.Parts parts;
        private final ShardId id;

        Destroy(RocksDbEngine.Parts parts, ShardId id) {
            super(null);
            this.parts = parts;
            this.id = id;
        }

        @Override
        void stage(Group group) throws RocksDBException {
            RocksShard shard = parts.shards().get(id);
            if (shard == null) {
                byte[] stored = group.database().get(Keys.shard(id));
                if (stored == null) {
                    return;
                }
                shard = new RocksShard(id, ShardRecord.decode(stored), RocksDbEngine.NO_CONFIG);
            } else {
                group.settle(shard);
            }
            RocksStore store = shard.current();
            if (store != null) {
                store.end();
            }
            // Before anything is deleted: a reader that finds nothing looks here.
            shard.destroy();
            group.changes().delete(group.database().meta(), Keys.shard(id));
            group.retention().clearAll(shard, group);
            group.mustForce();
            parts.shards().remove(id);
        }

        @Override
        @Nullable
        Void answer() {
            return null;
        }
    }

    /** Lists the shards that are stored. */
    static final class Stored extends Op.Answering<Set<ShardId>> {
        private final Set<ShardId> found = new HashSet<>();

        Stored() {
            super(null);
        }

        @Override
        void stage(Group group) throws RocksDBException {
            Database database = group.database();
            try (RocksIterator iterator = database.rocks().newIterator(database.meta())) {
                for (iterator.seek(Keys.firstShard());
                        iterator.isValid() && Keys.isShard(iterator.key());
                        iterator.next()) {
                    found.add(Keys.shardId(iterator.key()));
                }
                iterator.status();
            }
        }

        @Override
        boolean onlyReads() {
            return true;
        }

        @Override
        Set<ShardId> answer() {
            return Set.copyOf(found);
        }
    }
}
