/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An MQTT 3.1.1 client that publishes numbered messages with QoS 1 as fast as the node acknowledges them, until the node is
 * gone. Has a thread that writes and one that reads; the counters are for any thread.
 */
final class FloodingPublisher implements AutoCloseable {
    private static final int WINDOW = 512;
    private static final int PUBACK = 0x40;
    private static final int IDS = 60_000;

    private final Socket socket;
    private final String topic;
    private final long first;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Semaphore progress = new Semaphore(0);
    private final AtomicLong acknowledged = new AtomicLong();
    private final Thread writer;
    private final Thread reader;

    /** @param first number of its first message; the payload is the number */
    FloodingPublisher(int port, String id, String topic, long first) {
        this.topic = topic;
        this.first = first;
        try {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setTcpNoDelay(true);
            connect(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        writer = new Thread(this::write, "write-" + id);
        reader = new Thread(this::read, "read-" + id);
        writer.start();
        reader.start();
    }

    private void connect(String id) throws IOException {
        byte[] name = id.getBytes(StandardCharsets.UTF_8);
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
        out.writeByte(0x10);
        out.writeByte(12 + name.length);
        out.writeUTF("MQTT");
        out.writeByte(4);
        out.writeByte(2);
        out.writeShort(0);
        out.writeUTF(id);
        out.flush();
        byte[] connack = socket.getInputStream().readNBytes(4);
        if (connack.length != 4 || connack[3] != 0) {
            throw new IOException("not accepted");
        }
    }

    private void write() {
        byte[] name = topic.getBytes(StandardCharsets.UTF_8);
        try {
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 16 * 1024));
            for (long number = first; ; number++) {
                if (!window.tryAcquire()) {
                    out.flush();
                    window.acquire();
                }
                byte[] payload = Long.toString(number).getBytes(StandardCharsets.US_ASCII);
                out.writeByte(0x32);
                out.writeByte(2 + name.length + 2 + payload.length);
                out.writeShort(name.length);
                out.write(name);
                out.writeShort((int) (number % IDS) + 1);
                out.write(payload);
            }
        } catch (IOException | InterruptedException gone) {
            // The node was killed, or the test is over.
        }
    }

    /** Acknowledgements come in the order of the publishes ([MQTT-4.6.0-2]), so that their number says which. */
    private void read() {
        try {
            DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
            for (long number = first; ; number++) {
                int type = in.readUnsignedByte();
                in.readUnsignedByte();
                int id = in.readUnsignedShort();
                if (type != PUBACK || id != (int) (number % IDS) + 1) {
                    return;
                }
                acknowledged.incrementAndGet();
                window.release();
                progress.release();
            }
        } catch (IOException gone) {
            // The node was killed.
        }
    }

    /** How many messages from the first on were acknowledged, without a gap. */
    long acknowledged() {
        return acknowledged.get();
    }

    /** Waits until so many more were acknowledged; false when time is up. */
    boolean awaitAcknowledged(int more, Duration patience) throws InterruptedException {
        return progress.tryAcquire(more, patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The first number that another publisher may use. */
    long next() {
        return first + acknowledged.get() + WINDOW;
    }

    @Override
    public void close() throws Exception {
        writer.interrupt();
        socket.close();
        writer.join();
        reader.join();
    }
}
