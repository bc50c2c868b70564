/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.netty.channel.EventLoop;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Measures what is delivered of messages that were there before: retained ones to a subscriber that comes, or what a durable
 * session slept through to the client that comes back; once more and once more until the time is over. The server's CPU time
 * counts from the SUBSCRIBE, or from the CONNECT of the client that comes back, until its last acknowledgement is worked off.
 * Confined to the main thread.
 */
final class BacklogRun {
    private static final long NO_PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int WRITE_SECONDS_MAX = 60;

    private final LoadOptions options;
    private final boolean retained;
    private final int messages;
    private final int topics;
    private final PrintWriter progress;
    private final RunClock clock;
    private final String tag =
            Long.toString(ProcessHandle.current().pid(), 36) + Long.toString(System.nanoTime() & 0xFFFFFF, 36);
    private final String base;

    private int rounds;
    private long received;
    private long lost;
    private long duplicated;
    private long nanos;
    private long serverNanos;
    private long writtenNanos;
    private long ownNanos;

    /** @param retained whether a new subscriber gets retained messages; else a durable session gets what it slept through */
    BacklogRun(LoadOptions options, boolean retained, int messages, int topics, PrintWriter progress) {
        this.options = options;
        this.retained = retained;
        this.messages = messages;
        this.topics = topics;
        this.progress = progress;
        this.clock = new RunClock(options);
        this.base = options.topic == null ? "bench/backlog/" + tag : options.topic;
    }

    Map<String, Object> run() {
        try (Connector connector = new Connector(options, 1)) {
            EventLoop loop = connector.nextLoop();
            BacklogWriter writer = new BacklogWriter(options.version(), "bench-" + tag + "-w");
            connect(connector, loop, writer);
            if (retained) {
                await(writer.write(base, topics, messages, options.size, true), WRITE_SECONDS_MAX);
            } else {
                BacklogReader first = reader();
                connect(connector, loop, first);
                await(first.subscribe(base + "/#"), WRITE_SECONDS_MAX);
                leave(first);
            }
            repeat(connector, loop, writer, options.warmup, "warm");
            forget();
            repeat(connector, loop, writer, options.duration, "run");
            cleanUp(connector, loop, writer);
            return values();
        }
    }

    private void repeat(Connector connector, EventLoop loop, BacklogWriter writer, Duration duration, String phase) {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            once(connector, loop, writer);
            progress.printf("%s: round %d, received %,d, lost %,d%n", phase, rounds, received, lost);
            progress.flush();
        }
    }

    private void once(Connector connector, EventLoop loop, BacklogWriter writer) {
        BacklogReader reader = reader();
        if (retained) {
            connect(connector, loop, reader);
        } else {
            long before = clock.serverNanos();
            await(writer.write(base, topics, messages, options.size, false), WRITE_SECONDS_MAX);
            writtenNanos += clock.serverNanos() - before;
        }
        long begin = System.nanoTime();
        long serverBegin = clock.serverNanos();
        long ownBegin = RunClock.ownNanos();
        if (retained) {
            reader.subscribe(base + "/#");
        } else {
            connect(connector, loop, reader);
        }
        awaitAll(reader);
        nanos += System.nanoTime() - begin;
        serverNanos += clock.serverNanos() - serverBegin;
        ownNanos += RunClock.ownNanos() - ownBegin;
        rounds++;
        received += reader.received();
        lost += messages - reader.received();
        duplicated += reader.duplicated();
        leave(reader);
    }

    private BacklogReader reader() {
        return new BacklogReader(options.version(), "bench-" + tag + "-r", !retained, options.qos, messages);
    }

    private static void connect(Connector connector, EventLoop loop, MqttClient client) {
        connector.connect(loop, client);
        await(client.ready(), 15);
    }

    private static void leave(MqttClient client) {
        client.context().executor().execute(client::close);
        client.context().channel().closeFuture().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    private static void awaitAll(BacklogReader reader) {
        long progressNanos = System.nanoTime();
        int before = 0;
        while (true) {
            try {
                reader.done().get(1, TimeUnit.SECONDS);
                return;
            } catch (TimeoutException e) {
                BenchException failure = reader.failure();
                if (failure != null) {
                    throw failure;
                }
                if (reader.received() != before) {
                    before = reader.received();
                    progressNanos = System.nanoTime();
                } else if (System.nanoTime() - progressNanos > NO_PROGRESS_NANOS) {
                    return;
                }
            } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
                throw new BenchException(BenchException.FAILED, "interrupted");
            }
        }
    }

    private static void await(CompletableFuture<?> answer, int seconds) {
        try {
            answer.orTimeout(seconds, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof BenchException expected) {
                throw expected;
            }
            throw new BenchException(BenchException.UNREACHABLE, "the broker does not answer in time");
        }
    }

    private void forget() {
        rounds = 0;
        received = 0;
        lost = 0;
        duplicated = 0;
        nanos = 0;
        serverNanos = 0;
        writtenNanos = 0;
        ownNanos = 0;
    }

    /** Leaves no retained message and no session behind. */
    private void cleanUp(Connector connector, EventLoop loop, BacklogWriter writer) {
        if (retained) {
            await(writer.write(base, topics, topics, 0, true), WRITE_SECONDS_MAX);
        } else {
            BacklogReader last = new BacklogReader(options.version(), "bench-" + tag + "-r", false, options.qos, 0);
            connect(connector, loop, last);
            leave(last);
        }
        leave(writer);
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("scenario", retained ? "retained" : "drain");
        values.put("qos", options.qos);
        values.put("size", options.size);
        values.put("messages", messages);
        values.put("rounds", rounds);
        values.put("received", received);
        values.put("secondsPerRound", Report.rounded(nanos / 1e9 / Math.max(1, rounds)));
        values.put("messagesPerSecond", Report.rounded(received / (nanos / 1e9)));
        values.put("lost", lost);
        values.put("duplicated", duplicated);
        values.put("reordered", 0);
        if (options.pid != null || options.pidFile != null) {
            values.put("serverCpuMicrosPerMessage", Report.rounded(serverNanos / 1e3 / Math.max(1, received)));
            values.put("serverBusy", Report.rounded(serverNanos / (double) nanos));
            if (!retained) {
                values.put(
                        "serverCpuMicrosPerStored",
                        Report.rounded(writtenNanos / 1e3 / Math.max(1L, (long) rounds * messages)));
            }
        }
        values.put("generatorBusy", Report.rounded(ownNanos / (double) nanos));
        return values;
    }
}
