/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Damaged requests of all kinds: whoever sends them is answered or cut off, and nobody else notices. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaFuzzTest {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaFuzzTest.class);
    private static final int SECONDS = Integer.getInteger("fuzz.seconds", 20);
    private static final long FIRST_SEED = Long.getLong("fuzz.seed", 0);
    private static final int WAIT_MILLIS = 50;
    private static final int WITNESS_EVERY = 200;

    @TempDir
    Path directory;

    private RobustMqNode node;

    @BeforeEach
    void start() {
        node = new RobustMqNode(directory, KafkaDifferentialTest.CLUSTER_ID, "memory");
    }

    @AfterEach
    void stop() {
        node.close();
    }

    @Test
    void damagedRequestsHurtNobodyElse() throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long seed = FIRST_SEED;
        try (Wire witness = new Wire(node.port())) {
            do {
                send(new Mutation(seed));
                if (++seed % WITNESS_EVERY == 0) {
                    assertThat(witness.isReady()).as("before seed %d", seed).isTrue();
                    assertThat(node.budget().usedBytes())
                            .as("memory before seed %d", seed)
                            .isLessThanOrEqualTo(node.budget().limitBytes());
                }
            } while (System.nanoTime() < end);
            assertThat(witness.isReady()).isTrue();
        }
        LOG.info("seeds {} to {}", FIRST_SEED, seed);
        assertThat(seed - FIRST_SEED).isGreaterThan(WITNESS_EVERY);
        awaitNoMemory();
    }

    private void send(Mutation mutation) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", node.port())) {
            socket.setSoTimeout(WAIT_MILLIS);
            byte[] bytes = mutation.bytes();
            int length = mutation.isHalf() ? bytes.length / 2 : bytes.length;
            socket.getOutputStream().write(bytes, 0, length);
            if (length == bytes.length) {
                // An answer, a close, or a wait that the request has asked for.
                socket.getInputStream().read();
            }
        } catch (SocketTimeoutException | SocketException e) {
            // Both are allowed: what is not is told by the witness.
        }
    }

    @Test
    void aClientThatNeverReadsIsNotRead() throws IOException {
        Step question = Step.of(ApiKeys.METADATA, 12, new MetadataRequestData().setTopics(null));
        ByteBuffer bytes = ByteBuffer.allocate(4 + question.frame().length);
        bytes.putInt(question.frame().length).put(question.frame());
        try (Wire witness = new Wire(node.port());
                SocketChannel deaf = SocketChannel.open(new InetSocketAddress("127.0.0.1", node.port()))) {
            for (int i = 0; i < 50; i++) {
                witness.call(TopicRequests.made("topic-" + i, 1, java.util.Map.of()), new Known());
            }
            deaf.configureBlocking(false);
            long refusedSince = System.nanoTime();
            long deadline = refusedSince + TimeUnit.SECONDS.toNanos(30);
            // When nothing has been taken for a while, nothing will be.
            while (System.nanoTime() - refusedSince < TimeUnit.SECONDS.toNanos(1) && System.nanoTime() < deadline) {
                if (deaf.write(bytes.rewind()) > 0) {
                    refusedSince = System.nanoTime();
                    while (bytes.hasRemaining() && System.nanoTime() < deadline && deaf.write(bytes) >= 0) {
                        Thread.onSpinWait();
                        if (System.nanoTime() - refusedSince > TimeUnit.SECONDS.toNanos(1)) {
                            break;
                        }
                    }
                } else {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            assertThat(System.nanoTime()).as("it is read for ever").isLessThan(deadline);
            assertThat(node.budget().usedBytes()).isLessThan(16 << 20);
            assertThat(witness.isReady()).isTrue();
        }
        awaitNoMemory();
    }

    /** Frames are given back when their connections are closed. */
    private void awaitNoMemory() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (node.budget().usedBytes() > 0L && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        assertThat(node.budget().usedBytes()).isLessThanOrEqualTo(0L);
    }
}
