/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.cluster;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.rpc.admin.AdminServiceGrpc;
import io.robustmq.rpc.admin.AskReply;
import io.robustmq.rpc.admin.AskRequest;
import java.util.Map;
import java.util.function.BiFunction;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** What other nodes ask this one. Not a bean: a host application's own gRPC server must not pick it up. Thread-safe. */
final class AskedService extends AdminServiceGrpc.AdminServiceImplBase {
    private final String cluster;
    private final BiFunction<String, Map<String, String>, Mono<Map<String, Object>>> answers;

    AskedService(String cluster, BiFunction<String, Map<String, String>, Mono<Map<String, Object>>> answers) {
        this.cluster = cluster;
        this.answers = answers;
    }

    @Override
    public void ask(AskRequest request, StreamObserver<AskReply> responses) {
        Mono.defer(() -> {
                    if (!request.getCluster().equals(cluster)) {
                        throw RmqError.INVALID_REQUEST.exception("this is a node of cluster " + cluster);
                    }
                    return answers.apply(request.getWhat(), request.getQueryMap());
                })
                .map(body -> AskReply.newBuilder()
                        .setBody(ByteString.copyFrom(JsonMapper.shared().writeValueAsBytes(body)))
                        .build())
                .onErrorResume(failure -> Mono.just(failed(failure)))
                .subscribe(
                        reply -> {
                            responses.onNext(reply);
                            responses.onCompleted();
                        },
                        gone -> {
                            // Whoever asked has given up.
                        });
    }

    private static AskReply failed(Throwable failure) {
        Throwable cause = RmqException.causeOf(failure);
        RmqError error = cause instanceof RmqException known ? known.error() : RmqError.INTERNAL;
        return AskReply.newBuilder()
                .setError(error.code())
                .setMessage(String.valueOf(cause.getMessage()))
                .build();
    }
}
