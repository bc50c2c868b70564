/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.robustmq.rpc.meta.StatusReply;
import io.robustmq.rpc.meta.StatusRequest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The inner port: services come and go, inline ones run in the connection's order, a taken port is named. */
class InnerRpcServerTest {
    private final ExecutorService calls = Executors.newFixedThreadPool(2, task -> new Thread(task, "calls"));
    private final InnerRpcServer server =
            new InnerRpcServer(new InnerRpcOptions("127.0.0.1", 0), calls, InnerSecurity.NONE);
    private final InnerRpcChannels channels = new InnerRpcChannels(InnerSecurity.NONE);
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private final List<InnerConnection> connections = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        channels.close();
        server.stop(100);
        calls.shutdownNow();
    }

    private static MethodDescriptor<StatusRequest, StatusReply> method(String service) {
        return MethodDescriptor.<StatusRequest, StatusReply>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(service, "Ask"))
                .setRequestMarshaller(ProtoUtils.marshaller(StatusRequest.getDefaultInstance()))
                .setResponseMarshaller(ProtoUtils.marshaller(StatusReply.getDefaultInstance()))
                .build();
    }

    /** Answers with the request's own word. */
    private ServerServiceDefinition echo(String service) {
        return ServerServiceDefinition.builder(service)
                .addMethod(method(service), (call, headers) -> {
                    connections.add(call.getAttributes().get(InnerConnection.KEY));
                    return ServerCalls.<StatusRequest, StatusReply>asyncUnaryCall((request, responses) -> {
                                threads.add(Thread.currentThread().getName());
                                responses.onNext(StatusReply.newBuilder()
                                        .setCluster(request.getCluster())
                                        .build());
                                responses.onCompleted();
                            })
                            .startCall(call, headers);
                })
                .build();
    }

    private String ask(String service, String word) {
        ManagedChannel channel = channels.channel("127.0.0.1:" + server.port());
        return ClientCalls.blockingUnaryCall(
                        channel,
                        method(service),
                        CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                        StatusRequest.newBuilder().setCluster(word).build())
                .getCluster();
    }

    @Test
    void servicesComeAndGoWhileItRuns() {
        server.start();
        assertThatExceptionOfType(StatusRuntimeException.class)
                .isThrownBy(() -> ask("a.A", "early"))
                .matches(e -> e.getStatus().getCode() == Status.Code.UNIMPLEMENTED);
        ServerServiceDefinition service = echo("a.A");
        server.addService(service);
        assertThat(ask("a.A", "now")).isEqualTo("now");
        server.removeService(service);
        assertThatThrownBy(() -> ask("a.A", "late")).isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void onlyInlineServicesRunOnTheEventLoop() {
        server.addService(echo("a.Pooled"));
        server.addInlineService(echo("a.Inline"));
        server.start();
        ask("a.Pooled", "x");
        ask("a.Inline", "x");
        assertThat(threads.get(0)).isEqualTo("calls");
        assertThat(threads.get(1)).isNotEqualTo("calls");
        assertThat(connections.get(0))
                .as("one channel is one connection")
                .isNotNull()
                .isSameAs(connections.get(1));
    }

    @Test
    void aClosedConnectionIsTold() throws Exception {
        server.addService(echo("a.A"));
        server.start();
        ask("a.A", "x");
        CountDownLatch closed = new CountDownLatch(2);
        connections.get(0).onClose(closed::countDown);
        channels.close("127.0.0.1:" + server.port());
        connections.get(0).onClose(closed::countDown);
        assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aTakenPortIsNamed() {
        server.start();
        InnerRpcServer second =
                new InnerRpcServer(new InnerRpcOptions("127.0.0.1", server.port()), calls, InnerSecurity.NONE);
        assertThatExceptionOfType(BindFailedException.class)
                .isThrownBy(second::start)
                .withMessageContaining("cannot bind the inner RPC port " + server.port() + " on 127.0.0.1")
                .matches(BindFailedException::portTaken)
                .matches(e -> e.port() == server.port());
    }

    @Test
    void aForeignAddressIsNotATakenPort() {
        InnerRpcServer foreign = new InnerRpcServer(new InnerRpcOptions("192.0.2.1", 0), calls, InnerSecurity.NONE);
        assertThatExceptionOfType(BindFailedException.class)
                .isThrownBy(foreign::start)
                .withMessageContaining("192.0.2.1");
    }
}
