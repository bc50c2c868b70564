/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.robustmq.kernel.RmqException;
import io.robustmq.meta.client.MetaEndpoint;
import io.robustmq.meta.client.MetaMessages;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The meta service on the inner port. Not a bean: a host application's own gRPC server must not pick it up. Thread-safe. */
final class MetaGrpcService extends MetaServiceGrpc.MetaServiceImplBase {
    private final MetaService service;

    MetaGrpcService(MetaService service) {
        this.service = service;
    }

    @Override
    public void submit(SubmitRequest request, StreamObserver<SubmitReply> responses) {
        answer(service.submit(request), responses);
    }

    @Override
    public void read(ReadRequest request, StreamObserver<ReadReply> responses) {
        answer(service.read(request), responses);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusReply> responses) {
        answer(service.status(request), responses);
    }

    @Override
    public void heartbeat(HeartbeatRequest request, StreamObserver<HeartbeatReply> responses) {
        answer(service.heartbeat(request), responses);
    }

    private static <A> void answer(CompletionStage<A> stage, StreamObserver<A> responses) {
        stage.whenComplete((reply, thrown) -> {
            if (thrown != null) {
                responses.onError(
                        Status.INTERNAL.withDescription(thrown.toString()).asRuntimeException());
            } else {
                responses.onNext(reply);
                responses.onCompleted();
            }
        });
    }

    @Override
    public void watch(WatchRequest request, StreamObserver<WatchReply> responses) {
        ServerCallStreamObserver<WatchReply> stream = (ServerCallStreamObserver<WatchReply>) responses;
        AtomicReference<@Nullable WatchSession> session = new AtomicReference<>();
        stream.setOnCancelHandler(() -> {
            WatchSession running = session.get();
            if (running != null) {
                running.cancel();
            }
        });
        stream.setOnReadyHandler(() -> {
            WatchSession running = session.get();
            if (running != null) {
                running.pump();
            }
        });
        MetaEndpoint.WatchSink sink = new MetaEndpoint.WatchSink() {
            @Override
            public void next(WatchReply reply) {
                stream.onNext(reply);
            }

            @Override
            public void ended(Throwable reason) {
                stream.onNext(WatchReply.newBuilder()
                        .setError(MetaService.error(reason))
                        .build());
                stream.onCompleted();
            }
        };
        try {
            // gRPC's own flow control is the window.
            session.set(service.watch(request, sink, stream::isReady, Integer.MAX_VALUE));
        } catch (RmqException e) {
            stream.onNext(
                    WatchReply.newBuilder().setError(MetaMessages.error(e)).build());
            stream.onCompleted();
        }
    }
}
