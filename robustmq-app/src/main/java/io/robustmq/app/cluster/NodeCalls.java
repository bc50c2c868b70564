/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.robustmq.kernel.RmqError;
import io.robustmq.rpc.InnerRpcChannels;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.admin.AdminServiceGrpc;
import io.robustmq.rpc.admin.AskReply;
import io.robustmq.rpc.admin.AskRequest;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.json.JsonMapper;

/** The way to other nodes' inner ports, with a deadline. Thread-safe. */
final class NodeCalls implements AutoCloseable {
    private final String cluster;
    private final Supplier<InnerRpcServer> rpc;
    private final LongSupplier deadlineMillis;
    private @Nullable InnerRpcChannels channels;
    private boolean closed;

    /** @param rpc the node's own server, whose proof the calls give as well */
    NodeCalls(String cluster, Supplier<InnerRpcServer> rpc, LongSupplier deadlineMillis) {
        this.cluster = cluster;
        this.rpc = rpc;
        this.deadlineMillis = deadlineMillis;
    }

    /** The answer of the node for itself; fails with its error, or with UNAVAILABLE or TIMED_OUT. */
    Mono<Map<String, Object>> ask(Peer peer, String what, Map<String, String> query) {
        AskRequest request = AskRequest.newBuilder()
                .setCluster(cluster)
                .setWhat(what)
                .putAllQuery(query)
                .build();
        return Mono.create(sink -> {
            String address = peer.address();
            if (address == null) {
                sink.error(RmqError.UNAVAILABLE.exception("nobody knows the address of node " + peer.id()));
                return;
            }
            CallOptions options =
                    CallOptions.DEFAULT.withDeadlineAfter(deadlineMillis.getAsLong(), TimeUnit.MILLISECONDS);
            ClientCalls.asyncUnaryCall(
                    channels().channel(address).newCall(AdminServiceGrpc.getAskMethod(), options),
                    request,
                    new Receiver(peer, sink));
        });
    }

    private synchronized InnerRpcChannels channels() {
        InnerRpcChannels open = channels;
        if (closed) {
            throw RmqError.CLOSED.exception("this node stops");
        }
        if (open == null) {
            open = new InnerRpcChannels(rpc.get().security());
            channels = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (channels != null) {
            channels.close();
        }
    }

    /** One answer. Called by gRPC, one call after the other. */
    private record Receiver(Peer peer, MonoSink<Map<String, Object>> sink) implements StreamObserver<AskReply> {
        @Override
        public void onNext(AskReply reply) {
            if (reply.getError() != 0) {
                sink.error(RmqError.ofCode(reply.getError()).exception(reply.getMessage()));
                return;
            }
            try {
                sink.success(body(reply));
            } catch (RuntimeException e) {
                sink.error(e);
            }
        }

        @SuppressWarnings("unchecked")
        private static Map<String, Object> body(AskReply reply) {
            return JsonMapper.shared().readValue(reply.getBody().toByteArray(), Map.class);
        }

        @Override
        public void onError(Throwable thrown) {
            Status status = Status.fromThrowable(thrown);
            RmqError error =
                    status.getCode() == Status.Code.DEADLINE_EXCEEDED ? RmqError.TIMED_OUT : RmqError.UNAVAILABLE;
            String why = switch (status.getCode()) {
                case DEADLINE_EXCEEDED -> "no answer in time";
                case UNIMPLEMENTED -> "it runs a release that cannot be asked, or has not started yet";
                default -> "it cannot be reached";
            };
            sink.error(error.exception("node " + peer.id() + " at " + peer.address() + ": " + why));
        }

        @Override
        public void onCompleted() {
            sink.success();
        }
    }
}
