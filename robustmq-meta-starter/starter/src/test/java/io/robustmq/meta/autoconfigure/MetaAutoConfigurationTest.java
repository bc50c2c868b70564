/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.BindableService;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.meta.server.MetaServer;
import io.robustmq.node.NodeContext;
import io.robustmq.node.StartRefusedException;
import io.robustmq.node.autoconfigure.InnerRpcAutoConfiguration;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.rpc.InnerRpcServer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** The meta role as beans: what it offers, and in which phase. */
class MetaAutoConfigurationTest {
    @TempDir
    Path dataDir;

    private ApplicationContextRunner runner;

    @BeforeEach
    void configure() {
        runner = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        NodeAutoConfiguration.class, InnerRpcAutoConfiguration.class, MetaAutoConfiguration.class))
                .withPropertyValues("robustmq.data-dir=" + dataDir, "robustmq.rpc.port=0");
    }

    @Test
    void offersAClientOnceTheGroupsAreLed() {
        runner.withPropertyValues("robustmq.roles=meta").run(context -> {
            NodeContext node = context.getBean(NodeContext.class);
            MetaClient client = node.get(MetaClient.class);
            assertThat(client.ready()
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .tenants())
                    .containsExactly("default");
            assertThat(node.get(MetaServer.class).groups()).containsOnlyKeys("metadata", "offset", "data");
            assertThat(node.get(InnerRpcServer.class).port()).isPositive();

            context.getSourceApplicationContext().close();

            assertThat(node.find(MetaClient.class)).isEmpty();
            assertThat(node.find(InnerRpcServer.class)).isEmpty();
        });
    }

    @Test
    void showsNoServiceToAHostApplicationsOwnServer() {
        runner.withPropertyValues("robustmq.roles=meta")
                .run(context -> assertThat(context)
                        .hasNotFailed()
                        .doesNotHaveBean(BindableService.class)
                        .doesNotHaveBean(LoopGroup.class));
    }

    @Test
    void aTakenPortIsRefusedByName() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            runner.withPropertyValues("robustmq.roles=meta", "robustmq.rpc.port=" + taken.getLocalPort())
                    .run(context -> assertThat(context.getStartupFailure())
                            .hasStackTraceContaining(StartRefusedException.class.getName())
                            .hasStackTraceContaining("The inner port " + taken.getLocalPort()
                                    + " on 127.0.0.1 is taken by another process."));
        }
    }

    @Test
    void aNodeWithoutMetaNeedsAddresses() {
        runner.withPropertyValues("robustmq.roles=broker")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasStackTraceContaining(StartRefusedException.class.getName())
                        .hasStackTraceContaining("robustmq.meta.addresses names no node"));
    }
}
