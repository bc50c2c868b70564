/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.storm;

import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.protocol.ConnectionInfo;
import io.robustmq.protocol.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * A connection between a client and a node that keeps the order of the bytes and nothing else: they take their time, arrive in
 * other pieces, and are lost when it breaks, which the broker may notice late. Confined to the thread of the simulation.
 */
final class SimLink implements DurableClient.Link {
    private static final InetSocketAddress NOWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1883);
    private static final int RETRY_MILLIS = 2;

    private final SimNode node;
    private final Loop there;
    private final Loop here;
    private final DurableClient client;
    private final SimRandom random;
    private final int delayMillisMax;
    private final ArrayDeque<ByteBuf> toBroker = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> toClient = new ArrayDeque<>();
    private @Nullable End end;
    private boolean broken;
    private boolean heard;

    /** The broker's end. */
    private final class End extends EmbeddedChannel {
        @Override
        protected void handleOutboundMessage(Object message) {
            ByteBuf bytes = (ByteBuf) message;
            if (broken) {
                bytes.release();
            } else {
                toClient.add(bytes);
                here.schedule(delay(), SimLink.this::arrive);
            }
        }
    }

    private SimLink(SimNode node, Loop there, Loop here, DurableClient client, SimRandom random, int delayMillisMax) {
        this.node = node;
        this.there = there;
        this.here = here;
        this.client = client;
        this.random = random;
        this.delayMillisMax = delayMillisMax;
    }

    /** Connects the client, which speaks at once. On the client's loop. */
    static void open(
            SimNode node,
            int loop,
            Loop here,
            DurableClient client,
            SimRandom random,
            int delayMillisMax,
            boolean cleanStart,
            long id) {
        SimLink link = new SimLink(node, node.loop(loop), here, client, random, delayMillisMax);
        node.opened(link);
        link.there.execute(() -> link.accept(id));
        client.connect(link, cleanStart);
    }

    private void accept(long id) {
        End made = new End();
        end = made;
        node.initializer()
                .initialize(made, there, new ConnectionInfo(id, "sim", "mqtt", Transport.TCP, NOWHERE, NOWHERE, 0));
        made.closeFuture()
                .addListener(closed -> here.schedule(delay(), () -> {
                    // What was said before comes first.
                    arrive();
                    client.lost(this);
                }));
    }

    private int delay() {
        return random.nextInt(delayMillisMax + 1);
    }

    @Override
    public void send(ByteBuf owned) {
        if (broken) {
            owned.release();
            return;
        }
        toBroker.add(owned);
        there.schedule(delay(), this::pass);
    }

    private void pass() {
        End open = end;
        if (open == null || !open.isActive()) {
            if (open == null && !broken) {
                there.schedule(RETRY_MILLIS, this::pass);
            }
            return;
        }
        while (!toBroker.isEmpty()) {
            if (!open.config().isAutoRead()) {
                there.schedule(RETRY_MILLIS, this::pass);
                return;
            }
            heard = true;
            open.writeInbound(toBroker.remove());
        }
    }

    private void arrive() {
        while (!broken && !toClient.isEmpty()) {
            ByteBuf bytes = toClient.remove();
            client.bytes(this, bytes);
            bytes.release();
        }
    }

    /** The client breaks it; the broker hears of that later, and perhaps not of what was said last. */
    @Override
    public void close() {
        if (broken) {
            return;
        }
        // A CONNECT must not come behind that of the next connection.
        if (!heard || random.percent(50)) {
            toBroker.forEach(ByteBuf::release);
            toBroker.clear();
        }
        forget();
        there.schedule(random.percent(20) ? random.nextInt(3_000) : delay() + delayMillisMax, this::hangUp);
    }

    private void hangUp() {
        End open = end;
        if (open != null) {
            pass();
            open.close();
        }
    }

    /** The broker's process is gone. */
    void cut() {
        toBroker.forEach(ByteBuf::release);
        toBroker.clear();
        forget();
        there.execute(this::hangUp);
        here.execute(() -> client.lost(this));
    }

    private void forget() {
        broken = true;
        toClient.forEach(ByteBuf::release);
        toClient.clear();
    }
}
