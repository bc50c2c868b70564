/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Connects simulated nodes, and does to their messages what networks do: delays them, and on request loses, doubles and
 * reorders them, cuts connections and parts nodes, all by seed. Close it at the end of a test: it releases what is still
 * on its way. Confined to the thread of the simulation.
 */
public final class SimNetwork implements AutoCloseable {
    private final SimRandom random;
    private final SimLoop transit;
    private final TreeMap<NodeId, SimWire> wires = new TreeMap<>();
    private final Map<Link, Connection> connections = new HashMap<>();
    private final Set<Link> blocked = new HashSet<>();
    private final Set<ByteBuf> onTheWay = Collections.newSetFromMap(new IdentityHashMap<>());
    private Faults faults = Faults.NONE;

    public SimNetwork(SimScheduler scheduler) {
        this.random = scheduler.random("network");
        this.transit = scheduler.loops("network", 1).get(0);
    }

    /** What happens to each message, in percent; a reordered one takes up to ten times as long as others and is overtaken. */
    public record Faults(
            long delayMicrosMin, long delayMicrosMax, int dropPercent, int duplicatePercent, int reorderPercent) {
        /** A healthy data centre. */
        public static final Faults NONE = new Faults(50, 500, 0, 0, 0);

        public Faults {
            if (delayMicrosMin < 0 || delayMicrosMax < delayMicrosMin) {
                throw new IllegalArgumentException("delays are 0 <= min <= max");
            }
        }
    }

    /** One direction between two nodes. */
    private record Link(NodeId from, NodeId to) {
        /** The same for both directions. */
        Link undirected() {
            return from.compareTo(to) <= 0 ? this : new Link(to, from);
        }
    }

    /** Both directions between two nodes; the epoch rises whenever the connection breaks. */
    private static final class Connection {
        private long epoch = 1;
        private boolean used;
        private final Map<Link, Long> lastArrivalNanos = new HashMap<>();
    }

    /** Connects the node, also one that was closed before; one wire per node at a time. */
    public SimWire connect(NodeId node) {
        SimWire wire = new SimWire(this, node);
        if (wires.putIfAbsent(node, wire) != null) {
            throw RmqError.INVALID_REQUEST.exception("node " + node + " is connected already");
        }
        return wire;
    }

    /** From now on; what is on its way is not touched. */
    public void faults(Faults faults) {
        this.faults = faults;
    }

    /** Loses what one says to the other, in both directions, also what is on its way. */
    public void partition(NodeId one, NodeId other) {
        partitionOneWay(one, other);
        partitionOneWay(other, one);
    }

    /** Loses what {@code from} says to {@code to}, which is still heard in the other direction. */
    public void partitionOneWay(NodeId from, NodeId to) {
        blocked.add(new Link(from, to));
    }

    /** Cuts the node off from all others that are connected now. */
    public void isolate(NodeId node) {
        wires.keySet().stream().filter(other -> !other.equals(node)).forEach(other -> partition(node, other));
    }

    /** Ends all partitions. */
    public void heal() {
        blocked.clear();
    }

    /** Breaks the connection: what is on its way is lost, both are told, the next message opens a new one. */
    public void disconnect(NodeId one, NodeId other) {
        Connection connection = connection(new Link(one, other));
        if (connection.used) {
            long ended = connection.epoch++;
            connection.used = false;
            tellClosed(one, other, ended);
            tellClosed(other, one, ended);
        }
    }

    private void tellClosed(NodeId node, NodeId peer, long epoch) {
        SimWire wire = wires.get(node);
        if (wire != null) {
            transit.submit(delayNanos(), () -> wire.deliverClosed(peer, epoch));
        }
    }

    private Connection connection(Link link) {
        return connections.computeIfAbsent(link.undirected(), key -> new Connection());
    }

    private long delayNanos() {
        return 1000 * (faults.delayMicrosMin + random.nextLong(faults.delayMicrosMax - faults.delayMicrosMin + 1));
    }

    void send(SimWire from, NodeId to, ByteBuf owned) {
        Link link = new Link(from.self(), to);
        if (!wires.containsKey(to) || blocked.contains(link) || random.percent(faults.dropPercent)) {
            from.drop(owned);
            return;
        }
        Connection connection = connection(link);
        connection.used = true;
        if (random.percent(faults.duplicatePercent)) {
            ship(from, link, connection, owned.copy());
        }
        ship(from, link, connection, owned);
    }

    private void ship(SimWire from, Link link, Connection connection, ByteBuf owned) {
        long now = transit.clock().nanos();
        long arrival = now + delayNanos();
        if (random.percent(faults.reorderPercent)) {
            arrival += 1000 * random.nextLong(10 * faults.delayMicrosMax + 1);
        } else {
            Long last = connection.lastArrivalNanos.get(link);
            // Differences, because the clock may overflow.
            arrival = last != null && last - arrival > 0 ? last : arrival;
            connection.lastArrivalNanos.put(link, arrival);
        }
        long epoch = connection.epoch;
        SimWire target = wires.get(link.to);
        onTheWay.add(owned);
        transit.submit(arrival - now, () -> {
            boolean lost = epoch != connection.epoch || blocked.contains(link) || wires.get(link.to) != target;
            onTheWay.remove(owned);
            if (lost) {
                from.drop(owned);
            } else {
                target.deliver(link.from, epoch, owned);
            }
        });
    }

    void closed(SimWire wire) {
        for (NodeId other : wires.keySet()) {
            if (!other.equals(wire.self())) {
                disconnect(wire.self(), other);
            }
        }
        wires.remove(wire.self(), wire);
    }

    boolean isConnected(SimWire wire) {
        return wires.get(wire.self()) == wire;
    }

    /** Whether no message is on its way or waits for its receiver's loop. */
    public boolean isQuiet() {
        return onTheWay.isEmpty() && wires.values().stream().allMatch(SimWire::isQuiet);
    }

    /** Runs the delivery on the receiver's loop, or says that this loop is gone. */
    static boolean handOver(io.robustmq.kernel.Loop loop, Runnable delivery) {
        try {
            loop.execute(delivery);
            return true;
        } catch (RmqException e) {
            return false;
        }
    }

    @Override
    public void close() {
        wires.values().forEach(SimWire::dropWaiting);
        wires.clear();
        onTheWay.forEach(ByteBuf::release);
        onTheWay.clear();
    }
}
