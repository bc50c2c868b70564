/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.system.SystemDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** Reads every batch of a stopped node's database and names what is not as it was written. Confined to one thread. */
public final class RocksDbVerify {
    private final RocksDB rocks;
    private final List<ColumnFamilyHandle> families;
    private final List<Found> damages = new ArrayList<>();
    private long shards;
    private long batches;

    private RocksDbVerify(RocksDB rocks, List<ColumnFamilyHandle> families) {
        this.rocks = rocks;
        this.families = families;
    }

    /** Offsets of a shard that are damaged; the name is empty when the whole database is. */
    public record Found(String shard, long fromOffset, long toOffset, String reason) {}

    /** What was read. */
    public record Report(long shards, long batches, List<Found> damages) {}

    /**
     * UNAVAILABLE while another process has it open (RocksDB's lock does not tell its own), NOT_SUPPORTED when a newer build wrote it.
     *
     * @param only shards whose name holds this; null for all
     */
    public static Report run(Path directory, @Nullable String only) {
        AutoCloseable lock;
        try {
            lock = new SystemDisk(directory).lock("LOCK");
        } catch (RmqException e) {
            throw e.error() == RmqError.UNAVAILABLE
                    ? RmqError.UNAVAILABLE.exception("a node is running on " + directory + ": stop it first")
                    : e;
        }
        try (lock) {
            return read(directory, only);
        } catch (RmqException e) {
            throw e;
        } catch (Exception e) {
            throw new RmqException(RmqError.STORAGE_FAILED, "cannot give back the lock of " + directory + ": " + e, e);
        }
    }

    private static Report read(Path directory, @Nullable String only) {
        RocksDB.loadLibrary();
        List<ColumnFamilyHandle> families = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                ColumnFamilyOptions family = new ColumnFamilyOptions()) {
            List<ColumnFamilyDescriptor> descriptors = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, family),
                    new ColumnFamilyDescriptor("batches".getBytes(UTF_8), family));
            try (RocksDB rocks = RocksDB.openReadOnly(options, directory.toString(), descriptors, families)) {
                RocksDbVerify verify = new RocksDbVerify(rocks, families);
                try {
                    verify.shards(directory, only);
                } finally {
                    families.forEach(ColumnFamilyHandle::close);
                }
                return new Report(verify.shards, verify.batches, List.copyOf(verify.damages));
            }
        } catch (RocksDBException e) {
            return new Report(0, 0, List.of(new Found("", 0, 0, String.valueOf(e.getMessage()))));
        }
    }

    private void shards(Path directory, @Nullable String only) throws RocksDBException {
        byte[] format = rocks.get(families.get(0), Keys.VERSION);
        if (format != null && format.length == Long.BYTES && Keys.number(format) > Database.FORMAT) {
            throw RmqError.NOT_SUPPORTED.exception(directory + " has format version " + Keys.number(format)
                    + ", this program reads up to " + Database.FORMAT + ": use the newer one");
        }
        try (RocksIterator keys = rocks.newIterator(families.get(0))) {
            for (keys.seek(Keys.firstShard()); keys.isValid() && Keys.isShard(keys.key()); keys.next()) {
                String name = Keys.shardId(keys.key()).toString();
                if (only == null || name.contains(only)) {
                    shards++;
                    shard(name, keys.value());
                }
            }
            keys.status();
        }
    }

    private void shard(String name, byte[] bytes) throws RocksDBException {
        ShardRecord shard;
        try {
            shard = ShardRecord.decode(bytes);
        } catch (RuntimeException e) {
            damages.add(new Found(name, 0, 0, "its description cannot be read"));
            return;
        }
        try (ShardCursor cursor = new ShardCursor(rocks, families.get(1), shard.number(), shard.head(), null)) {
            long next = shard.head();
            byte[] batch = new byte[64 * 1024];
            for (cursor.seek(shard.head()); cursor.isValid(); cursor.next()) {
                int size = cursor.value(batch);
                if (size > batch.length) {
                    batch = new byte[size];
                    cursor.value(batch);
                }
                next = batch(name, cursor.baseOffset(), next, Unpooled.wrappedBuffer(batch, 0, size));
                batches++;
            }
            if (next > shard.end()) {
                damages.add(new Found(name, shard.end(), next, "batches behind the shard's end"));
            }
        }
    }

    private long batch(String name, long key, long expected, ByteBuf bytes) {
        RecordBatch batch = new RecordBatch(bytes);
        String damage = bytes.readableBytes() < RecordBatch.HEADER_BYTES
                        || batch.declaredSizeBytes() != batch.sizeBytes()
                ? "the batch is not as long as it says"
                : batch.baseOffset() != key || key < expected
                        ? "base offset " + batch.baseOffset() + " under " + key + " where " + expected + " follows"
                        : batch.crc() != RecordBatches.computeCrc(batch) ? "CRC mismatch" : null;
        long next = damage == null ? batch.nextOffset() : key + 1;
        if (damage != null) {
            damages.add(new Found(name, key, next, damage));
        }
        return next;
    }
}
