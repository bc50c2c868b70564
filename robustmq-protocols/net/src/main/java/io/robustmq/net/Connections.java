/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.net;

import io.netty.channel.Channel;
import io.robustmq.protocol.CloseRequest;
import io.robustmq.protocol.ConnectionRegistry;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open connections by id. Thread-safe: a concurrent map, bounded by the limit of connections. */
final class Connections implements ConnectionRegistry {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    private final AtomicLong lastId = new AtomicLong();
    private final ConcurrentHashMap<Long, ConnectionGate> open = new ConcurrentHashMap<>();

    private final long farewellMillisMax;

    Connections(long farewellMillisMax) {
        this.farewellMillisMax = farewellMillisMax;
    }

    long nextId() {
        return lastId.incrementAndGet();
    }

    void add(ConnectionGate connection) {
        open.put(connection.info().id(), connection);
    }

    void remove(ConnectionGate connection) {
        open.remove(connection.info().id());
    }

    @Override
    public List<ConnectionView> list(long afterId, int limit) {
        // Keeps the lowest ids only: a node may hold a hundred times more connections than a page.
        PriorityQueue<ConnectionGate> lowest = new PriorityQueue<>(
                Comparator.comparingLong((ConnectionGate c) -> c.info().id()).reversed());
        for (ConnectionGate connection : open.values()) {
            if (connection.info().id() > afterId) {
                lowest.add(connection);
                if (lowest.size() > limit) {
                    lowest.poll();
                }
            }
        }
        return lowest.stream()
                .sorted(Comparator.comparingLong(c -> c.info().id()))
                .map(ConnectionGate::view)
                .toList();
    }

    @Override
    public int size() {
        return open.size();
    }

    @Override
    public boolean close(long id, String reason) {
        ConnectionGate connection = open.get(id);
        if (connection == null) {
            return false;
        }
        Channel channel = connection.channel();
        channel.eventLoop().execute(() -> {
            LOG.info("closing connection {} of {}: {}", id, connection.info().remote(), reason);
            channel.pipeline().fireUserEventTriggered(new CloseRequest(reason));
            // A peer that reads nothing would keep its farewell, and with it the connection, for ever.
            channel.eventLoop().schedule(connection::cut, farewellMillisMax, TimeUnit.MILLISECONDS);
        });
        return true;
    }

    /** Closes all without a farewell and returns when they are gone; whoever is not after the time is cut. */
    void closeAll(long millisMax) {
        List<ConnectionGate> all = List.copyOf(open.values());
        all.forEach(connection -> connection.channel().close());
        if (!awaitClosed(all, millisMax)) {
            LOG.warn("cutting {} connections that did not close within {} ms", open.size(), millisMax);
            all.forEach(ConnectionGate::cut);
            awaitClosed(all, millisMax);
        }
    }

    private static boolean awaitClosed(List<ConnectionGate> connections, long millisMax) {
        CompletableFuture<?>[] closed = connections.stream()
                .map(connection -> {
                    CompletableFuture<Void> one = new CompletableFuture<>();
                    connection.channel().closeFuture().addListener(done -> one.complete(null));
                    return one;
                })
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(closed).get(millisMax, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a close future never fails", e);
        }
    }
}
