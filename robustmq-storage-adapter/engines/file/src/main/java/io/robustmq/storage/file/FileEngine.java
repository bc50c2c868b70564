/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.storage.Capability;
import io.robustmq.storage.EngineDisk;
import io.robustmq.storage.ShardConfig;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.ShardStore;
import io.robustmq.storage.file.FileShard.Located;
import io.robustmq.storage.log.DiskScrub;
import io.robustmq.storage.log.DiskState;
import io.robustmq.storage.log.DiskStatus;
import io.robustmq.storage.log.LogDisk;
import io.robustmq.storage.log.LogStream;
import io.robustmq.storage.log.ScrubConfig;
import io.robustmq.storage.log.ScrubStatus;
import io.robustmq.storage.log.StreamId;
import io.robustmq.storage.log.StreamMode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps shards on the disks of this node, each on one of them: what was acknowledged with FSYNC is there after a crash.
 * Nothing is touched before the first call, and nothing is written before the first shard. Thread-safe.
 */
public final class FileEngine implements ShardEngine {
    private static final Logger LOG = LoggerFactory.getLogger(FileEngine.class);
    private static final long CLOSE_SECONDS_MAX = 30;
    /** The file engine's streams have one segment id for ever (decision 0007). */
    private static final long SEGMENT_ID = 0;

    private final List<LogDisk> disks;
    private final Map<LogDisk, DiskScrub> scrubs = new LinkedHashMap<>();
    private final FileEngineConfig config;
    private final Runnable afterClose;
    private final Map<ShardId, FileShard> shards = new HashMap<>();
    /** Shards on their way: all partitions of a topic are made at once, and must not choose the same disk for that. */
    private final Map<LogDisk, Integer> beingMade = new HashMap<>();

    private @Nullable CompletableFuture<Void> mounted;
    private volatile boolean closed;

    /**
     * @param disks one or more, not mounted yet; the engine closes them
     * @param afterClose ends the disks' loops
     */
    public FileEngine(List<LogDisk> disks, FileEngineConfig config, Runnable afterClose) {
        this(disks, config, ScrubConfig.OFF, afterClose);
    }

    /** @param scrub how each of the disks is read again in the background */
    public FileEngine(List<LogDisk> disks, FileEngineConfig config, ScrubConfig scrub, Runnable afterClose) {
        this.disks = List.copyOf(disks);
        disks.forEach(disk -> scrubs.put(disk, new DiskScrub(disk, scrub)));
        this.config = config;
        this.afterClose = afterClose;
    }

    @Override
    public String name() {
        return "file";
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of(Capability.DURABLE, Capability.ZERO_COPY_READ);
    }

    public List<LogDisk> disks() {
        return disks;
    }

    /** What the scrub of one of the disks does. */
    public ScrubStatus scrubStatus(LogDisk disk) {
        return scrub(disk).status();
    }

    /** Begins a round of the disk's scrub at once; false when one is under way, nothing is stored or scrubs are off. */
    public boolean scrubNow(LogDisk disk) {
        return scrub(disk).beginNow();
    }

    private DiskScrub scrub(LogDisk disk) {
        return java.util.Objects.requireNonNull(scrubs.get(disk), "not a disk of this engine");
    }

    @Override
    public List<EngineDisk> health() {
        disks.forEach(LogDisk::lookAtSpace);
        return disks.stream().map(disk -> describe(disk, disk.status())).toList();
    }

    @Override
    public void onDiskChange(Consumer<EngineDisk> listener) {
        disks.forEach(disk -> disk.onStatus(status -> listener.accept(describe(disk, status))));
    }

    private EngineDisk describe(LogDisk disk, DiskStatus status) {
        EngineDisk.State state = switch (status.state()) {
            case SERVING -> EngineDisk.State.SERVING;
            case FULL -> EngineDisk.State.FULL;
            case READ_ONLY -> EngineDisk.State.READ_ONLY;
            case FAILED -> EngineDisk.State.FAILED;
        };
        return new EngineDisk(
                name(),
                disk.name(),
                state,
                status.reason(),
                disk.freeBytes(),
                disk.lowWaterBytes(),
                disk.refusedAppends());
    }

    FileEngineConfig config() {
        return config;
    }

    // --- opening

    @Override
    public CompletionStage<ShardStore> open(ShardId id, ShardConfig shardConfig, int epoch, Loop owner) {
        CompletableFuture<ShardStore> opened = new CompletableFuture<>();
        if (closed || epoch < 0) {
            opened.completeExceptionally(
                    closed
                            ? RmqError.CLOSED.exception("the file engine is closed")
                            : RmqError.INVALID_REQUEST.exception("an epoch is 0 or more, not " + epoch));
            return opened;
        }
        Entered shard = enter(id);
        mount().thenCompose(ready -> shard.shard().lastDestroyed().exceptionally(failure -> null))
                .thenCompose(ready -> locate(shard, shardConfig, owner))
                .thenCompose(at -> openEpoch(shard, at, shardConfig, epoch, owner))
                .whenComplete((store, failure) -> {
                    leave(shard.shard());
                    answer(opened, store, failure, owner);
                });
        return opened;
    }

    private static <T> void answer(
            CompletableFuture<T> future, @Nullable T value, @Nullable Throwable failure, Loop owner) {
        Runnable completion = () -> {
            if (failure != null) {
                future.completeExceptionally(known(failure));
            } else {
                future.complete(value);
            }
        };
        try {
            if (owner.inLoop()) {
                completion.run();
            } else {
                owner.execute(completion);
            }
        } catch (RmqException loopHasEnded) {
            completion.run();
        }
    }

    static RmqException known(Throwable failure) {
        return RmqException.of(failure, "the file engine failed");
    }

    /** A user of a shard, and which incarnation it means. Immutable. */
    private record Entered(FileShard shard, int incarnation) {}

    private synchronized Entered enter(ShardId id) {
        FileShard shard = shards.computeIfAbsent(id, FileShard::new);
        return new Entered(shard, shard.enter());
    }

    private synchronized void leave(FileShard shard) {
        if (shard.leave()) {
            shards.remove(shard.id(), shard);
        }
    }

    /** All disks, in parallel. A disk that cannot be mounted does not keep the others from serving. */
    private synchronized CompletableFuture<Void> mount() {
        if (mounted == null) {
            mounted = CompletableFuture.allOf(disks.stream()
                    .map(disk -> disk.mount().exceptionally(failure -> null).toCompletableFuture())
                    .toArray(CompletableFuture[]::new));
        }
        return mounted;
    }

    private CompletionStage<Located> locate(Entered entered, ShardConfig shardConfig, Loop owner) {
        FileShard shard = entered.shard();
        CompletableFuture<Located> begun = new CompletableFuture<>();
        CompletableFuture<Located> there = shard.located(entered.incarnation(), begun);
        if (there != begun) {
            return there;
        }
        findOrCreate(shard.id(), shardConfig, owner).whenComplete((found, failure) -> {
            if (failure != null) {
                shard.lost(begun);
                begun.completeExceptionally(known(failure));
            } else {
                begun.complete(found);
            }
        });
        return begun;
    }

    private CompletionStage<Located> findOrCreate(ShardId id, ShardConfig shardConfig, Loop owner) {
        StreamId streamId = new StreamId(id, SEGMENT_ID);
        for (LogDisk disk : disks) {
            LogStream stream = disk.stream(streamId);
            if (stream != null) {
                return disk.settle(stream, owner).thenApply(ready -> new Located(disk, stream));
            }
        }
        try {
            LogDisk disk = chooseDisk(id);
            StreamMode mode = StreamMode.of(shardConfig.durability());
            return disk.create(streamId, mode, 0, owner)
                    .whenComplete((stream, failure) -> isMade(disk))
                    .thenApply(stream -> new Located(disk, stream));
        } catch (RmqException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized LogDisk chooseDisk(ShardId id) {
        LogDisk disk = diskForNew(id);
        beingMade.merge(disk, 1, Integer::sum);
        return disk;
    }

    private synchronized void isMade(LogDisk disk) {
        beingMade.merge(disk, -1, Integer::sum);
    }

    /** The serving disk with the fewest shards. */
    private LogDisk diskForNew(ShardId id) {
        for (LogDisk disk : disks) {
            if (!disk.isMounted()) {
                // It may be there. A second one in its place would answer "not there" for what was acknowledged.
                throw RmqError.STORAGE_FAILED.exception("shard " + id + " may lie on "
                        + disk.status().reason() + ". Mend it, or take its directory out of the configuration");
            }
        }
        return disks.stream()
                .filter(disk -> disk.status().takesWrites())
                .min(Comparator.comparingInt(disk -> disk.streamCount() + beingMade.getOrDefault(disk, 0)))
                .orElseThrow(() -> refusedByAll());
    }

    private RmqException refusedByAll() {
        boolean full = disks.stream().anyMatch(disk -> disk.status().state() == DiskState.FULL);
        return (full ? RmqError.STORAGE_FULL : RmqError.STORAGE_FAILED)
                .exception("no disk takes a new shard: "
                        + String.join(
                                "; ",
                                disks.stream()
                                        .map(disk -> disk.status().reason())
                                        .toList()));
    }

    private CompletionStage<ShardStore> openEpoch(
            Entered entered, Located at, ShardConfig shardConfig, int epoch, Loop owner) {
        FileShard shard = entered.shard();
        try {
            shard.claim(entered.incarnation(), epoch, at.stream().fence());
        } catch (RmqException e) {
            return CompletableFuture.failedFuture(e);
        }
        LogDisk disk = at.disk();
        return disk.openEpoch(at.stream(), epoch, owner).thenApply(end -> {
            FileStore store = new FileStore(shard, disk, at.stream(), config, shardConfig, epoch, owner, end);
            shard.opened(entered.incarnation(), store);
            if (closed) {
                store.markClosed();
                throw RmqError.CLOSED.exception("the file engine is closed");
            }
            store.begin();
            scrub(disk).begin();
            return store;
        });
    }

    // --- the rest

    @Override
    public CompletionStage<Void> destroy(ShardId id) {
        if (closed) {
            return CompletableFuture.failedFuture(RmqError.CLOSED.exception("the file engine is closed"));
        }
        FileShard shard = enter(id).shard();
        CompletableFuture<Void> before = shard.lastDestroyed();
        CompletableFuture<Located> located = shard.located();
        CompletableFuture<Void> destroyed = shard.beginDestroy();
        CompletableFuture<?> settled = located == null ? before : located;
        mount().thenCompose(ready -> settled.handle((at, failure) -> null))
                .thenCompose(ready -> destroyStreams(new StreamId(id, SEGMENT_ID)))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        destroyed.completeExceptionally(known(failure));
                    } else {
                        destroyed.complete(null);
                    }
                    leave(shard);
                });
        return destroyed;
    }

    private CompletionStage<Void> destroyStreams(StreamId id) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (LogDisk disk : disks) {
            LogStream stream = disk.stream(id);
            if (stream != null) {
                all = all.thenCompose(done -> disk.destroy(stream, null));
            }
        }
        return all;
    }

    @Override
    public CompletionStage<Set<ShardId>> stored() {
        return mount().thenApply(ready -> {
            Set<ShardId> stored = new HashSet<>();
            disks.forEach(disk ->
                    disk.streams().forEach(stream -> stored.add(stream.id().shard())));
            return stored;
        });
    }

    /** As {@link #close}, without waiting: completes on a disk thread when everything is on the disks. */
    public CompletionStage<Void> shutdown() {
        closed = true;
        scrubs.values().forEach(DiskScrub::stop);
        synchronized (this) {
            shards.values().forEach(FileShard::closeCurrent);
            shards.clear();
        }
        return CompletableFuture.allOf(
                disks.stream().map(disk -> disk.close().toCompletableFuture()).toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        try {
            shutdown().toCompletableFuture().get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new RmqException(RmqError.STORAGE_FAILED, "the file engine could not be closed", e);
        } catch (TimeoutException e) {
            // What was acknowledged as synced is in the log; an unfinished checkpoint is as good as none.
            LOG.warn(
                    "the last checkpoint took more than {} s and is given up; the next start replays the log instead",
                    CLOSE_SECONDS_MAX);
        } finally {
            afterClose.run();
        }
    }
}
