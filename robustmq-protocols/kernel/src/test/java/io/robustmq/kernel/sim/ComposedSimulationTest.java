/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.Wire;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Loops, wire and disk together: a writer sends numbers to a replica that loses its power now and then, over a bad network.
 * The replica that forces before it acknowledges never loses an acknowledged number; the one that does not is found out.
 */
class ComposedSimulationTest {
    private static final int NUMBERS = 40;
    private static final int SEEDS = 40;
    private static final NodeId WRITER = new NodeId(1);
    private static final NodeId REPLICA = new NodeId(2);

    /** One run. */
    private static final class Simulation implements AutoCloseable {
        private final boolean forceBeforeAck;
        private final SimScheduler scheduler;
        private final SimRandom chaos;
        private final SimNetwork network;
        private final SimDisk disk;
        private final Writer writer;
        private Replica replica;
        private boolean lost;

        Simulation(long seed, boolean forceBeforeAck) {
            this.forceBeforeAck = forceBeforeAck;
            scheduler = new SimScheduler(seed);
            chaos = scheduler.random("chaos");
            network = new SimNetwork(scheduler);
            network.faults(new SimNetwork.Faults(100, 2000, 10, 10, 10));
            disk = new SimDisk(scheduler, "replica");
            disk.slowForce(100_000, 3_000_000);
            disk.create("log", 0).close();
            writer = new Writer(this);
            replica = new Replica(this);
            scheduleCrash(scheduler.loops("chaos", 1).get(0), 8);
        }

        private void scheduleCrash(SimLoop loop, int left) {
            loop.schedule(5 + chaos.nextInt(60), () -> {
                replica.stop();
                disk.crash();
                replica = new Replica(this);
                lost |= replica.count < writer.acknowledged;
                if (left > 1) {
                    scheduleCrash(loop, left - 1);
                }
            });
        }

        void run() {
            writer.loops.get(0).execute(writer::send);
            scheduler.runUntilQuiet();
        }

        @Override
        public void close() {
            network.close();
        }
    }

    /** Sends one number after the other, each until it is acknowledged. Confined to its loop. */
    private static final class Writer implements Wire.Handler {
        private final SimLoopGroup loops;
        private final SimWire wire;
        private int acknowledged;

        Writer(Simulation simulation) {
            loops = simulation.scheduler.loops("writer", 1);
            wire = simulation.network.connect(WRITER);
            wire.receive(loops.get(0), this);
        }

        void send() {
            if (acknowledged < NUMBERS) {
                wire.send(REPLICA, Unpooled.buffer().writeInt(acknowledged));
                loops.get(0).schedule(10, this::send);
            }
        }

        @Override
        public void received(NodeId from, long connectionEpoch, ByteBuf owned) {
            if (owned.readInt() == acknowledged) {
                acknowledged++;
            }
            owned.release();
        }

        @Override
        public void closed(NodeId peer, long connectionEpoch) {
            // The timer sends again.
        }
    }

    /** Appends the next number and answers what it has. Confined to its loop. */
    private static final class Replica implements Wire.Handler {
        private final Simulation simulation;
        private final SimLoopGroup loops;
        private final SimWire wire;
        private final DiskFile file;
        private int count;

        Replica(Simulation simulation) {
            this.simulation = simulation;
            loops = simulation.scheduler.loops("replica", 1);
            file = simulation.disk.open("log");
            recover();
            wire = simulation.network.connect(REPLICA);
            wire.receive(loops.get(0), this);
        }

        private void recover() {
            ByteBuf bytes = Unpooled.buffer();
            file.read(0, bytes, (int) file.size());
            // Each number is stored plus one, so that a hole is not taken for the number 0.
            while (bytes.readableBytes() >= Integer.BYTES && bytes.readInt() == count + 1) {
                count++;
            }
        }

        void stop() {
            wire.close();
            loops.stop();
        }

        @Override
        public void received(NodeId from, long connectionEpoch, ByteBuf owned) {
            int number = owned.readInt();
            owned.release();
            if (number == count) {
                file.write((long) number * Integer.BYTES, Unpooled.buffer().writeInt(number + 1));
                if (simulation.forceBeforeAck) {
                    file.force();
                }
                count++;
            }
            if (number < count) {
                wire.send(from, Unpooled.buffer().writeInt(number));
            }
        }

        @Override
        public void closed(NodeId peer, long connectionEpoch) {
            // It only answers.
        }
    }

    @Test
    void whatWasForcedBeforeItWasAcknowledgedSurvivesEveryCrash() {
        Set<Long> traces = new HashSet<>();
        for (long seed = 0; seed < SEEDS; seed++) {
            try (Simulation simulation = new Simulation(seed, true)) {
                simulation.run();
                assertThat(simulation.lost).as("seed %d", seed).isFalse();
                assertThat(simulation.writer.acknowledged).as("seed %d", seed).isEqualTo(NUMBERS);
                assertThat(simulation.network.isQuiet()).isTrue();
                traces.add(simulation.scheduler.traceHash());
            }
            try (Simulation again = new Simulation(seed, true)) {
                again.run();
                assertThat(traces).as("seed %d", seed).contains(again.scheduler.traceHash());
            }
        }
        assertThat(traces).hasSize(SEEDS);
    }

    @Test
    void anAcknowledgementBeforeTheForceIsFoundOut() {
        int found = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            try (Simulation simulation = new Simulation(seed, false)) {
                simulation.writer.loops.get(0).execute(simulation.writer::send);
                simulation.scheduler.runUntil(() -> simulation.lost, 2000);
                found += simulation.lost ? 1 : 0;
            }
        }
        assertThat(found).isGreaterThan(SEEDS / 2);
    }
}
