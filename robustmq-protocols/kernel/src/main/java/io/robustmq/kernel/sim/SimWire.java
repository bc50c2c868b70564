/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import org.jspecify.annotations.Nullable;

/** One node's end of a {@link SimNetwork}. Confined to the thread of the simulation. */
public final class SimWire implements Wire {
    private final SimNetwork network;
    private final NodeId self;
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
        if (to == null || receiver == null || !SimNetwork.handOver(to, () -> hand(receiver, from, epoch, owned))) {
            network.arrived(owned);
            drop(owned);
        }
    }

    private void hand(Handler receiver, NodeId from, long epoch, ByteBuf owned) {
        network.arrived(owned);
        if (network.isConnected(this)) {
            receiver.received(from, epoch, owned);
        } else {
            drop(owned);
        }
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
        }
    }
}
