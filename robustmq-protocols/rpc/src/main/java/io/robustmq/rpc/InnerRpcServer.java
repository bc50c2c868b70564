/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.rpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one inner port of a node: raft, meta and later journal and broker services share it. Services may be added at any
 * time. It is our own gRPC server, never the one of a host application, so both live side by side.
 *
 * <p>Thread-safe; services run on the call executor, inline services on the connection's event loop.
 */
public final class InnerRpcServer {
    /** gRPC tells of each connection that fails, with where in the code: whoever knocks all day long would fill the log. */
    private static final Logger CONNECTIONS = Logger.getLogger("io.grpc.netty.NettyServerTransport.connections");

    static {
        if (CONNECTIONS.getLevel() == null) {
            CONNECTIONS.setLevel(Level.WARNING);
        }
    }

    private final InnerRpcOptions options;
    private final Executor callExecutor;
    private final InnerSecurity security;
    private final Services services = new Services();
    private final Set<String> inlineServices = ConcurrentHashMap.newKeySet();
    private @Nullable Server server;

    public InnerRpcServer(InnerRpcOptions options, Executor callExecutor, InnerSecurity security) {
        this.options = options;
        this.callExecutor = callExecutor;
        this.security = security;
    }

    /** What callers prove, and this node to those that it calls. */
    public InnerSecurity security() {
        return security;
    }

    /** Adds a service whose calls run on the call executor. */
    public void addService(ServerServiceDefinition service) {
        services.add(service);
    }

    /** Adds a service whose calls of one connection must be seen in their order: its handlers only hand over. */
    public void addInlineService(ServerServiceDefinition service) {
        inlineServices.add(service.getServiceDescriptor().getName());
        services.add(service);
    }

    public void removeService(ServerServiceDefinition service) {
        services.remove(service);
        inlineServices.remove(service.getServiceDescriptor().getName());
    }

    public Executor callExecutor() {
        return callExecutor;
    }

    /** Binds the port; returns when connections are accepted. */
    public synchronized void start() {
        if (server != null) {
            return;
        }
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        new InetSocketAddress(options.bindAddress(), options.port()))
                // gRPC's own executor would shuffle unary calls, and with them the appends of one peer: look methods up
                // on
                // the event loop and move every other service to the pool from there.
                .executor(Runnable::run)
                .callExecutor(new ExecutorOfService())
                .addTransportFilter(new ConnectionFilter())
                .fallbackHandlerRegistry(services)
                .maxInboundMessageSize(options.inboundMessageBytesMax())
                .keepAliveTime(options.keepAliveMillis(), TimeUnit.MILLISECONDS)
                .permitKeepAliveTime(options.keepAliveMillis() / 2, TimeUnit.MILLISECONDS)
                .permitKeepAliveWithoutCalls(true);
        SslContext tls = security.server();
        if (tls != null) {
            // Whoever says nothing, or nothing that is TLS, is gone before it costs much.
            builder.sslContext(tls).handshakeTimeout(options.handshakeMillis(), TimeUnit.MILLISECONDS);
        }
        try {
            server = builder.build().start();
        } catch (IOException e) {
            throw new BindFailedException(options.bindAddress(), options.port(), e);
        }
    }

    /** The bound port; differs from the configured one when that is 0. */
    public synchronized int port() {
        return server == null ? options.port() : server.getPort();
    }

    public String bindAddress() {
        return options.bindAddress();
    }

    public synchronized boolean running() {
        return server != null;
    }

    /** Stops accepting, gives running calls the grace period, then cancels them; returns when all have ended. */
    public void stop(long graceMillis) {
        Server stopping;
        synchronized (this) {
            stopping = server;
            server = null;
        }
        if (stopping == null) {
            return;
        }
        stopping.shutdown();
        try {
            if (!stopping.awaitTermination(graceMillis, TimeUnit.MILLISECONDS)) {
                stopping.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            stopping.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Methods by full name; they may come and go while the server runs. */
    private static final class Services extends HandlerRegistry {
        private final Map<String, ServerMethodDefinition<?, ?>> methods = new ConcurrentHashMap<>();

        void add(ServerServiceDefinition service) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                methods.put(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }

        void remove(ServerServiceDefinition service) {
            for (ServerMethodDefinition<?, ?> method : service.getMethods()) {
                methods.remove(method.getMethodDescriptor().getFullMethodName(), method);
            }
        }

        @Override
        public @Nullable ServerMethodDefinition<?, ?> lookupMethod(String name, @Nullable String authority) {
            return methods.get(name);
        }
    }

    private final class ExecutorOfService implements ServerCallExecutorSupplier {
        @Override
        public <Q, A> @Nullable Executor getExecutor(ServerCall<Q, A> call, Metadata metadata) {
            String service = call.getMethodDescriptor().getServiceName();
            return service != null && inlineServices.contains(service) ? null : callExecutor;
        }
    }

    private static final class ConnectionFilter extends ServerTransportFilter {
        @Override
        public Attributes transportReady(Attributes attributes) {
            String remote = String.valueOf(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
            return attributes.toBuilder()
                    .set(InnerConnection.KEY, new InnerConnection(remote))
                    .build();
        }

        @Override
        public void transportTerminated(@Nullable Attributes attributes) {
            InnerConnection connection = attributes == null ? null : attributes.get(InnerConnection.KEY);
            if (connection != null) {
                connection.closed();
            }
        }
    }
}
