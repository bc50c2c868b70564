/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * RocksDB's memory, shared by all groups of the process: one block cache, one write buffer manager, small buffers. Thread-safe;
 * lives as long as the process, because native memory is per process too.
 */
public final class StateMemory {
    private static final long CACHE_BYTES = 8L << 20;
    private static final long WRITE_BUFFERS_BYTES = 8L << 20;
    private static final long WRITE_BUFFER_BYTES = 2L << 20;

    private static final class Shared {
        static {
            RocksDB.loadLibrary();
        }

        static final Cache CACHE = new LRUCache(CACHE_BYTES, 1);
        // What the buffers hold is charged to the cache, so the two together stay within its size.
        static final WriteBufferManager WRITE_BUFFERS = new WriteBufferManager(WRITE_BUFFERS_BYTES, CACHE);
    }

    private StateMemory() {}

    /** Options of a database; the caller closes them. */
    public static DBOptions databaseOptions() {
        return new DBOptions()
                .setWriteBufferManager(Shared.WRITE_BUFFERS)
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(1 << 20)
                .setStatsDumpPeriodSec(0)
                .setMaxTotalWalSize(32L << 20)
                .setMaxBackgroundJobs(2);
    }

    /** Options of a column family; the caller closes them. */
    public static ColumnFamilyOptions familyOptions() {
        return new ColumnFamilyOptions()
                .setWriteBufferSize(WRITE_BUFFER_BYTES)
                .setMaxWriteBufferNumber(3)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setTableFormatConfig(new BlockBasedTableConfig().setBlockCache(Shared.CACHE));
    }

    public static long cacheBytes() {
        return Shared.CACHE.getUsage();
    }
}
