/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.server;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.NettyLoops;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.meta.client.ClusterMetaClient;
import io.robustmq.meta.client.MetaClientConfig;
import io.robustmq.rpc.InnerRpcOptions;
import io.robustmq.rpc.InnerRpcServer;
import io.robustmq.rpc.InnerSecurity;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** One meta node in the test's process, with a port of its own and a client. Confined to the test's thread. */
final class TestNode implements AutoCloseable {
    static final String CLUSTER = "test";
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

    final int id;
    final Path dataDir;
    final InnerRpcServer rpc;
    private final ExecutorService calls = Executors.newFixedThreadPool(4);
    private final DefaultEventExecutor executor = new DefaultEventExecutor();
    private final NettyLoops loops = NettyLoops.of("meta", List.of(executor));
    private MetaServer server;
    private ClusterMetaClient client;

    TestNode(int id, Path dataDir) {
        this(id, dataDir, 0);
    }

    TestNode(int id, Path dataDir, int port) {
        this(id, dataDir, port, InnerSecurity.NONE);
    }

    TestNode(int id, Path dataDir, int port, InnerSecurity security) {
        this.id = id;
        this.dataDir = dataDir;
        this.rpc = new InnerRpcServer(new InnerRpcOptions("127.0.0.1", port), calls, security);
        rpc.start();
    }

    String address() {
        return "127.0.0.1:" + rpc.port();
    }

    static TestNode single(Path dataDir) {
        TestNode node = new TestNode(1, dataDir);
        try {
            node.start(Map.of(1, node.address()), 3000);
        } catch (RuntimeException e) {
            node.close();
            throw e;
        }
        return node;
    }

    void start(Map<Integer, String> members, long leaseMillis) {
        MetaServerConfig config = new MetaServerConfig(CLUSTER, id, dataDir, members, leaseMillis);
        server = new MetaServer(config, rpc, loops.get(0), SystemClock.INSTANCE, SystemRandom.INSTANCE);
        server.start();
        client = new ClusterMetaClient(
                new MetaClientConfig(CLUSTER, List.copyOf(members.values()), address(), 10_000),
                server.endpoint(),
                rpc.security(),
                loops.get(0),
                SystemRandom.INSTANCE);
        client.start();
    }

    MetaServer server() {
        return server;
    }

    ClusterMetaClient client() {
        return client;
    }

    /** A client of another process: knows addresses only. */
    ClusterMetaClient remoteClient(List<String> addresses) {
        return remoteClient(new MetaClientConfig(CLUSTER, addresses, null, 10_000), rpc.security());
    }

    ClusterMetaClient remoteClient(MetaClientConfig config, InnerSecurity security) {
        ClusterMetaClient remote = new ClusterMetaClient(config, null, security, loops.get(0), SystemRandom.INSTANCE);
        remote.start();
        return remote;
    }

    static RmqError error(Throwable thrown) {
        return thrown instanceof RmqException known ? known.error() : null;
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer in time", e);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError("not in time: " + what);
            }
            java.util.concurrent.locks.LockSupport.parkNanos(2_000_000);
        }
    }

    @Override
    public void close() {
        if (client != null) {
            client.close();
        }
        if (server != null) {
            server.stop();
        }
        rpc.stop(500);
        calls.shutdownNow();
        executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
