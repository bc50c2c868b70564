/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import com.google.protobuf.ByteString;
import io.grpc.ServerServiceDefinition;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Clock;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaEndpoint;
import io.robustmq.meta.raft.RaftGroup;
import io.robustmq.meta.raft.RaftTransport;
import io.robustmq.meta.state.StateFailure;
import io.robustmq.node.StartRefusedException;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.ExpireNode;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.SubmitRequest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meta role of a node: its members of the three groups, the service on the inner port, the leader's leases. Started and
 * stopped by one thread; the getters are thread-safe.
 */
public final class MetaServer {
    private static final Logger LOG = LoggerFactory.getLogger(MetaServer.class);
    private static final List<String> GROUPS = List.of(Kinds.METADATA_GROUP, Kinds.OFFSET_GROUP, Kinds.DATA_GROUP);
    private static final long HAND_OVER_MILLIS_MAX = 2000;

    private final MetaServerConfig config;
    private final InnerRpcServer rpc;
    private final Loop loop;
    private final RandomSource random;
    private final LeaseTracker leases;
    private final Map<String, RaftGroup> groups = new LinkedHashMap<>();
    private volatile boolean stopping;
    private volatile @Nullable QuorumWait waiting;
    private boolean closed;
    private @Nullable MetaDirectory directory;
    private @Nullable RaftTransport transport;
    private @Nullable ServerServiceDefinition published;
    private @Nullable MetaService service;
    private @Nullable Cancellable ticking;

    /** @param loop the meta loop; outlives this server */
    public MetaServer(MetaServerConfig config, InnerRpcServer rpc, Loop loop, Clock clock, RandomSource random) {
        this.config = config;
        this.rpc = rpc;
        this.loop = loop;
        this.random = random;
        this.leases = new LeaseTracker(clock, config.leaseMillis());
    }

    /**
     * Opens the groups and returns when each has a leader that this member can read through, however long that takes: the other
     * members may start at any time. Fails only for reasons of this node.
     */
    public void start() {
        directory = MetaDirectory.open(
                config.dataDir(),
                config.clusterName(),
                config.nodeId(),
                config.members().keySet());
        try {
            open(directory);
            QuorumWait quorum = new QuorumWait(config, List.copyOf(groups.values()), rpc.security(), loop);
            waiting = quorum;
            quorum.await();
        } catch (RuntimeException e) {
            stop();
            throw e;
        }
        scheduleTick();
    }

    private void open(MetaDirectory opened) {
        RaftGroup.Membership membership =
                new RaftGroup.Membership(config.clusterName(), config.nodeId(), config.members());
        if (membership.runsHere(Kinds.METADATA_GROUP)) {
            throw new StartRefusedException(
                    "Node " + config.nodeId() + " of cluster " + config.clusterName()
                            + " runs in this process already.",
                    "Give one of the two another robustmq.cluster-name or robustmq.node-id.");
        }
        membership.publish();
        transport = new RaftTransport(rpc, rpc.callExecutor());
        for (String name : GROUPS) {
            try {
                RaftGroup group = new RaftGroup(name, membership, rpc.security(), opened.group(name), listener(name));
                groups.put(name, group);
                group.start();
            } catch (StateFailure | IllegalStateException e) {
                throw new StartRefusedException(
                        "The raft group " + name + " in " + opened.group(name) + " cannot be opened: " + e.getMessage()
                                + ".",
                        "See the errors logged before; if the disk is sound, move that directory away and the member is"
                                + " filled by the others.",
                        e);
            }
        }
        service = new MetaService(config, groups, leases, rpc.callExecutor());
        published = new MetaGrpcService(service).bindService();
        rpc.addService(published);
    }

    private RaftGroup.Listener listener(String group) {
        return new RaftGroup.Listener() {
            @Override
            public void leading(long term) {
                LOG.info("Node {} leads group {} in term {}", config.nodeId(), group, term);
                if (group.equals(Kinds.METADATA_GROUP)) {
                    leases.leading();
                }
            }

            @Override
            public void following() {
                if (group.equals(Kinds.METADATA_GROUP)) {
                    leases.following();
                }
            }
        };
    }

    /** Called while leadership is handed over, a matter of milliseconds. */
    private static void pause() {
        try {
            new CompletableFuture<Void>().get(5, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // That was the pause.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void scheduleTick() {
        if (!stopping) {
            ticking = loop.schedule(Math.max(20, config.leaseMillis() / 10), this::tick);
        }
    }

    /** Expires who has been silent for a lease; only the leader of the metadata group finds any. On the meta loop. */
    private void tick() {
        try {
            RaftGroup metadata = groups.get(Kinds.METADATA_GROUP);
            if (metadata != null && leases.isLeading() && !stopping) {
                List<NodeState> nodes = new ArrayList<>();
                metadata.state().store().scan(Kinds.NODE, new byte[0], node -> nodes.add(node.toNode()));
                leases.expired(nodes).forEach(this::expire);
            }
        } catch (RmqException | StateFailure e) {
            LOG.warn("Leases could not be checked: {}", e.getMessage());
        } finally {
            scheduleTick();
        }
    }

    private void expire(ExpireNode expired) {
        MetaService running = service;
        if (running == null) {
            return;
        }
        LOG.warn("The lease of node {} has ended", expired.getNode());
        UUID id = random.nextUuid();
        running.submit(SubmitRequest.newBuilder()
                .setCluster(config.clusterName())
                .setGroup(Kinds.METADATA_GROUP)
                .setRequestId(ByteString.copyFrom(ByteBuffer.allocate(16)
                        .putLong(id.getMostSignificantBits())
                        .putLong(id.getLeastSignificantBits())
                        .flip()))
                .setCommand(Command.newBuilder().setExpireNode(expired))
                .build());
    }

    /** Hands leadership over, then leaves the groups. May be called while {@link #start} still waits. */
    public void stop() {
        stopping = true;
        QuorumWait quorum = waiting;
        if (quorum != null) {
            quorum.cancel();
        }
        close();
    }

    private synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (ticking != null) {
            ticking.cancel();
        }
        if (service != null) {
            service.endWatches();
        }
        handOver();
        if (published != null) {
            rpc.removeService(published);
        }
        groups.values().forEach(RaftGroup::stop);
        if (transport != null) {
            transport.close();
        }
        if (directory != null) {
            directory.close();
            directory = null;
        }
    }

    private void handOver() {
        if (config.members().size() == 1) {
            return;
        }
        long sinceNanos = loop.clock().nanos();
        List<RaftGroup> led = groups.values().stream()
                .filter(RaftGroup::started)
                .filter(RaftGroup::leading)
                .toList();
        led.forEach(RaftGroup::handOver);
        while (led.stream().anyMatch(RaftGroup::leading)
                && loop.clock().nanos() - sinceNanos < HAND_OVER_MILLIS_MAX * 1_000_000) {
            pause();
        }
    }

    /** The member in this process, for a client here. */
    public MetaEndpoint endpoint() {
        MetaService running = service;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running;
    }

    public MetaServerConfig config() {
        return config;
    }

    /** The groups by name, for metrics and tests. */
    public Map<String, RaftGroup> groups() {
        return Map.copyOf(groups);
    }

    /** Watches that are open at this member. */
    public int watches() {
        MetaService running = service;
        return running == null ? 0 : running.watches();
    }
}
