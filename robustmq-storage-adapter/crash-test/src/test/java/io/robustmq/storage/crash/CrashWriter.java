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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * The process that is killed: opens engines and appends to all of their shards at full speed, from several loops, until its
 * end comes. Waits for a line on its standard input first, so that its start costs the test no time.
 */
final class CrashWriter {
    private static final int LOOPS = 3;

    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private final List<ShardEngine> engines;
    private final Loop[] loops = new Loop[LOOPS];

    private CrashWriter(List<ShardEngine> engines) {
        this.engines = engines;
        for (int at = 0; at < LOOPS; at++) {
            loops[at] = SystemThreads.loop("owner" + at).loop();
        }
    }

    /** Arguments: directory, engines. The line: round, seed, shards of each engine. */
    public static void main(String[] args) throws Exception {
        // Its output is for what is told; what is logged goes elsewhere.
        System.setOut(System.err);
        warmUp();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line = in.readLine();
        if (line == null) {
            return;
        }
        String[] words = line.split(" ");
        List<ShardEngine> engines = Stream.of(args)
                .skip(1)
                .map(name -> CrashEngines.start(name, Path.of(args[0], name)))
                .toList();
        CrashWriter writer = new CrashWriter(engines);
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
        for (int shard : CrashEngines.shards(engines.size(), shards)) {
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
        loop.execute(() -> engines.get(CrashEngines.engineOf(shard))
                .open(CrashEngines.shard(shard), CrashEngines.CONFIG, (int) epoch, loop)
                .whenComplete((store, failure) -> loop.execute(() -> {
                    if (failure != null) {
                        wrong(shard, "open", epoch, failure);
                        return;
                    }
                    tell(new Told(Told.Kind.OPENED, shard, epoch));
                    new ShardDriver(this, store, loop, shard, epoch, seed * 31 + shard * 7L + epoch).go();
                })));
    }

    /** Where it comes from goes to the log, which is asked for late: it must not speak into what is told. */
    void wrong(int shard, String call, long epoch, Throwable failure) {
        LoggerFactory.getLogger(CrashWriter.class)
                .error("shard {}: {} failed in epoch {}", shard, call, epoch, failure);
        tell(Told.wrong(shard, call, epoch, failure));
    }

    /** With the operating system when it returns: it is heard whatever happens to this process. */
    void tell(Told told) {
        try {
            out.write(told.line().getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
