/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import io.robustmq.kernel.contract.WireContract;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimWireTest extends WireContract {
    private final SimScheduler scheduler = new SimScheduler(1);
    private final SimNetwork network = new SimNetwork(scheduler);
    private final SimLoopGroup loops = scheduler.loops("node", 2);

    @AfterEach
    void close() {
        network.close();
    }

    @Override
    protected Wire connect(NodeId node) {
        return network.connect(node);
    }

    @Override
    protected LoopGroup loops() {
        return loops;
    }

    @Override
    protected void await(BooleanSupplier condition) {
        assertThat(scheduler.runUntil(condition, 20_000)).isTrue();
    }

    /** Sends a hundred numbered messages through a bad network and answers what arrives. */
    private static List<String> send(long seed, SimNetwork.Faults faults) {
        SimScheduler scheduler = new SimScheduler(seed);
        SimLoopGroup loops = scheduler.loops("node", 2);
        try (SimNetwork network = new SimNetwork(scheduler)) {
            Wire one = network.connect(ONE);
            Inbox inbox = new Inbox(loops.get(1), network.connect(TWO));
            network.faults(faults);
            List<ByteBuf> sent = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sent.add(bytes("" + i));
                one.send(TWO, sent.get(i));
            }
            scheduler.runUntilQuiet();
            assertThat(network.isQuiet()).isTrue();
            assertThat(sent).allMatch(buffer -> buffer.refCnt() == 0);
            return List.copyOf(inbox.messages);
        }
    }

    @Test
    void losesDoublesAndReordersBySeed() {
        List<String> healthy = send(1, SimNetwork.Faults.NONE);
        assertThat(healthy).hasSize(100);
        List<String> lossy = send(1, new SimNetwork.Faults(50, 500, 30, 0, 0));
        assertThat(lossy).hasSizeBetween(40, 90).isSubsetOf(healthy).doesNotHaveDuplicates();
        assertThat(healthy.stream().filter(lossy::contains).toList())
                .as("still in order")
                .isEqualTo(lossy);
        List<String> doubled = send(1, new SimNetwork.Faults(50, 500, 0, 30, 0));
        assertThat(doubled).hasSizeBetween(110, 160).containsAll(healthy);
        List<String> reordered = send(1, new SimNetwork.Faults(50, 500, 0, 0, 30));
        assertThat(reordered).containsExactlyInAnyOrderElementsOf(healthy).isNotEqualTo(healthy);
    }

    @Test
    void theSameSeedDoesTheSame() {
        SimNetwork.Faults faults = new SimNetwork.Faults(0, 1000, 10, 10, 10);
        Set<List<String>> runs = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            List<String> run = send(seed, faults);
            assertThat(send(seed, faults)).isEqualTo(run);
            runs.add(run);
        }
        assertThat(runs).hasSize(20);
    }

    @Test
    void partsNodesOneWayAndBothWaysUntilHealed() {
        Wire one = network.connect(ONE);
        Wire two = network.connect(TWO);
        Inbox first = new Inbox(loops.get(0), one);
        Inbox second = new Inbox(loops.get(1), two);
        one.send(TWO, bytes("on its way"));
        network.partitionOneWay(ONE, TWO);
        one.send(TWO, bytes("lost"));
        two.send(ONE, bytes("heard"));
        scheduler.runUntilQuiet();
        assertThat(second.messages).isEmpty();
        assertThat(first.messages).containsExactly("2:heard");
        network.isolate(TWO);
        two.send(ONE, bytes("lost too"));
        scheduler.runUntilQuiet();
        assertThat(first.messages).hasSize(1);
        network.heal();
        one.send(TWO, bytes("healed"));
        two.send(ONE, bytes("healed"));
        scheduler.runUntilQuiet();
        assertThat(second.messages).containsExactly("1:healed");
        assertThat(first.messages).containsExactly("2:heard", "2:healed");
        assertThat(one.dropped() + two.dropped()).isEqualTo(3);
    }

    @Test
    void aBrokenConnectionLosesWhatWasOnItsWayAndBothAreTold() {
        Wire one = network.connect(ONE);
        Inbox first = new Inbox(loops.get(0), one);
        Inbox second = new Inbox(loops.get(1), network.connect(TWO));
        one.send(TWO, bytes("lost"));
        network.disconnect(ONE, TWO);
        one.send(TWO, bytes("next"));
        scheduler.runUntilQuiet();
        assertThat(second.messages).containsExactly("1:next");
        assertThat(second.epochs).containsExactly(2L);
        assertThat(second.closed).containsExactly("1:1");
        assertThat(first.closed).containsExactly("2:1");
    }

    @Test
    void aDeadNodesMessagesAreReleasedWhenTheNetworkCloses() {
        Wire one = network.connect(ONE);
        new Inbox(loops.get(1), network.connect(TWO));
        ByteBuf queued = bytes("in the queue of a dead loop");
        one.send(TWO, queued);
        while (loops.get(1).dueNanos() == Long.MAX_VALUE) {
            scheduler.step();
        }
        loops.stop();
        ByteBuf late = bytes("to a dead loop");
        one.send(TWO, late);
        scheduler.runUntilQuiet();
        assertThat(late.refCnt()).isZero();
        assertThat(queued.refCnt()).isOne();
        network.close();
        assertThat(queued.refCnt()).isZero();
    }
}
