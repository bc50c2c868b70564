/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.rocksdb;

import io.netty.buffer.UnpooledByteBufAllocator;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.conformance.EngineFixture;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A rocksdb engine in a directory of its own, over an allocator that knows what it has handed out. It crashes by losing what
 * was written to the log after the last force, which is what a machine without power may lose.
 */
final class RocksDbFixture implements EngineFixture, DeviceProbe {
    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
    private final Path directory;
    private final Map<String, Long> forcedBytes = new ConcurrentHashMap<>();
    private RocksDbEngine engine;

    RocksDbFixture(Path directory) {
        this.directory = directory;
    }

    @Override
    public ShardEngine start() {
        RocksDbEngineConfig defaults = RocksDbEngineConfig.defaults();
        RocksDbEngineConfig config = new RocksDbEngineConfig(
                defaults.cacheBytes(), 0, defaults.maxQueuedBytes(), defaults.maxPinsPerShard(), true);
        engine = new RocksDbEngine(directory, allocator, config, this);
        return engine;
    }

    @Override
    public void forced() {
        logs().forEach(log -> forcedBytes.put(log.getFileName().toString(), size(log)));
    }

    private List<Path> logs() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log")).collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public ShardEngine crashAndReopen() {
        engine.close();
        for (Path log : logs()) {
            try (FileChannel channel = FileChannel.open(log, StandardOpenOption.WRITE)) {
                channel.truncate(forcedBytes.getOrDefault(log.getFileName().toString(), 0L));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return start();
    }

    @Override
    public long heldBytes() {
        return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
    }

    @Override
    public int modelSeeds() {
        return 150;
    }
}
