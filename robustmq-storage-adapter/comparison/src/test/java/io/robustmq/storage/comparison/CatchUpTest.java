/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.storage.Durability;
import io.robustmq.storage.FileSlice;
import io.robustmq.storage.ReadLimits;
import io.robustmq.storage.ShardStore;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.CompressionType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A shard from its start to a socket without a copy, beside a plain file sent in the same pieces over the same loopback. */
@Tag("comparison")
class CatchUpTest {
    private static final int PIECE_BYTES = 1 << 20;
    private static final long BYTES = Long.getLong("comparison.bytes", 1L << 30);
    private static final int ROUNDS = Integer.getInteger("comparison.rounds", 5);

    @TempDir
    Path directory;

    @Test
    void nearTheSpeedOfTheLoopback() throws Exception {
        Workload workload = Workload.of(1024, 16 * 1024, CompressionType.NONE);
        long batches = BYTES / workload.bytes();
        double[] ours = new double[ROUNDS];
        double[] plain = new double[ROUNDS];
        try (EngineBench bench = EngineBench.file(directory)) {
            ShardStore store = bench.open(1, Durability.OS_BUFFER).get(0);
            new AppendDriver(List.of(store), workload, Durability.OS_BUFFER, 64, false).run(bench.owner(), batches);
            for (int round = -1; round < ROUNDS; round++) {
                double slices = toSocket(socket -> sendShard(bench.owner(), store, socket))
                        .megabytesPerSecond();
                double file = toSocket(socket ->
                                sendFile(firstSlice(bench.owner(), store).channel(), socket))
                        .megabytesPerSecond();
                if (round >= 0) {
                    ours[round] = slices;
                    plain[round] = file;
                }
            }
            bench.destroy(1);
        }
        Report.line(
                "catch-up to a socket: shard %.0f MB/s, plain file over the same loopback %.0f MB/s, ratio %.2f",
                Measured.median(ours), Measured.median(plain), Measured.median(ours) / Measured.median(plain));
        assertThat(Measured.median(ours)).isPositive();
    }

    private interface Sender {
        long send(WritableByteChannel socket) throws Exception;
    }

    /** Sends to a thread that reads and forgets. */
    private static Measured toSocket(Sender sender) throws Exception {
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0))) {
            Thread sink = new Thread(() -> readAll(server));
            sink.start();
            long[] sent = new long[1];
            Measured measured;
            try (SocketChannel socket = SocketChannel.open(server.getLocalAddress())) {
                measured = Measured.of(1, 1, () -> {
                    sent[0] = sender.send(socket);
                    socket.shutdownOutput();
                    sink.join();
                });
            }
            return new Measured(1, sent[0], measured.wallSeconds(), measured.cpuSeconds());
        }
    }

    private static void readAll(ServerSocketChannel server) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE_BYTES);
        try (SocketChannel socket = server.accept()) {
            while (socket.read(buffer.clear()) >= 0) {
                continue;
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static @Nullable FileSlice slice(Loop loop, ShardStore store, long offset) throws Exception {
        CompletableFuture<FileSlice> read = new CompletableFuture<>();
        loop.execute(() ->
                store.readSlice(offset, ReadLimits.ofBytes(PIECE_BYTES), loop, (owned, highWatermark, failure) -> {
                    if (failure != null) {
                        read.completeExceptionally(failure);
                    } else {
                        read.complete(owned);
                    }
                }));
        return read.get(10, TimeUnit.SECONDS);
    }

    private static FileSlice firstSlice(Loop loop, ShardStore store) throws Exception {
        FileSlice slice = Objects.requireNonNull(slice(loop, store, 0));
        slice.release();
        return slice;
    }

    private static long sendShard(Loop loop, ShardStore store, WritableByteChannel socket) throws Exception {
        long sent = 0;
        long offset = 0;
        while (true) {
            FileSlice slice = slice(loop, store, offset);
            if (slice == null) {
                return sent;
            }
            try {
                for (long at = 0; at < slice.bytes(); ) {
                    at += slice.transferTo(socket, at);
                }
                sent += slice.bytes();
                offset = slice.nextOffset();
            } finally {
                slice.release();
            }
        }
    }

    private static long sendFile(FileChannel file, WritableByteChannel socket) throws Exception {
        long size = file.size();
        for (long at = 0; at < size; ) {
            at += file.transferTo(at, Math.min(PIECE_BYTES, size - at), socket);
        }
        return size;
    }
}
