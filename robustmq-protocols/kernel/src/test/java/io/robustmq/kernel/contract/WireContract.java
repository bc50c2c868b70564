/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every wire does while the network is healthy. */
public abstract class WireContract {
    protected static final NodeId ONE = new NodeId(1);
    protected static final NodeId TWO = new NodeId(2);

    /** Connects a node to the network of this test. */
    protected abstract Wire connect(NodeId node);

    protected abstract LoopGroup loops();

    protected abstract void await(BooleanSupplier condition);

    /** Keeps what it gets, as text. */
    protected static final class Inbox implements Wire.Handler {
        public final List<String> messages = new CopyOnWriteArrayList<>();
        public final List<Long> epochs = new CopyOnWriteArrayList<>();
        public final List<String> closed = new CopyOnWriteArrayList<>();
        private final Loop loop;
        private volatile boolean offLoop;

        public Inbox(Loop loop, Wire wire) {
            this.loop = loop;
            wire.receive(loop, this);
        }

        @Override
        public void received(NodeId from, long connectionEpoch, ByteBuf owned) {
            offLoop |= !loop.inLoop();
            epochs.add(connectionEpoch);
            messages.add(from + ":" + owned.toString(UTF_8));
            owned.release();
        }

        @Override
        public void closed(NodeId peer, long connectionEpoch) {
            offLoop |= !loop.inLoop();
            closed.add(peer + ":" + connectionEpoch);
        }

        public boolean wasAlwaysOnItsLoop() {
            return !offLoop;
        }
    }

    protected static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, UTF_8);
    }

    @Test
    void deliversInOrderOnTheReceiversLoop() {
        Wire one = connect(ONE);
        Wire two = connect(TWO);
        Inbox inbox = new Inbox(loops().get(1), two);
        List<String> expected = new ArrayList<>();
        List<ByteBuf> sent = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            sent.add(bytes("m" + i));
            one.send(TWO, sent.get(i));
            expected.add("1:m" + i);
        }
        await(() -> inbox.messages.size() == 100);
        assertThat(inbox.messages).isEqualTo(expected);
        assertThat(inbox.wasAlwaysOnItsLoop()).isTrue();
        assertThat(inbox.epochs).containsOnly(inbox.epochs.get(0));
        assertThat(sent).allMatch(buffer -> buffer.refCnt() == 0);
        assertThat(one.dropped() + two.dropped()).isZero();
        assertThat(one.self()).isEqualTo(ONE);
    }

    @Test
    void speaksBothWaysAndToItself() {
        Wire one = connect(ONE);
        Wire two = connect(TWO);
        Inbox first = new Inbox(loops().get(0), one);
        Inbox second = new Inbox(loops().get(1), two);
        one.send(TWO, bytes("ping"));
        two.send(ONE, bytes("pong"));
        one.send(ONE, bytes("self"));
        await(() -> first.messages.size() == 2 && second.messages.size() == 1);
        assertThat(first.messages).containsExactlyInAnyOrder("2:pong", "1:self");
        assertThat(second.messages).containsExactly("1:ping");
    }

    @Test
    void dropsAndReleasesWhatNobodyTakes() {
        Wire one = connect(ONE);
        Wire two = connect(TWO);
        ByteBuf toNobody = bytes("x");
        one.send(new NodeId(9), toNobody);
        assertThat(toNobody.refCnt()).isZero();
        ByteBuf toDeaf = bytes("x");
        one.send(TWO, toDeaf);
        await(() -> toDeaf.refCnt() == 0);
        one.close();
        ByteBuf fromClosed = bytes("x");
        one.send(TWO, fromClosed);
        assertThat(fromClosed.refCnt()).isZero();
        assertThat(one.dropped() + two.dropped()).isEqualTo(3);
    }

    @Test
    void tellsThePeersWhenItClosesAndComesBackWithALargerEpoch() {
        Wire one = connect(ONE);
        Wire two = connect(TWO);
        Inbox inbox = new Inbox(loops().get(1), two);
        one.send(TWO, bytes("before"));
        await(() -> inbox.messages.size() == 1);
        one.close();
        one.close();
        await(() -> inbox.closed.size() == 1);
        assertThat(inbox.closed).containsExactly("1:" + inbox.epochs.get(0));
        Wire again = connect(ONE);
        again.send(TWO, bytes("after"));
        await(() -> inbox.messages.size() == 2);
        assertThat(inbox.messages).containsExactly("1:before", "1:after");
        assertThat(inbox.epochs.get(1)).isGreaterThan(inbox.epochs.get(0));
        assertThat(inbox.wasAlwaysOnItsLoop()).isTrue();
    }

    @Test
    void aNodeIsConnectedOnce() {
        connect(ONE);
        assertThatThrownBy(() -> connect(ONE)).isInstanceOf(RmqException.class);
    }
}
