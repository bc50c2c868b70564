/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One node's end of a {@link SimNetwork}. Confined to the thread of the simulation. */
public final class SimWire implements Wire {
    private final SimNetwork network;
    private final NodeId self;
    private final Set<ByteBuf> waiting = Collections.newSetFromMap(new IdentityHashMap<>());
    private @Nullable Loop loop;
    private @Nullable Handler handler;
    private long dropped;

    SimWire(SimNetwork network, NodeId self) {
        this.network = network;
        this.self = self;
    }

    @Override
    public NodeId self() {
        return self;
    }

    @Override
    public void receive(Loop loop, Handler handler) {
        this.loop = loop;
        this.handler = handler;
    }

    @Override
    public void send(NodeId to, ByteBuf owned) {
        if (network.isConnected(this)) {
            network.send(this, to, owned);
        } else {
            drop(owned);
        }
    }

    void deliver(NodeId from, long epoch, ByteBuf owned) {
        Loop to = loop;
        Handler receiver = handler;
        waiting.add(owned);
        if (to == null || receiver == null || !SimNetwork.handOver(to, () -> hand(receiver, from, epoch, owned))) {
            waiting.remove(owned);
            drop(owned);
        }
    }

    private void hand(Handler receiver, NodeId from, long epoch, ByteBuf owned) {
        if (waiting.remove(owned)) {
            receiver.received(from, epoch, owned);
        }
    }

    /** Drops what waits for the receiver's loop, which may have died with it in its queue. */
    void dropWaiting() {
        List.copyOf(waiting).forEach(this::drop);
        waiting.clear();
    }

    boolean isQuiet() {
        return waiting.isEmpty();
    }

    void deliverClosed(NodeId peer, long epoch) {
        Loop to = loop;
        Handler receiver = handler;
        if (to != null && receiver != null && network.isConnected(this)) {
            SimNetwork.handOver(to, () -> receiver.closed(peer, epoch));
        }
    }

    void drop(ByteBuf owned) {
        dropped++;
        owned.release();
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {
        if (network.isConnected(this)) {
            network.closed(this);
            dropWaiting();
        }
    }
}
