/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports that nobody listens on. Clients have to be told of a port before the broker opens it, so it cannot choose. They lie
 * below those that systems give to outgoing connections, which could take one in between. Stateless.
 */
final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** @throws IllegalStateException when there are none */
    static int[] choose(int count) {
        Set<Integer> found = new TreeSet<>();
        for (int i = 0; i < TRIES && found.size() < count; i++) {
            int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < count) {
            throw new IllegalStateException("No " + count + " free ports of " + FIRST + " to " + (FIRST + COUNT)
                    + " on the loopback: is something listening on all of them?");
        }
        return found.stream().mapToInt(Integer::intValue).toArray();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
