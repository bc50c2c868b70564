/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.ByteBufAllocator;
import io.robustmq.kernel.Disk;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.storage.Capability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.Statistics;

/**
 * Keeps shards in one RocksDB per data directory: for many tiny shards that must lose nothing. What an append is promised
 * when it completes:
 *
 * <ul>
 *   <li>{@code FSYNC}: it is on the device. All appends that wait at the same time, of whatever shards, share one force.
 *   <li>{@code OS_BUFFER}: the operating system has it, so that it survives the death of this process, but not that of the
 *       machine; the next force of any shard covers it, and a topic's flush interval causes one.
 *   <li>{@code MEMORY}: as {@code OS_BUFFER}, which costs no more.
 * </ul>
 *
 * Epochs, deletions, replacements and derived state are on the device when they complete. After a crash a shard holds what it
 * held at one moment of its history, never less than what was forced: groups are written in order, and each of them whole or
 * not at all. Bytes are checked three times: RocksDB's log at recovery, its blocks whenever they are read, and each batch's
 * own checksum when it is read back.
 *
 * <p>Thread-safe. The database is opened when it is first needed. Writes have a thread of their own ({@link Writer}), reads
 * have two ({@link Readers}); callers never wait.
 */
public final class RocksDbEngine implements ShardEngine {
    /** For shards that nobody has opened. */
    static final ShardConfig NO_CONFIG = new ShardConfig(-1, -1, -1, 1 << 20, false);

    private static final Map<EngineDisk.State, String> WORDS = Map.of(
            EngineDisk.State.FULL, "is full",
            EngineDisk.State.READ_ONLY, "is read-only",
            EngineDisk.State.FAILED, "has failed");

    private static final long SPACE_WORTH_BYTES = 32L << 20;

    private final Path directory;
    private final ByteBufAllocator allocator;
    private final RocksDbEngineConfig config;
    private final Counters counters = new Counters();
    private final Readers readers = new Readers();
    private final DeviceProbe probe;
    private final Writer writer;
    private final Parts parts;
    private final List<Consumer<EngineDisk>> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable Opened opened;
    private volatile boolean closed;

    /** What stores share. Immutable. */
    record Parts(
            Map<ShardId, RocksShard> shards,
            Writer writer,
            Readers readers,
            Counters counters,
            String disk,
            int maxPinsPerShard) {}

    /** What is there once the database is open. Immutable. */
    private record Opened(Database database, SpaceKeeper space, Group group) {}

    public RocksDbEngine(Path directory, ByteBufAllocator allocator, RocksDbEngineConfig config) {
        this(directory, allocator, config, DeviceProbe.NONE);
    }

    RocksDbEngine(Path directory, ByteBufAllocator allocator, RocksDbEngineConfig config, DeviceProbe probe) {
        this.probe = probe;
        this.directory = directory.toAbsolutePath().normalize();
        this.allocator = allocator;
        this.config = config;
        writer = new Writer(config.maxQueuedBytes(), counters, this::openDatabase, this::diskChanged);
        parts = new Parts(
                new ConcurrentHashMap<>(),
                writer,
                readers,
                counters,
                this.directory.toString(),
                config.maxPinsPerShard());
    }

    public RocksDbEngine(Path directory, ByteBufAllocator allocator) {
        this(directory, allocator, RocksDbEngineConfig.defaults());
    }

    /** On the writer's thread. */
    private Group openDatabase() {
        Disk disk = new SystemDisk(directory);
        Database database = Database.open(directory, disk, config, probe);
        SpaceKeeper space = new SpaceKeeper(database, counters, SPACE_WORTH_BYTES);
        try {
            Group group = new Group(
                    database,
                    config,
                    disk,
                    counters,
                    space,
                    parts.shards(),
                    writer.loop().clock(),
                    this::diskChanged);
            readers.opened(new ShardReads(database, allocator, counters));
            opened = new Opened(database, space, group);
            // So that a start says what is wrong before the first append finds out.
            group.considerSpace();
            return group;
        } catch (RocksDBException e) {
            database.close();
            throw Database.failure("cannot read " + directory, e);
        }
    }

    @Override
    public String name() {
        return "rocksdb";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE);
    }

    @Override
    public CompletionStage<ShardStore> open(ShardId shard, ShardConfig shardConfig, int epoch, Loop owner) {
        if (closed) {
            return CompletableFuture.failedFuture(RmqError.CLOSED.exception("the rocksdb engine is closed"));
        }
        if (epoch < 0) {
            return CompletableFuture.failedFuture(
                    RmqError.INVALID_REQUEST.exception("an epoch is 0 or more, not " + epoch));
        }
        EngineOps.Open open = new EngineOps.Open(parts, shard, shardConfig, epoch, owner);
        writer.submit(open);
        return open.future();
    }

    @Override
    public CompletionStage<Void> destroy(ShardId shard) {
        if (opened == null && !exists()) {
            return CompletableFuture.completedFuture(null);
        }
        EngineOps.Destroy destroy = new EngineOps.Destroy(parts, shard);
        writer.submit(destroy);
        return destroy.future();
    }

    /** Nothing is opened, or made, where nothing was ever stored. */
    @Override
    public CompletionStage<Set<ShardId>> stored() {
        if (opened == null && !exists()) {
            return CompletableFuture.completedFuture(Set.of());
        }
        EngineOps.Stored stored = new EngineOps.Stored();
        writer.submit(stored);
        return stored.future();
    }

    private boolean exists() {
        return Files.exists(directory.resolve("CURRENT"));
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        writer.close();
        parts.shards().values().forEach(shard -> {
            RocksStore store = shard.current();
            if (store != null) {
                store.end();
            }
        });
        Opened open = opened;
        if (open != null) {
            open.space().close();
            open.database().close();
        }
        readers.close();
    }

    // --- metrics

    /** Shards that are open. */
    public int shards() {
        return parts.shards().size();
    }

    /** Whether the database is open; it is not until the first shard is. */
    public boolean isOpen() {
        return opened != null && !closed;
    }

    /** Why nothing is written any more; null while all is well. */
    public @Nullable RmqException failure() {
        Opened open = opened;
        return open == null ? writer.unopened() : open.group().broken();
    }

    // --- how its disk is

    @Override
    public List<EngineDisk> health() {
        if (opened != null) {
            writer.lookAtSpace();
        }
        return List.of(disk());
    }

    @Override
    public void onDiskChange(Consumer<EngineDisk> listener) {
        listeners.add(listener);
    }

    private void diskChanged() {
        EngineDisk now = disk();
        listeners.forEach(listener -> listener.accept(now));
    }

    private EngineDisk disk() {
        Opened open = opened;
        long free = open == null ? -1 : open.group().freeBytes();
        EngineDisk.State state = EngineDisk.State.SERVING;
        String reason = "";
        RmqException failure = failure();
        if (failure != null) {
            state = stateAfter(failure);
            reason = "disk " + directory + " " + WORDS.get(state) + ": " + failure.getMessage();
        } else if (open != null && !open.group().hasSpaceLeft()) {
            state = EngineDisk.State.FULL;
            reason = "disk " + directory + " is full: " + free + " bytes are free, less than the low-water mark of "
                    + config.minFreeBytes();
        }
        return new EngineDisk(
                name(), directory.toString(), state, reason, free, config.minFreeBytes(), counters.refusedByDisk.sum());
    }

    private EngineDisk.State stateAfter(RmqException failure) {
        if (failure.error() != RmqError.STORAGE_FULL) {
            return EngineDisk.State.FAILED;
        }
        Opened open = opened;
        boolean goesOn = open != null && open.group().waitsForSpace();
        return goesOn ? EngineDisk.State.FULL : EngineDisk.State.READ_ONLY;
    }

    /** Times that the device was asked to keep what it was given. */
    public long forces() {
        Opened open = opened;
        return open == null ? 0 : open.database().forces();
    }

    /** Groups written; with {@link #appends} how many batches share a write. */
    public long groups() {
        return counters.groups.sum();
    }

    /** Batches acknowledged. */
    public long appends() {
        return counters.appends.sum();
    }

    /** Bytes of appends that wait for the writer. */
    public long queuedBytes() {
        return writer.queuedBytes();
    }

    /** Batches that retention by bytes, records or time has dropped. */
    public long evictedBatches() {
        return counters.evictedBatches.sum();
    }

    /** Pins that held more than twice the limit and lost records that they asked to keep. */
    public long overrunPins() {
        return counters.overrunPins.sum();
    }

    /** Appends refused because the disk is nearly full or the writer is behind. */
    public long refusedAppends() {
        return counters.refusedAppends.sum();
    }

    /** Reads that found a damaged batch. */
    public long corruptReads() {
        return counters.corruptReads.sum();
    }

    /** Bytes of batches that were deleted from the disk. */
    public long clearedBytes() {
        return counters.clearedBytes.sum();
    }

    /** Times that tables were rewritten to give space back. */
    public long compactions() {
        return counters.compactions.sum();
    }

    /** Native memory of blocks, indexes and write buffers. */
    public long memoryBytes() {
        Opened open = opened;
        return open == null ? 0 : open.database().cacheBytes();
    }

    /** Bytes of tables on the disk, as far as they hold anything that is not deleted. */
    public long liveBytes() {
        Opened open = opened;
        return open == null ? 0 : open.database().property("rocksdb.estimate-live-data-size");
    }

    // --- tests

    /** What RocksDB has counted; null unless it was asked to. */
    @Nullable
    Statistics statistics() {
        Opened open = opened;
        return open == null ? null : open.database().statistics();
    }
}
