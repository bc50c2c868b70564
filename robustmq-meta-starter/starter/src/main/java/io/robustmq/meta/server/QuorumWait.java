/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.meta.client.GrpcMetaEndpoint;
import io.robustmq.meta.raft.RaftGroup;
import io.robustmq.node.StartRefusedException;
import io.robustmq.rpc.InnerRpcChannels;
import io.robustmq.rpc.InnerSecurity;
import io.robustmq.rpc.meta.StatusRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits until every group can be read through this member, for as long as that takes, and says now and then who is missing.
 * Confined to the meta loop, but for {@link #await} and {@link #cancel}.
 */
final class QuorumWait {
    private static final Logger LOG = LoggerFactory.getLogger(QuorumWait.class);
    private static final long PATIENCE_MILLIS = 10_000;
    private static final long PROBE_MILLIS = 1000;
    private static final long POLL_MILLIS = 5;

    private final MetaServerConfig config;
    private final List<RaftGroup> groups;
    private final InnerSecurity security;
    private final Loop loop;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private int reached;
    private int probe;

    QuorumWait(MetaServerConfig config, List<RaftGroup> groups, InnerSecurity security, Loop loop) {
        this.config = config;
        this.groups = groups;
        this.security = security;
        this.loop = loop;
    }

    /**
     * Returns when it is so. The calling thread waits without a time limit of its own: in this state Spring's shutdown hook
     * recognises and interrupts it, so a node that waits for others can be stopped.
     */
    void await() {
        loop.execute(this::probe);
        loop.schedule(PATIENCE_MILLIS, this::complain);
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            // Not interrupted again: this thread now closes what it opened, and an interrupted one cannot write to
            // files.
            cancel();
            throw stopped();
        }
    }

    void cancel() {
        done.completeExceptionally(stopped());
    }

    private static RuntimeException stopped() {
        return RmqError.CLOSED.exception("stopped while waiting for a quorum of the meta service");
    }

    private void probe() {
        if (done.isDone()) {
            return;
        }
        if (reached == groups.size()) {
            done.complete(null);
            return;
        }
        RaftGroup group = groups.get(reached);
        Throwable failure = group.failure();
        if (failure != null) {
            done.completeExceptionally(new StartRefusedException(
                    "The raft group " + group.name() + " has failed: " + failure + ".",
                    "See the errors logged before; if the disk is sound, move its directory away.",
                    failure));
            return;
        }
        int mine = ++probe;
        loop.schedule(PROBE_MILLIS, () -> answered(mine, false));
        group.readBarrier().whenComplete((read, thrown) -> loop.execute(() -> answered(mine, thrown == null)));
    }

    private void answered(int ofProbe, boolean readable) {
        if (ofProbe != probe) {
            return;
        }
        probe++;
        if (readable) {
            reached++;
            probe();
        } else {
            loop.schedule(POLL_MILLIS, this::probe);
        }
    }

    private void complain() {
        if (done.isDone()) {
            return;
        }
        InnerRpcChannels channels = new InnerRpcChannels(security);
        Set<String> missing = new ConcurrentSkipListSet<>();
        StatusRequest request =
                StatusRequest.newBuilder().setCluster(config.clusterName()).build();
        CompletableFuture<?>[] asked = config.members().entrySet().stream()
                .filter(member -> member.getKey() != config.nodeId())
                .map(member -> ask(member, channels, request, missing))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(asked).whenComplete((all, thrown) -> {
            channels.close();
            LOG.info(
                    "Group {} has no quorum yet; members that do not answer: {}",
                    groups.get(Math.min(reached, groups.size() - 1)).name(),
                    missing.isEmpty() ? "none" : String.join(", ", missing));
        });
        loop.schedule(PATIENCE_MILLIS, this::complain);
    }

    private static CompletableFuture<?> ask(
            Map.Entry<Integer, String> member, InnerRpcChannels channels, StatusRequest request, Set<String> missing) {
        return new GrpcMetaEndpoint(channels, member.getValue(), PROBE_MILLIS)
                .status(request)
                .toCompletableFuture()
                .handle((reply, thrown) -> {
                    if (thrown != null) {
                        missing.add(
                                "node " + member.getKey() + " at " + member.getValue() + " (" + reason(thrown) + ")");
                    }
                    return reply;
                });
    }

    /** Of what happened on the way, the last cause: not running, not believed, not speaking TLS. */
    private static String reason(Throwable thrown) {
        Throwable root = thrown;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
