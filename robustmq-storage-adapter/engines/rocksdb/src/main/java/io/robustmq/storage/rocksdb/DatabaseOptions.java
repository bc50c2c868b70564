/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.Statistics;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB set up for a small node: one cache that write buffers are charged to as well, few files open, a log that is short
 * enough to be replayed within a second. Immutable; owns the native objects that outlive the opening.
 */
final class DatabaseOptions implements AutoCloseable {
    /** For those who own nothing. */
    static final DatabaseOptions NONE = new DatabaseOptions();

    private static final long WRITE_BUFFER_BYTES = 4L << 20;
    private static final long WAL_BYTES_MAX = 48L << 20;
    private static final long TABLE_BYTES = 16L << 20;
    private static final int OPEN_FILES_MAX = 256;
    private static final int BLOOM_BITS = 10;

    private final @Nullable Cache cache;
    private final @Nullable WriteBufferManager writeBuffers;
    private final @Nullable Statistics statistics;

    private DatabaseOptions() {
        cache = null;
        writeBuffers = null;
        statistics = null;
    }

    DatabaseOptions(RocksDbEngineConfig config) {
        RocksDB.loadLibrary();
        cache = new LRUCache(config.cacheBytes(), 2);
        // What the buffers hold is charged to the cache, so the two together stay within its size.
        writeBuffers = new WriteBufferManager(config.cacheBytes() / 2, cache);
        statistics = config.statistics() ? new Statistics() : null;
    }

    DBOptions database() {
        DBOptions options = new DBOptions()
                .setWriteBufferManager(writeBuffers)
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setMaxOpenFiles(OPEN_FILES_MAX)
                .setMaxTotalWalSize(WAL_BYTES_MAX)
                .setMaxBackgroundJobs(2)
                .setBytesPerSync(1 << 20)
                .setAvoidFlushDuringShutdown(true);
        if (statistics != null) {
            options.setStatistics(statistics);
        }
        return options;
    }

    ColumnFamilyOptions family() {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(3)
                .setTargetFileSizeBase(TABLE_BYTES)
                .setLevelCompactionDynamicLevelBytes(true)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(cache)
                        .setCacheIndexAndFilterBlocks(true)
                        .setFilterPolicy(new BloomFilter(BLOOM_BITS)));
    }

    @Nullable
    Statistics statistics() {
        return statistics;
    }

    long cacheBytes() {
        return cache == null ? 0 : cache.getUsage();
    }

    @Override
    public void close() {
        if (writeBuffers != null) {
            writeBuffers.close();
        }
        if (cache != null) {
            cache.close();
        }
        if (statistics != null) {
            statistics.close();
        }
    }
}
