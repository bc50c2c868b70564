/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RandomSource;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Where the roles of a node meet. A role puts the port that it offers when its phase starts and takes it away when the
 * phase stops; another one gets it in a later phase. Roles never inject each other's beans, because the order of beans
 * would override the order of phases. Thread-safe: a concurrent map and immutable fields.
 */
public final class NodeContext {
    private final NodeIdentity identity;
    private final Path dataDir;
    private final Clock clock;
    private final RandomSource random;
    private final MemoryBudget memory;
    private final Supplier<LoopGroup> loops;
    private final NodeState state = new NodeState();
    private final Map<Class<?>, Object> ports = new ConcurrentHashMap<>();

    public NodeContext(
            NodeIdentity identity,
            Path dataDir,
            Clock clock,
            RandomSource random,
            MemoryBudget memory,
            Supplier<LoopGroup> loops) {
        this.identity = identity;
        this.dataDir = dataDir;
        this.clock = clock;
        this.random = random;
        this.memory = memory;
        this.loops = loops;
    }

    public NodeIdentity identity() {
        return identity;
    }

    /** Locked by this node from phase INNER_RPC on; nobody writes there before. */
    public Path dataDir() {
        return dataDir;
    }

    public Clock clock() {
        return clock;
    }

    public RandomSource random() {
        return random;
    }

    public MemoryBudget memory() {
        return memory;
    }

    /** The net loops, which exist long before the ports that they serve. */
    public LoopGroup loops() {
        return loops.get();
    }

    public NodeState state() {
        return state;
    }

    /** Offers a port, once: two implementations of one interface are a fault of the assembly. */
    public <T> void put(Class<T> port, T implementation) {
        Object before = ports.putIfAbsent(port, implementation);
        if (before != null) {
            throw new IllegalStateException("the port " + port.getName() + " is offered twice: by "
                    + before.getClass().getName() + " and by "
                    + implementation.getClass().getName());
        }
    }

    /** The port's implementation; its absence is a fault of the assembly or of the order of phases. */
    public <T> T get(Class<T> port) {
        return find(port)
                .orElseThrow(() -> new IllegalStateException("nobody offers the port " + port.getName() + " in phase "
                        + state.phase() + " on a node with roles " + identity.roles()));
    }

    public <T> Optional<T> find(Class<T> port) {
        return Optional.ofNullable(port.cast(ports.get(port)));
    }

    /** Takes the port away; what is not there is not missed. */
    public void remove(Class<?> port) {
        ports.remove(port);
    }
}
