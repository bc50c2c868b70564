/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Between a Kafka client and the broker: now and then it swallows a response and cuts the connection, so that the client does
 * not learn what became of its requests. Thread-safe; two daemon threads for each connection.
 */
final class DroppingProxy implements AutoCloseable {
    private final ServerSocket server = new ServerSocket();
    private volatile int targetPort;
    private final int oneIn;
    private final Random random;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger dropped = new AtomicInteger();

    /** @param oneIn that many responses one is dropped */
    DroppingProxy(int oneIn, long seed) throws IOException {
        this.oneIn = oneIn;
        this.random = new Random(seed);
        server.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
        run(this::accept);
    }

    /** Where the broker is to say it is. */
    int port() {
        return server.getLocalPort();
    }

    void to(int port) {
        targetPort = port;
    }

    int dropped() {
        return dropped.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = server.accept();
            Socket broker = new Socket("127.0.0.1", targetPort);
            client.setTcpNoDelay(true);
            broker.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(broker);
            run(() -> client.getInputStream().transferTo(broker.getOutputStream()));
            run(() -> responses(broker, client));
        }
    }

    private void responses(Socket broker, Socket client) throws IOException {
        DataInputStream in = new DataInputStream(broker.getInputStream());
        OutputStream out = client.getOutputStream();
        for (int count = 0; ; count++) {
            byte[] response = new byte[in.readInt()];
            in.readFully(response);
            // The first ones tell the client about the broker: it gets somewhere.
            if (count > 3 && drop()) {
                dropped.incrementAndGet();
                client.close();
                broker.close();
                return;
            }
            byte[] length =
                    java.nio.ByteBuffer.allocate(4).putInt(response.length).array();
            out.write(length);
            out.write(response);
        }
    }

    private synchronized boolean drop() {
        return random.nextInt(oneIn) == 0;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void run(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // The end of the connection, or of the proxy.
                    }
                },
                "dropping-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
