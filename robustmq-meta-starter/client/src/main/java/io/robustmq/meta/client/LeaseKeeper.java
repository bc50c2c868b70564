/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.meta.HeartbeatReply;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registers, sends heartbeats, registers again. Confined to the meta loop; the getters are thread-safe. */
final class LeaseKeeper implements NodeLease {
    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
    private static final long LEASE_MILLIS_ASSUMED = 3000;

    private final ClusterMetaClient client;
    private final Loop loop;
    private final CompletableFuture<NodeInfo> registered = new CompletableFuture<>();
    private NodeInfo node;
    private long leaseMillis = LEASE_MILLIS_ASSUMED;
    private volatile long heldUntilNanos;
    private volatile boolean superseded;
    private volatile boolean closed;

    LeaseKeeper(ClusterMetaClient client, Loop loop, NodeInfo node) {
        this.client = client;
        this.loop = loop;
        this.node = node;
        this.heldUntilNanos = loop.clock().nanos();
    }

    void start() {
        loop.execute(this::register);
    }

    private void register() {
        if (closed) {
            return;
        }
        client.submit(new MetaCommand.RegisterNode(node)).whenComplete((info, thrown) -> {
            if (thrown != null) {
                retry("register", thrown);
                return;
            }
            heartbeat();
        });
    }

    private void heartbeat() {
        if (closed) {
            return;
        }
        long sentNanos = loop.clock().nanos();
        client.heartbeat(node, Math.max(100, leaseMillis / 3)).whenComplete((reply, thrown) -> {
            if (thrown != null) {
                retry("heartbeat", thrown);
            } else {
                answered(sentNanos, reply);
            }
        });
    }

    private void answered(long sentNanos, HeartbeatReply reply) {
        if (closed) {
            return;
        }
        leaseMillis = Math.max(100, reply.getLeaseMillis());
        switch (reply.getLease()) {
            case HELD -> {
                heldUntilNanos = sentNanos + leaseMillis * 1_000_000 / 3 * 2;
                registered.complete(node);
                later(leaseMillis / 3, this::heartbeat);
            }
            case SUPERSEDED -> {
                superseded = true;
                heldUntilNanos = loop.clock().nanos();
                LOG.error("Node {} has registered again elsewhere; this process serves no more", node.id());
            }
            default -> {
                heldUntilNanos = loop.clock().nanos();
                LOG.warn("Node {} has lost its lease and registers again", node.id());
                register();
            }
        }
    }

    private void retry(String what, Throwable thrown) {
        if (!closed) {
            LOG.warn("Node {} cannot {}: {}", node.id(), what, thrown.getMessage());
            later(Math.min(500, leaseMillis / 6), registered.isDone() ? this::heartbeat : this::register);
        }
    }

    private void later(long millis, Runnable task) {
        try {
            loop.schedule(millis, task);
        } catch (RmqException ended) {
            closed = true;
        }
    }

    @Override
    public CompletionStage<NodeInfo> registered() {
        return registered;
    }

    @Override
    public long heldUntilNanos() {
        return heldUntilNanos;
    }

    @Override
    public boolean held() {
        return !superseded && heldUntilNanos - loop.clock().nanos() > 0;
    }

    @Override
    public boolean superseded() {
        return superseded;
    }

    @Override
    public CompletionStage<NodeInfo> advertise(Map<String, String> listeners) {
        return onLoop(() -> {
            node = new NodeInfo(
                    node.id(), node.incarnation(), node.roles(), node.rpcAddress(), listeners, node.alive());
            return client.submit(new MetaCommand.RegisterNode(node));
        });
    }

    @Override
    public CompletionStage<Boolean> leave() {
        closed = true;
        return onLoop(() -> {
            heldUntilNanos = loop.clock().nanos();
            return client.submit(new MetaCommand.ExpireNode(node.id(), node.incarnation()));
        });
    }

    private <A> CompletionStage<A> onLoop(Supplier<CompletionStage<A>> step) {
        CompletableFuture<A> result = new CompletableFuture<>();
        try {
            loop.execute(() -> step.get().whenComplete((answer, thrown) -> {
                if (thrown == null) {
                    result.complete(answer);
                } else {
                    result.completeExceptionally(thrown);
                }
            }));
        } catch (RmqException ended) {
            result.completeExceptionally(ended);
        }
        return result;
    }

    @Override
    public void close() {
        closed = true;
    }
}
