/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import com.google.protobuf.ByteString;
import io.robustmq.kernel.Cancellable;
import io.robustmq.kernel.Loop;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.InnerRpcChannels;
import io.robustmq.rpc.InnerSecurity;
import io.robustmq.rpc.meta.Answer;
import io.robustmq.rpc.meta.Command;
import io.robustmq.rpc.meta.Error;
import io.robustmq.rpc.meta.GroupStatus;
import io.robustmq.rpc.meta.HeartbeatReply;
import io.robustmq.rpc.meta.HeartbeatRequest;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import io.robustmq.rpc.meta.SubmitReply;
import io.robustmq.rpc.meta.SubmitRequest;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The meta client of a node: asks the member in this process when there is one, the others over their inner ports. Image and
 * retries live on the meta loop; every method may be called by any thread.
 */
public final class ClusterMetaClient implements MetaClient {
    /** A leader that dies is noticed by its silence within about a second; no use to wait much longer for an answer. */
    private static final long ATTEMPT_MILLIS_MAX = 5_000;

    private final MetaClientConfig config;
    private final Loop loop;
    private final RandomSource random;
    private final InnerRpcChannels channels;
    private final Members members;
    private final ImageKeeper image;
    private final Documents documents;
    private volatile boolean closed;

    /**
     * @param local the member in this process, or null
     * @param security what is proved to the members, and by them
     * @param loop the meta loop; outlives this client
     */
    public ClusterMetaClient(
            MetaClientConfig config,
            @Nullable MetaEndpoint local,
            InnerSecurity security,
            Loop loop,
            RandomSource random) {
        this.config = config;
        this.channels = new InnerRpcChannels(security);
        this.loop = loop;
        this.random = random;
        this.members = new Members(config, local, channels, ATTEMPT_MILLIS_MAX);
        this.image = new ImageKeeper(members, loop, config.clusterName());
        this.documents = new ClusterDocuments(this, members, loop, config.clusterName());
    }

    /** Begins to follow the image. */
    public void start() {
        image.start();
    }

    @Override
    public MetaImage image() {
        return image.current();
    }

    @Override
    public CompletionStage<MetaImage> ready() {
        return image.ready();
    }

    @Override
    public Cancellable onImage(ImageListener listener) {
        return image.onImage(listener);
    }

    @Override
    public <R> CompletionStage<R> submit(MetaCommand<R> command) {
        return propose(Kinds.METADATA_GROUP, MetaMessages.command(command))
                .thenApply(answer -> MetaMessages.result(command, answer));
    }

    /** Proposes under one request id until decided; completes after this node's image shows the effect. */
    CompletableFuture<Answer> propose(String group, Command command) {
        UUID id = random.nextUuid();
        ByteBuffer bytes = ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .flip();
        SubmitRequest request = SubmitRequest.newBuilder()
                .setCluster(config.clusterName())
                .setGroup(group)
                .setRequestId(ByteString.copyFrom(bytes))
                .setCommand(command)
                .build();
        return this.<SubmitReply>call(
                        group,
                        true,
                        config.timeoutMillis(),
                        endpoint -> endpoint.submit(request),
                        reply -> reply.hasError() ? reply.getError() : null)
                .thenCompose(reply -> decided(reply.getAnswer()));
    }

    private CompletableFuture<Answer> decided(Answer answer) {
        if (answer.hasError()) {
            return CompletableFuture.failedFuture(MetaMessages.exception(answer.getError()));
        }
        return answer.getImageChanged()
                ? image.shows(answer.getRevision(), config.timeoutMillis()).thenApply(seen -> answer)
                : CompletableFuture.completedFuture(answer);
    }

    /** A request to any member or to the group's leader, repeated until answered. */
    <A> CompletableFuture<A> call(
            String group,
            boolean leaderOnly,
            long timeoutMillis,
            Function<MetaEndpoint, CompletionStage<A>> call,
            Function<A, @Nullable Error> errorOf) {
        if (closed) {
            return CompletableFuture.failedFuture(RmqError.CLOSED.exception("the meta client is closed"));
        }
        long attemptMillis = Math.min(ATTEMPT_MILLIS_MAX, timeoutMillis);
        return new RetryingCall<>(members, loop, group, leaderOnly, attemptMillis, timeoutMillis, call, errorOf)
                .start();
    }

    /** Any read; repeated at the next member when one cannot answer. */
    <A> CompletableFuture<A> read(
            String group, Function<MetaEndpoint, CompletionStage<A>> call, Function<A, @Nullable Error> errorOf) {
        return call(group, false, config.timeoutMillis(), call, errorOf);
    }

    CompletionStage<HeartbeatReply> heartbeat(NodeInfo node, long timeoutMillis) {
        HeartbeatRequest request = HeartbeatRequest.newBuilder()
                .setCluster(config.clusterName())
                .setNode(node.id().value())
                .setIncarnation(node.incarnation())
                .build();
        return call(
                Kinds.METADATA_GROUP,
                true,
                timeoutMillis,
                endpoint -> endpoint.heartbeat(request),
                reply -> reply.hasError() ? reply.getError() : null);
    }

    @Override
    public NodeLease keepAlive(NodeInfo node) {
        LeaseKeeper keeper = new LeaseKeeper(this, loop, node);
        keeper.start();
        return keeper;
    }

    @Override
    public Documents documents() {
        return documents;
    }

    @Override
    public CompletionStage<ClusterStatus> status() {
        StatusRequest request =
                StatusRequest.newBuilder().setCluster(config.clusterName()).build();
        return this.<StatusReply>read(
                        Kinds.METADATA_GROUP,
                        endpoint -> endpoint.status(request),
                        reply -> reply.hasError() ? reply.getError() : null)
                .thenApply(reply -> new ClusterStatus(
                        reply.getCluster(),
                        reply.getGroupsList().stream()
                                .map(ClusterMetaClient::group)
                                .toList()));
    }

    private static ClusterStatus.Group group(GroupStatus group) {
        return new ClusterStatus.Group(
                group.getName(),
                group.getLeader().isEmpty() ? null : group.getLeader(),
                group.getTerm(),
                group.getCommittedIndex(),
                group.getAppliedIndex(),
                group.getPeersList());
    }

    /** Unwraps what completion stages wrap, so that callers see one kind of exception. */
    static RmqException exception(Throwable thrown) {
        return RetryingCall.exception(thrown);
    }

    @Override
    public void close() {
        closed = true;
        image.stop();
        channels.close();
    }
}
