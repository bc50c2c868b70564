/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.client;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.robustmq.kernel.RmqError;
import io.robustmq.rpc.InnerRpcChannels;
import io.robustmq.rpc.meta.HeartbeatReply;
import io.robustmq.rpc.meta.HeartbeatRequest;
import io.robustmq.rpc.meta.MetaServiceGrpc;
import io.robustmq.rpc.meta.ReadReply;
import io.robustmq.rpc.meta.ReadRequest;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import io.robustmq.rpc.meta.SubmitReply;
import io.robustmq.rpc.meta.SubmitRequest;
import io.robustmq.rpc.meta.WatchReply;
import io.robustmq.rpc.meta.WatchRequest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member behind its inner port. Thread-safe: stateless but for the shared channel. */
public final class GrpcMetaEndpoint implements MetaEndpoint {
    private static final int WATCH_WINDOW = 64;

    private final InnerRpcChannels channels;
    private final String address;
    private final long callTimeoutMillis;

    public GrpcMetaEndpoint(InnerRpcChannels channels, String address, long callTimeoutMillis) {
        this.channels = channels;
        this.address = address;
        this.callTimeoutMillis = callTimeoutMillis;
    }

    @Override
    public CompletionStage<SubmitReply> submit(SubmitRequest request) {
        return unary(MetaServiceGrpc.getSubmitMethod(), request);
    }

    @Override
    public CompletionStage<ReadReply> read(ReadRequest request) {
        return unary(MetaServiceGrpc.getReadMethod(), request);
    }

    @Override
    public CompletionStage<StatusReply> status(StatusRequest request) {
        return unary(MetaServiceGrpc.getStatusMethod(), request);
    }

    @Override
    public CompletionStage<HeartbeatReply> heartbeat(HeartbeatRequest request) {
        return unary(MetaServiceGrpc.getHeartbeatMethod(), request);
    }

    private <Q, A> CompletionStage<A> unary(MethodDescriptor<Q, A> method, Q request) {
        CompletableFuture<A> future = new CompletableFuture<>();
        CallOptions options = CallOptions.DEFAULT
                .withExecutor(Runnable::run)
                .withDeadlineAfter(callTimeoutMillis, TimeUnit.MILLISECONDS);
        try {
            ClientCalls.asyncUnaryCall(
                    channels.channel(address).newCall(method, options), request, new StreamObserver<A>() {
                        @Override
                        public void onNext(A value) {
                            future.complete(value);
                        }

                        @Override
                        public void onError(Throwable thrown) {
                            future.completeExceptionally(thrown);
                        }

                        @Override
                        public void onCompleted() {
                            if (!future.isDone()) {
                                future.completeExceptionally(
                                        RmqError.UNAVAILABLE.exception(address + " answered nothing"));
                            }
                        }
                    });
        } catch (IllegalStateException closed) {
            future.completeExceptionally(closed);
        }
        return future;
    }

    @Override
    public Watch watch(WatchRequest request, WatchSink sink) {
        ManagedChannel channel = channels.channel(address);
        WatchCall call = new WatchCall(sink);
        ClientCalls.asyncServerStreamingCall(
                channel.newCall(MetaServiceGrpc.getWatchMethod(), CallOptions.DEFAULT.withExecutor(Runnable::run)),
                request,
                call);
        return call;
    }

    /** gRPC's stream as a watch with a window. Thread-safe: the stream is set before it starts. */
    private static final class WatchCall implements ClientResponseObserver<WatchRequest, WatchReply>, Watch {
        private final WatchSink sink;
        private volatile @Nullable ClientCallStreamObserver<WatchRequest> stream;

        WatchCall(WatchSink sink) {
            this.sink = sink;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> starting) {
            stream = starting;
            starting.disableAutoRequestWithInitial(WATCH_WINDOW);
        }

        @Override
        public void onNext(WatchReply reply) {
            sink.next(reply);
        }

        @Override
        public void onError(Throwable thrown) {
            sink.ended(thrown);
        }

        @Override
        public void onCompleted() {
            sink.ended(RmqError.CLOSED.exception("the member ended the watch"));
        }

        @Override
        public void processed() {
            ClientCallStreamObserver<WatchRequest> running = stream;
            if (running != null) {
                running.request(1);
            }
        }

        @Override
        public void cancel() {
            ClientCallStreamObserver<WatchRequest> running = stream;
            if (running != null) {
                running.cancel("no longer watched", null);
            }
        }
    }
}
