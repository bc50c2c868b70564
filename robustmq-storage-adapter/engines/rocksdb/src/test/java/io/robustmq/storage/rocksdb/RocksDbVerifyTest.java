/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.conformance.ConformanceBench;
import io.robustmq.storage.conformance.EngineFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

class RocksDbVerifyTest {
    @TempDir
    private Path directory;

    private ConformanceBench bench() {
        return new ConformanceBench(new EngineFixture() {
            @Override
            public ShardEngine start() {
                return new RocksDbEngine(directory, PooledByteBufAllocator.DEFAULT);
            }

            @Override
            public long heldBytes() {
                return 0;
            }
        });
    }

    private void fill() {
        try (ConformanceBench bench = bench()) {
            ShardStore store = bench.open(1);
            for (int at = 0; at < 20; at++) {
                bench.append(store, bench.batch("a" + at, "b"));
            }
            bench.await(store.close());
        }
    }

    private void damage(long offset) throws RocksDBException {
        List<ColumnFamilyHandle> families = new ArrayList<>();
        List<ColumnFamilyDescriptor> descriptors = List.of(
                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY),
                new ColumnFamilyDescriptor("batches".getBytes(UTF_8)),
                new ColumnFamilyDescriptor("index".getBytes(UTF_8)));
        try (DBOptions options = new DBOptions();
                RocksDB rocks = RocksDB.open(options, directory.toString(), descriptors, families)) {
            byte[] description = rocks.get(families.get(0), Keys.shard(ConformanceBench.SHARD));
            byte[] key = Keys.place(ShardRecord.decode(description).number(), offset);
            byte[] batch = rocks.get(families.get(1), key);
            batch[batch.length - 2] ^= 4;
            rocks.put(families.get(1), key, batch);
            families.forEach(ColumnFamilyHandle::close);
        }
    }

    @Test
    void soundBatchesPassAndADamagedOneIsNamed() throws RocksDBException {
        fill();
        RocksDbVerify.Report sound = RocksDbVerify.run(directory, null);
        assertThat(sound.damages()).isEmpty();
        assertThat(sound.shards()).isEqualTo(1);
        assertThat(sound.batches()).isEqualTo(20);
        damage(14);
        assertThat(RocksDbVerify.run(directory, null).damages())
                .containsExactly(new RocksDbVerify.Found(ConformanceBench.SHARD.toString(), 14, 15, "CRC mismatch"));
        assertThat(RocksDbVerify.run(directory, "no such shard").shards()).isZero();
    }
}
