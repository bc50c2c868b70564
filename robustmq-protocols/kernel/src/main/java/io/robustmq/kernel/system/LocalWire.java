/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Wire;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** The wire of a node whose peers live in the same JVM: messages go from loop to loop. Thread-safe. */
public final class LocalWire implements Wire {
    /** What may wait for the loop of one receiver; more is dropped, as a network would. */
    private static final long WAITING_BYTES_MAX = 64L * 1024 * 1024;

    private final Network network;
    private final NodeId self;
    private final long incarnation;
    private final Set<LocalWire> peers = ConcurrentHashMap.newKeySet();
    private final LongAdder dropped = new LongAdder();
    private final AtomicLong waitingBytes = new AtomicLong();
    private volatile @Nullable Receiver receiver;
    private volatile boolean closed;

    private LocalWire(Network network, NodeId self, long incarnation) {
        this.network = network;
        this.self = self;
        this.incarnation = incarnation;
    }

    private record Receiver(Loop loop, Handler handler) {}

    /** What connects the nodes of one JVM. Thread-safe. */
    public static final class Network {
        private final Map<NodeId, LocalWire> wires = new ConcurrentHashMap<>();
        private final AtomicLong incarnations = new AtomicLong();
        private final long waitingBytesMax;

        public Network() {
            this(WAITING_BYTES_MAX);
        }

        /** With a limit on the bytes that may wait for the loop of one receiver. */
        public Network(long waitingBytesMax) {
            this.waitingBytesMax = waitingBytesMax;
        }

        /** Connects the node; one wire per node at a time. */
        public LocalWire connect(NodeId node) {
            LocalWire wire = new LocalWire(this, node, incarnations.incrementAndGet());
            if (wires.putIfAbsent(node, wire) != null) {
                throw RmqError.INVALID_REQUEST.exception("node " + node + " is connected already");
            }
            return wire;
        }
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void receive(Loop loop, Handler handler) {
        receiver = new Receiver(loop, handler);
    }

    @Override
    public void send(NodeId to, ByteBuf owned) {
        LocalWire target = network.wires.get(to);
        if (closed || target == null) {
            drop(owned);
            return;
        }
        peers.add(target);
        target.peers.add(this);
        target.deliver(this, owned);
    }

    private void deliver(LocalWire from, ByteBuf owned) {
        Receiver to = receiver;
        int size = owned.readableBytes();
        if (to == null || waitingBytes.addAndGet(size) > network.waitingBytesMax) {
            waitingBytes.addAndGet(to == null ? 0 : -size);
            drop(owned);
            return;
        }
        try {
            to.loop.execute(() -> hand(to.handler, from, owned, size));
        } catch (RmqException e) {
            waitingBytes.addAndGet(-size);
            drop(owned); // its loop has been shut down
        }
    }

    private void hand(Handler handler, LocalWire from, ByteBuf owned, int size) {
        waitingBytes.addAndGet(-size);
        if (closed || from.closed) {
            drop(owned);
        } else {
            handler.received(from.self, epochWith(from), owned);
        }
    }

    /** A node that comes back has a larger incarnation, so the larger of the two rises with every connection. */
    private long epochWith(LocalWire peer) {
        return Math.max(incarnation, peer.incarnation);
    }

    private void drop(ByteBuf owned) {
        dropped.increment();
        owned.release();
    }

    @Override
    public long dropped() {
        return dropped.sum();
    }

    @Override
    public void close() {
        if (!network.wires.remove(self, this)) {
            return;
        }
        closed = true;
        for (LocalWire peer : peers) {
            peer.peers.remove(this);
            peer.tellClosed(this);
        }
        peers.clear();
    }

    private void tellClosed(LocalWire peer) {
        Receiver to = receiver;
        if (to == null || closed) {
            return;
        }
        try {
            to.loop.execute(() -> to.handler.closed(peer.self, epochWith(peer)));
        } catch (RmqException e) {
            dropped.increment(); // its loop has been shut down
        }
    }
}
