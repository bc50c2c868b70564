/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.access.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Between a source and its server: lets everything through, swallows what the server says, or is cut. Thread-safe; daemon threads
 * of its own.
 */
public final class Cable implements AutoCloseable {
    private final int port;
    private final int target;
    private volatile boolean swallows;
    private volatile ServerSocket server;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();

    public Cable(int target) {
        this.target = target;
        this.server = listen(0);
        this.port = server.getLocalPort();
    }

    public int port() {
        return port;
    }

    private ServerSocket listen(int wanted) {
        try {
            ServerSocket opened = new ServerSocket(wanted, 50, InetAddress.getLoopbackAddress());
            start(() -> accept(opened));
            return opened;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Cut, which is what it is for.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private void accept(ServerSocket opened) throws IOException {
        while (true) {
            Socket near = opened.accept();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(near);
            sockets.add(far);
            start(() -> pump(near, far, false));
            start(() -> pump(far, near, true));
        }
    }

    private void pump(Socket from, Socket to, boolean answers) throws IOException {
        byte[] bytes = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (!answers || !swallows) {
                    out.write(bytes, 0, read);
                }
            }
        }
    }

    /** From now on the server is not heard. */
    public void swallow() {
        swallows = true;
    }

    /** Connections end, and there are no new ones. */
    public void cut() {
        close();
    }

    /** As at the beginning. */
    public void mend() {
        swallows = false;
        if (server.isClosed()) {
            server = listen(port);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket each : sockets) {
                each.close();
            }
            sockets.clear();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
