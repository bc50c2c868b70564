/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import com.google.protobuf.ByteString;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.Kinds;
import io.robustmq.meta.client.MetaEndpoint;
import io.robustmq.meta.client.MetaMessages;
import io.robustmq.meta.raft.RaftGroup;
import io.robustmq.meta.state.DocKey;
import io.robustmq.meta.state.Stored;
import io.robustmq.rpc.meta.Document;
import io.robustmq.rpc.meta.Error;
import io.robustmq.rpc.meta.HeartbeatReply;
import io.robustmq.rpc.meta.HeartbeatRequest;
import io.robustmq.rpc.meta.LogEntry;
import io.robustmq.rpc.meta.NodeState;
import io.robustmq.rpc.meta.ReadReply;
import io.robustmq.rpc.meta.ReadRequest;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import io.robustmq.rpc.meta.SubmitReply;
import io.robustmq.rpc.meta.SubmitRequest;
import io.robustmq.rpc.meta.WatchRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What a member answers, whoever asks: callers in this process and the inner port come through here alike. Thread-safe. */
final class MetaService implements MetaEndpoint {
    private static final int ENTRY_BYTES_MAX = 4 << 20;
    private static final int READ_LIMIT_MAX = 1000;
    private static final int READ_BYTES_MAX = 4 << 20;
    private static final int LOCAL_WINDOW = 256;

    private final MetaServerConfig config;
    private final Map<String, RaftGroup> groups;
    private final LeaseTracker leases;
    private final Executor executor;
    private final Set<WatchSession> watches = ConcurrentHashMap.newKeySet();

    MetaService(MetaServerConfig config, Map<String, RaftGroup> groups, LeaseTracker leases, Executor executor) {
        this.config = config;
        this.groups = groups;
        this.leases = leases;
        this.executor = executor;
    }

    private RaftGroup group(String cluster, String name) {
        if (!cluster.equals(config.clusterName())) {
            throw RmqError.INVALID_REQUEST.exception(
                    "this is cluster '" + config.clusterName() + "', not '" + cluster + "'");
        }
        RaftGroup group = groups.get(name);
        if (group == null) {
            throw RmqError.INVALID_REQUEST.exception("there is no group '" + name + "', only " + groups.keySet());
        }
        return group;
    }

    private static Error noLeader(RaftGroup group) {
        String leader = group.leaderAddress();
        Error.Builder error = MetaMessages.error(
                RmqError.NO_LEADER,
                leader == null
                        ? "group " + group.name() + " has no leader now"
                        : "group " + group.name() + " is led by " + leader)
                .toBuilder();
        return leader == null ? error.build() : error.setLeader(leader).build();
    }

    static Error error(Throwable thrown) {
        Throwable cause = RmqException.causeOf(thrown);
        return cause instanceof RmqException e
                ? MetaMessages.error(e)
                : MetaMessages.error(RmqError.INTERNAL, String.valueOf(cause));
    }

    @Override
    public CompletionStage<SubmitReply> submit(SubmitRequest request) {
        RaftGroup group;
        try {
            group = group(request.getCluster(), request.getGroup());
        } catch (RmqException e) {
            return CompletableFuture.completedFuture(
                    SubmitReply.newBuilder().setError(MetaMessages.error(e)).build());
        }
        if (!group.leading()) {
            return CompletableFuture.completedFuture(
                    SubmitReply.newBuilder().setError(noLeader(group)).build());
        }
        byte[] entry = LogEntry.newBuilder()
                .setRequestId(request.getRequestId())
                .setCommand(request.getCommand())
                .build()
                .toByteArray();
        if (entry.length > ENTRY_BYTES_MAX) {
            return CompletableFuture.completedFuture(SubmitReply.newBuilder()
                    .setError(MetaMessages.error(
                            RmqError.PAYLOAD_TOO_LARGE,
                            "a command of " + entry.length + " bytes; at most " + ENTRY_BYTES_MAX))
                    .build());
        }
        return group.propose(entry).handle((answer, thrown) -> {
            if (thrown != null) {
                return SubmitReply.newBuilder().setError(error(thrown)).build();
            }
            if (answer.hasNode()) {
                leases.heartbeat(answer.getNode().getId(), answer.getNode().getIncarnation());
            }
            return SubmitReply.newBuilder().setAnswer(answer).build();
        });
    }

    @Override
    public CompletionStage<ReadReply> read(ReadRequest request) {
        RaftGroup group;
        try {
            group = group(request.getCluster(), Kinds.groupOf(request.getKind()));
            DocKey.checkKind(request.getKind());
        } catch (RmqException e) {
            return CompletableFuture.completedFuture(
                    ReadReply.newBuilder().setError(MetaMessages.error(e)).build());
        }
        // The barrier completes on the group's apply thread, which must not wait for a scan.
        return group.readBarrier()
                .handleAsync(
                        (done, thrown) -> {
                            try {
                                return thrown != null
                                        ? ReadReply.newBuilder()
                                                .setError(error(thrown))
                                                .build()
                                        : readNow(group, request);
                            } catch (RuntimeException e) {
                                return ReadReply.newBuilder().setError(error(e)).build();
                            }
                        },
                        executor);
    }

    private static ReadReply readNow(RaftGroup group, ReadRequest request) {
        ReadReply.Builder reply = ReadReply.newBuilder();
        if (!request.getPrefix()) {
            Stored stored =
                    group.state().store().get(new DocKey(request.getKind(), request.getTenant(), request.getName()));
            if (stored != null) {
                reply.addDocuments(message(stored));
            }
            return reply.build();
        }
        int limit = Math.min(READ_LIMIT_MAX, request.getLimit());
        byte[] prefix = DocKey.bytes(request.getTenant(), request.getName());
        // A key and a zero byte is the first key after it.
        byte[] from =
                request.getAfter().isEmpty() ? prefix : DocKey.bytes(request.getTenant(), request.getAfter() + '\0');
        int[] bytes = new int[1];
        group.state().store().scan(request.getKind(), prefix, from, document -> {
            if (reply.getDocumentsCount() >= limit || bytes[0] > READ_BYTES_MAX) {
                reply.setMore(true);
                return false;
            }
            bytes[0] += document.value().length;
            reply.addDocuments(message(document));
            return true;
        });
        return reply.build();
    }

    private static Document message(Stored stored) {
        return Document.newBuilder()
                .setKey(stored.toKey())
                .setValue(ByteString.copyFrom(stored.value()))
                .setRevision(stored.revision())
                .build();
    }

    @Override
    public Watch watch(WatchRequest request, WatchSink sink) {
        return watch(request, sink, () -> true, LOCAL_WINDOW);
    }

    /** @param sinkReady whether the sink takes more now; pump the session when that changes */
    WatchSession watch(WatchRequest request, WatchSink sink, BooleanSupplier sinkReady, int window) {
        RaftGroup group = group(request.getCluster(), request.getGroup());
        request.getKindsList().forEach(DocKey::checkKind);
        WatchSession session = new WatchSession(
                group.state(),
                Set.copyOf(request.getKindsList()),
                request.getFromRevision(),
                sink,
                sinkReady,
                window,
                executor,
                watches::remove);
        watches.add(session);
        session.pump();
        return session;
    }

    /** Ends all watches; watchers resume at another member. */
    void endWatches() {
        watches.forEach(watch -> watch.end(RmqError.CLOSED.exception("this meta member is stopping")));
    }

    int watches() {
        return watches.size();
    }

    @Override
    public CompletionStage<StatusReply> status(StatusRequest request) {
        StatusReply.Builder reply =
                StatusReply.newBuilder().setCluster(config.clusterName()).setNode(config.nodeId());
        if (!request.getCluster().equals(config.clusterName())) {
            reply.setError(
                    MetaMessages.error(RmqError.INVALID_REQUEST, "this is cluster '" + config.clusterName() + "'"));
        } else {
            List.of(Kinds.METADATA_GROUP, Kinds.OFFSET_GROUP, Kinds.DATA_GROUP)
                    .forEach(name -> reply.addGroups(groups.get(name).status()));
        }
        return CompletableFuture.completedFuture(reply.build());
    }

    @Override
    public CompletionStage<HeartbeatReply> heartbeat(HeartbeatRequest request) {
        HeartbeatReply.Builder reply = HeartbeatReply.newBuilder().setLeaseMillis(config.leaseMillis());
        try {
            RaftGroup metadata = group(request.getCluster(), Kinds.METADATA_GROUP);
            if (!metadata.leading() || !leases.isLeading()) {
                reply.setError(noLeader(metadata));
            } else {
                reply.setLease(lease(node(metadata, request.getNode()), request.getIncarnation()));
            }
            if (reply.getLease() == HeartbeatReply.Lease.HELD) {
                leases.heartbeat(request.getNode(), request.getIncarnation());
            }
        } catch (RuntimeException e) {
            reply.setError(error(e));
        }
        return CompletableFuture.completedFuture(reply.build());
    }

    private static @Nullable NodeState node(RaftGroup metadata, int id) {
        Stored stored = metadata.state().store().get(new DocKey(Kinds.NODE, "", Integer.toString(id)));
        return stored == null ? null : stored.toNode();
    }

    private static HeartbeatReply.Lease lease(@Nullable NodeState node, long incarnation) {
        if (node == null) {
            return HeartbeatReply.Lease.LOST;
        }
        if (node.getIncarnation() != incarnation) {
            return HeartbeatReply.Lease.SUPERSEDED;
        }
        return node.getAlive() ? HeartbeatReply.Lease.HELD : HeartbeatReply.Lease.LOST;
    }
}
