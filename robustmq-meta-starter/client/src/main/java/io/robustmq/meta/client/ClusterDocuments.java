/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RmqError;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.ReadReply;
import io.robustmq.rpc.meta.ReadRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Documents over the meta client's calls. Thread-safe: stateless. */
final class ClusterDocuments implements Documents {
    private final ClusterMetaClient client;
    private final Members members;
    private final Loop loop;
    private final String cluster;

    ClusterDocuments(ClusterMetaClient client, Members members, Loop loop, String cluster) {
        this.client = client;
        this.members = members;
        this.loop = loop;
        this.cluster = cluster;
    }

    @Override
    public CompletionStage<@Nullable Document> get(Key key) {
        ReadRequest request = ReadRequest.newBuilder()
                .setCluster(cluster)
                .setKind(key.kind())
                .setTenant(key.tenant())
                .setName(key.name())
                .build();
        return read(request)
                .thenApply(
                        reply -> reply.getDocumentsCount() == 0 ? null : MetaMessages.document(reply.getDocuments(0)));
    }

    @Override
    public CompletionStage<List<Document>> list(String kind, String tenant, String namePrefix, int limit) {
        ReadRequest request = ReadRequest.newBuilder()
                .setCluster(cluster)
                .setKind(kind)
                .setTenant(tenant)
                .setName(namePrefix)
                .setPrefix(true)
                .build();
        return page(request, limit, new ArrayList<>());
    }

    /** A reply is bounded in bytes, so a long list comes in several; documents changed meanwhile may be of either revision. */
    private CompletableFuture<List<Document>> page(ReadRequest request, int limit, List<Document> found) {
        return read(request.toBuilder().setLimit(limit - found.size()).build()).thenCompose(reply -> {
            reply.getDocumentsList().forEach(document -> found.add(MetaMessages.document(document)));
            if (!reply.getMore() || found.size() >= limit || reply.getDocumentsCount() == 0) {
                return CompletableFuture.completedFuture(List.copyOf(found));
            }
            String last = found.get(found.size() - 1).key().name();
            return page(request.toBuilder().setAfter(last).build(), limit, found);
        });
    }

    private CompletableFuture<ReadReply> read(ReadRequest request) {
        return client.read(
                Kinds.groupOf(request.getKind()),
                endpoint -> endpoint.read(request),
                reply -> reply.hasError() ? reply.getError() : null);
    }

    @Override
    public CompletionStage<Long> transact(List<Change> changes) {
        List<String> groups = changes.stream()
                .map(change -> Kinds.groupOf(MetaMessages.kindOf(change)))
                .distinct()
                .toList();
        if (groups.size() != 1) {
            return CompletableFuture.failedFuture(RmqError.INVALID_REQUEST.exception(
                    groups.isEmpty()
                            ? "a transaction has at least one change"
                            : "no transaction spans groups: " + groups.stream().collect(Collectors.joining(", "))));
        }
        return client.propose(groups.get(0), MetaMessages.transaction(changes)).thenApply(Answer::getNumber);
    }

    @Override
    public Cancellable watch(String group, List<String> kinds, long fromRevision, WatchListener listener) {
        for (String kind : kinds) {
            if (!Kinds.groupOf(kind).equals(group)) {
                throw RmqError.INVALID_REQUEST.exception("kind " + kind + " does not live in group " + group);
            }
        }
        WatchLoop watch = new WatchLoop(members, loop, cluster, group, kinds, fromRevision, (revision, events) -> {
            if (!events.isEmpty()) {
                listener.changed(revision, events);
            }
        });
        watch.start();
        return watch::stop;
    }
}
