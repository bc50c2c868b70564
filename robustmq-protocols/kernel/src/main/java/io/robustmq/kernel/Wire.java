/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel;

import io.netty.buffer.ByteBuf;

/**
 * Messages between nodes. A message arrives whole and unchanged, or not at all; it may be late, arrive twice, or behind a
 * later one (a peer that connected again sends again), so whoever uses a wire numbers what matters. Thread-safe.
 */
public interface Wire extends AutoCloseable {

    NodeId self();

    /** Sends and forgets, never blocks. Dropped, and counted, if there is no way to the node. */
    void send(NodeId to, ByteBuf owned);

    /** Who gets what arrives, on that loop; set once, before the first message, what comes earlier is dropped. */
    void receive(Loop loop, Handler handler);

    /** How many messages this node could not send or nobody took. */
    long dropped();

    /** Ends all connections; the peers are told. */
    @Override
    void close();

    /** Called on the loop given to {@link #receive}. */
    interface Handler {

        /** The epoch numbers the connections between the two nodes, rising. */
        void received(NodeId from, long connectionEpoch, ByteBuf owned);

        /** Nothing of this connection comes any more; what was sent on it may be lost. */
        void closed(NodeId peer, long connectionEpoch);
    }
}
