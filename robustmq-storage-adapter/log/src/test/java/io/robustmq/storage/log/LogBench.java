/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.ShardId;
import io.robustmq.kernel.TopicId;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatchReader;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.ReadLimits;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** One disk's log in a simulation, stopped and started again over the same simulated disk. Confined to the test's thread. */
final class LogBench {
    static final LogConfig CONFIG = LogConfig.defaults()
            .withWalFileBytes(1 << 16)
            .withCheckpointBytes(1 << 18)
            .withLowWaterBytes(0);

    final SimScheduler scheduler;
    final SimDisk sim;
    final LogConfig config;
    CountingDisk disk;
    LogDisk log;
    Loop owner;

    LogBench(long seed, LogConfig config) {
        scheduler = new SimScheduler(seed);
        sim = new SimDisk(scheduler, "d");
        this.config = config;
        start();
    }

    LogBench() {
        this(1, CONFIG);
    }

    /** A new process; what it mounts is to be awaited. */
    void start() {
        disk = new CountingDisk(sim);
        owner = scheduler.loops("owner", 1).get(0);
        log = new LogDisk(
                "d",
                disk,
                scheduler.loops("read", 2),
                scheduler.loops("write", 1).get(0),
                scheduler.loops("background", 1).get(0),
                owner.clock(),
                scheduler.random("format"),
                config);
    }

    void mount() {
        await(log.mount());
    }

    /** The power goes and comes back. */
    void crash() {
        sim.crash();
        log.abandon();
        scheduler.runUntilQuiet();
        start();
        mount();
    }

    void restart() {
        await(log.close());
        start();
        mount();
    }

    <T> T await(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        scheduler.runUntilQuiet();
        assertThat(future).isDone();
        try {
            return future.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RmqException known ? known : e;
        }
    }

    static StreamId id(int partition) {
        return new StreamId(new ShardId(new TopicId(1, 2), partition), 0);
    }

    LogStream create(int partition, StreamMode mode) {
        LogStream stream = await(log.create(id(partition), mode, 0, owner));
        await(log.openEpoch(stream, 1, owner));
        return stream;
    }

    /** After a start: ready to be used. */
    LogStream stream(int partition) {
        LogStream stream = log.stream(id(partition));
        if (stream != null) {
            await(log.settle(stream, owner));
        }
        return stream;
    }

    /** What became of one append. */
    static final class Append {
        final String value;
        boolean done;

        @Nullable
        RmqException failure;

        Append(String value) {
            this.value = value;
        }
    }

    /** Hands it over without waiting. */
    Append append(LogStream stream, long offset, boolean fsync, String value) {
        Append append = new Append(value);
        RecordBatch batch = RecordBatches.ofValues(1000, value);
        batch.assign(offset, Math.max(0, stream.fence()));
        AppendOwner told = (base, done, failure) -> done.completed(base, failure);
        try {
            stream.append(batch, fsync, owner, told, (base, failure) -> {
                append.done = true;
                append.failure = failure;
            });
        } catch (RmqException refused) {
            batch.release();
            append.done = true;
            append.failure = refused;
        }
        return append;
    }

    /** At the end, and waits. */
    Append append(LogStream stream, boolean fsync, String value) {
        Append append = append(stream, stream.highWatermark(), fsync, value);
        scheduler.runUntilQuiet();
        assertThat(append.done).isTrue();
        return append;
    }

    List<String> values(LogStream stream) {
        ByteBuf bytes =
                stream.segments().read(stream.start(), ReadLimits.ofBytes(Integer.MAX_VALUE), stream.highWatermark());
        List<String> values = new ArrayList<>();
        try {
            RecordBatchReader reader = new RecordBatchReader().reset(bytes);
            while (reader.nextBatch()) {
                while (reader.nextRecord()) {
                    if (reader.record().offset() >= stream.start()) {
                        values.add(new String(reader.record().value(), StandardCharsets.UTF_8));
                    }
                }
            }
        } finally {
            bytes.release();
        }
        return values;
    }
}
