/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.raft;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequestHeader;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.AppendEntriesRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.robustmq.rpc.InnerConnection;
import io.robustmq.rpc.InnerRpcServer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Raft's requests as an inline service of the inner server; owns no socket. Processors find their group by its name at call
 * time. Thread-safe.
 */
final class SharedPortRpcServer implements RpcServer {
    private final Executor executor;
    private final ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(RaftMethods.SERVICE);
    private final List<ConnectionClosedEventListener> closeListeners = new CopyOnWriteArrayList<>();

    /** @param executor runs requests other than appends, which jraft moves to a queue per peer */
    SharedPortRpcServer(Executor executor) {
        this.executor = executor;
        AppendEntriesRequestProcessor appends = new AppendEntriesRequestProcessor(executor);
        registerConnectionClosedEventListener(appends);
        registerProcessor(appends);
        registerProcessor(new GetFileRequestProcessor(executor));
        registerProcessor(new InstallSnapshotRequestProcessor(executor));
        registerProcessor(new RequestVoteRequestProcessor(executor));
        registerProcessor(new PingRequestProcessor(executor));
        registerProcessor(new TimeoutNowRequestProcessor(executor));
        registerProcessor(new ReadIndexRequestProcessor(executor));
    }

    ServerServiceDefinition bindTo(InnerRpcServer server) {
        ServerServiceDefinition definition = service.build();
        server.addInlineService(definition);
        return definition;
    }

    @Override
    public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
        closeListeners.add(listener);
    }

    @Override
    @SuppressWarnings("unchecked")
    public void registerProcessor(RpcProcessor<?> processor) {
        MethodDescriptor<Message, Message> method =
                Objects.requireNonNull(RaftMethods.ofRequest(processor.interest()), processor.interest());
        service.addMethod(method, handler((RpcProcessor<Message>) processor));
    }

    private ServerCallHandler<Message, Message> handler(RpcProcessor<Message> processor) {
        return (call, headers) -> {
            InnerConnection connection = call.getAttributes().get(InnerConnection.KEY);
            return ServerCalls.<Message, Message>asyncUnaryCall((request, responses) ->
                            handle(processor, request, responses, Objects.requireNonNull(connection)))
                    .startCall(call, headers);
        };
    }

    private void handle(
            RpcProcessor<Message> processor,
            Message request,
            StreamObserver<Message> responses,
            InnerConnection connection) {
        RpcContext context = new Context(responses, connectionOf(connection));
        executorFor(processor, request).execute(() -> {
            try {
                processor.handleRequest(context, request);
            } catch (RuntimeException e) {
                responses.onError(Status.INTERNAL
                        .withDescription(e.toString())
                        .withCause(e)
                        .asRuntimeException());
            }
        });
    }

    private Executor executorFor(RpcProcessor<Message> processor, Message request) {
        Executor chosen = processor.executor();
        if (request instanceof AppendEntriesRequest append && processor.executorSelector() != null) {
            // Appends of one peer are handled in their order, on that peer's own queue.
            AppendEntriesRequestHeader header = AppendEntriesRequestHeader.newBuilder()
                    .setGroupId(append.getGroupId())
                    .setPeerId(append.getPeerId())
                    .setServerId(append.getServerId())
                    .build();
            chosen = processor.executorSelector().select(processor.interest(), header);
        }
        return chosen == null ? executor : chosen;
    }

    private RaftConnection connectionOf(InnerConnection inner) {
        return (RaftConnection) inner.attributes().computeIfAbsent(RaftConnection.class.getName(), key -> {
            RaftConnection connection = new RaftConnection(inner);
            inner.onClose(() -> closeListeners.forEach(l -> l.onClosed(inner.remoteAddress(), connection)));
            return connection;
        });
    }

    @Override
    public int boundPort() {
        return 0;
    }

    @Override
    public boolean init(Void options) {
        return true;
    }

    @Override
    public void shutdown() {
        // The inner server outlives raft.
    }

    /** What jraft remembers per connection: the pipelines of its peers. Thread-safe. */
    private record RaftConnection(InnerConnection inner) implements Connection {
        @Override
        public Object getAttribute(String key) {
            return inner.attributes().get(key);
        }

        @Override
        public void setAttribute(String key, Object value) {
            inner.attributes().put(key, value);
        }

        @Override
        public Object setAttributeIfAbsent(String key, Object value) {
            return inner.attributes().putIfAbsent(key, value);
        }

        @Override
        public void close() {
            // jraft closes a connection to restart a confused pipeline; the port is shared, so only the pipeline's
            // state goes.
            inner.attributes().clear();
        }
    }

    /** The way back of one request. */
    private record Context(StreamObserver<Message> responses, RaftConnection connection) implements RpcContext {
        @Override
        public void sendResponse(Object response) {
            try {
                responses.onNext((Message) response);
                responses.onCompleted();
            } catch (RuntimeException e) {
                // The caller gave up or the connection is gone; there is nobody to answer.
            }
        }

        @Override
        public Connection getConnection() {
            return connection;
        }

        @Override
        public String getRemoteAddress() {
            return connection.inner().remoteAddress();
        }
    }
}
