/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.system.SystemThreads;
import io.robustmq.storage.ShardEngine;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/**
 * The process that is killed: opens an engine and appends to all of its shards at full speed, from several loops, until its
 * end comes. Waits for a line on its standard input first, so that its start costs the test no time.
 */
final class CrashWriter {
    private static final int LOOPS = 3;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final ShardEngine engine;
    private final Loop[] loops = new Loop[LOOPS];

    private CrashWriter(ShardEngine engine) {
        this.engine = engine;
        for (int at = 0; at < LOOPS; at++) {
            loops[at] = SystemThreads.loop("owner" + at).loop();
        }
    }

    /** Arguments: engine, directory. The line: round, seed, shards. */
    public static void main(String[] args) throws Exception {
        warmUp();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null) {
            return;
        }
        String[] words = line.split(" ");
        CrashWriter writer = new CrashWriter(CrashEngines.start(args[0], Path.of(args[1])));
        writer.start(Long.parseLong(words[0]), Long.parseLong(words[1]), Integer.parseInt(words[2]));
        // Whoever asked is gone when the input ends.
        while (in.readLine() != null) {}
        Runtime.getRuntime().halt(0);
    }

    /** Loads what would otherwise be loaded while the clock runs. */
    private static void warmUp() throws Exception {
        Class.forName("io.robustmq.storage.crash.ShardDriver");
        Class.forName("io.robustmq.kernel.record.RecordBatches");
        org.rocksdb.RocksDB.loadLibrary();
        Loop loop = SystemThreads.loop("warm-up").loop();
        CountDownLatch done = new CountDownLatch(1);
        loop.execute(done::countDown);
        done.await();
    }

    private void start(long round, long seed, int shards) {
        for (int shard = 0; shard < shards; shard++) {
            open(shard, round * 1000 + 1, seed);
        }
    }

    Loop loop(long number) {
        return loops[(int) (number % LOOPS)];
    }

    /** A new owner on another loop each time; it fences the one before. */
    void open(int shard, long epoch, long seed) {
        Loop loop = loop(shard + epoch);
        tell(new Told(Told.Kind.OPENING, shard, epoch));
        loop.execute(() -> engine.open(CrashEngines.shard(shard), CrashEngines.CONFIG, (int) epoch, loop)
                .whenComplete((store, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        tell(new Told(Told.Kind.WRONG, shard));
                        return;
                    }
                    tell(new Told(Told.Kind.OPENED, shard, epoch));
                    new ShardDriver(this, store, loop, shard, epoch, seed * 31 + shard * 7L + epoch).go();
                })));
    }

    /** In the pipe when it returns: the reader gets it whatever happens to this process. */
    void tell(Told told) {
        try {
            out.write(told.line().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
