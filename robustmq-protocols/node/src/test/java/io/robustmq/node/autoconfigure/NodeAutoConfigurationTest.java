/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.RandomSource;
import io.robustmq.node.BannerLine;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.HealthDetail;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodePhase;
import io.robustmq.node.Phases;
import io.robustmq.node.Role;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.node.config.RobustMqProperties.Capture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;

class NodeAutoConfigurationTest {
    @TempDir
    Path data;

    private ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withConfiguration(
                        AutoConfigurations.of(NodeAutoConfiguration.class, NodeHealthAutoConfiguration.class))
                .withPropertyValues("robustmq.data-dir=" + data);
    }

    @Test
    void aNodeThatSaysNothingIsMetaAndBrokerOnTheLoopback() {
        runner().run(context -> {
            NodeContext node = context.getBean(NodeContext.class);
            assertThat(node.identity().roles()).containsExactlyInAnyOrder(Role.META, Role.BROKER);
            assertThat(node.identity().nodeId().value()).isEqualTo(1);
            assertThat(node.dataDir()).isEqualTo(data);
            assertThat(node.clock()).isSameAs(context.getBean(Clock.class));
            assertThat(node.random()).isSameAs(context.getBean(RandomSource.class));
            assertThat(node.memory()).isSameAs(context.getBean(MemoryBudget.class));
            assertThat(context.getBean(RobustMqProperties.class).bindAddress()).isEqualTo("127.0.0.1");
        });
    }

    @ParameterizedTest
    @CsvSource({"meta, true, false", "broker, false, true", "'meta,broker', true, true", "' broker , meta', true, true"
    })
    void beansOfARoleExistOnlyWithTheRole(String roles, boolean meta, boolean broker) {
        runner().withUserConfiguration(RoleBeans.class)
                .withPropertyValues("robustmq.roles=" + roles)
                .run(context -> {
                    assertThat(context.containsBean("ofMeta")).isEqualTo(meta);
                    assertThat(context.containsBean("ofBroker")).isEqualTo(broker);
                    assertThat(context.containsBean("ofBoth")).isTrue();
                });
    }

    @Test
    void aYamlListAndACommaListOfRolesMeanTheSame() {
        runner().withUserConfiguration(RoleBeans.class)
                .withInitializer(context -> {
                    byte[] yaml = "robustmq:\n  roles:\n    - broker\n".getBytes(StandardCharsets.UTF_8);
                    try {
                        new YamlPropertySourceLoader()
                                .load("yaml", new ByteArrayResource(yaml))
                                .forEach(context.getEnvironment().getPropertySources()::addFirst);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .run(context -> {
                    assertThat(context).hasBean("ofBroker").doesNotHaveBean("ofMeta");
                    assertThat(context.getBean(NodeContext.class).identity().roles())
                            .containsExactly(Role.BROKER);
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "metadata | 'metadata' is not a role.",
                "\"\" | A node without a role does nothing, and robustmq.roles is empty.",
                "engine | The role journal (alias engine) is not available in this build."
            })
    void wrongRolesRefuseTheStart(String roles, String message) {
        runner().withUserConfiguration(RoleBeans.class)
                .withPropertyValues("robustmq.roles=" + roles)
                .run(context -> assertThat(root(context.getStartupFailure())).hasMessage(message));
    }

    @ParameterizedTest
    @CsvSource({
        "robustmq.node-id=0, robustmq.node-id is '0'",
        "robustmq.cluster-name=a b, robustmq.cluster-name is 'a b'",
        "robustmq.rpc.port=65536, robustmq.rpc.port is '65536'",
        "robustmq.rpc.advertised=nowhere, robustmq.rpc.advertised is 'nowhere'",
        "robustmq.meta.addresses.2=nowhere, robustmq.meta.addresses.2 is 'nowhere'",
        "robustmq.memory.limit=1KB, robustmq.memory.limit is '1024B'",
        "robustmq.nod-id=2, Nobody understands the key robustmq.nod-id",
        "'robustmq.storage.directories=/a,/b/../a', 'robustmq.storage.directories is'",
        "'robustmq.storage.directories=/a,/a/b', 'robustmq.storage.directories is'",
        "robustmq.bind-address=0.0.0.0, 'The inner port would listen on 0.0.0.0, off the loopback'",
        "robustmq.rpc.shared-secret=0123456789012345678901234567890, robustmq.rpc.shared-secret has 31 characters",
        "robustmq.rpc.shared-secret-file=/nowhere/at/all, robustmq.rpc.shared-secret-file is '/nowhere/at/all'",
        "robustmq.rpc.tls.allowed-names=a, 'robustmq.rpc.tls.allowed-names is'",
        "robustmq.rpc.bind-address=::, 'The inner port would listen on ::, off the loopback'"
    })
    void whatIsNotPossibleIsRefusedByKey(String property, String message) {
        runner().withPropertyValues(property)
                .run(context -> assertThat(root(context.getStartupFailure())).hasMessageContaining(message));
    }

    @Test
    void durableTopicsLieBelowTheDataDirectoryOrOnTheDisksThatAreNamed() {
        runner().run(context -> assertThat(
                        context.getBean(RobustMqProperties.class).storagePaths())
                .containsExactly(data.toAbsolutePath().resolve("broker")));
        runner().withPropertyValues("robustmq.storage.directories=/disk1/a,/disk2/../disk2/b")
                .run(context -> assertThat(
                                context.getBean(RobustMqProperties.class).storagePaths())
                        .containsExactly(Path.of("/disk1/a"), Path.of("/disk2/b")));
    }

    @Test
    void clientsMayBeServedEverywhereWhileTheInnerPortStaysAtHome() {
        runner().withPropertyValues("robustmq.bind-address=0.0.0.0", "robustmq.rpc.bind-address=localhost")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void captureIsKeptByProtocol() {
        runner().withPropertyValues("robustmq.capture.mqtt=acknowledged").run(context -> {
            RobustMqProperties properties = context.getBean(RobustMqProperties.class);
            assertThat(properties.capture("mqtt", Capture.ALL)).isEqualTo(Capture.ACKNOWLEDGED);
            assertThat(properties.capture("nats", Capture.BOUND)).isEqualTo(Capture.BOUND);
        });
    }

    @Test
    void theEnvironmentOfAPodDoesNoHarm() {
        runner().withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "systemEnvironment",
                                Map.of(
                                        "ROBUSTMQ_PORT_1883_TCP_ADDR", "10.0.0.1",
                                        "ROBUSTMQ_PORT", "tcp://10.0.0.1:1883",
                                        "ROBUSTMQ_NODEID", "3"))))
                .run(context -> assertThat(context.getBean(NodeContext.class)
                                .identity()
                                .nodeId()
                                .value())
                        .isEqualTo(3));
    }

    @Test
    void othersAreToldWhereTheInnerPortIs() {
        runner().run(context -> assertThat(
                        context.getBean(RobustMqProperties.class).rpcAdvertised(9))
                .isEqualTo("127.0.0.1:9"));
        runner().withPropertyValues("robustmq.meta.addresses.1=one:5", "robustmq.meta.addresses.2=two:6")
                .run(context -> assertThat(
                                context.getBean(RobustMqProperties.class).rpcAdvertised(9))
                        .isEqualTo("one:5"));
        runner().withPropertyValues("robustmq.meta.addresses.1=one:5", "robustmq.rpc.advertised=other:7")
                .run(context -> assertThat(
                                context.getBean(RobustMqProperties.class).rpcAdvertised(9))
                        .isEqualTo("other:7"));
    }

    @Test
    void secretsAreMasked() {
        RobustMqProperties.Rpc rpc = new RobustMqProperties.Rpc(
                1228, null, null, "hush", null, new RobustMqProperties.Rpc.Tls(null, List.of()));
        assertThat(rpc.toString()).doesNotContain("hush").contains("******");
    }

    @Test
    void thePhasesHaveTheirValuesAndOrder() {
        assertThat(List.of(Phases.INNER_RPC, Phases.META, Phases.JOURNAL, Phases.BROKER, Phases.LISTENERS))
                .containsExactly(
                        Integer.MAX_VALUE - 900,
                        Integer.MAX_VALUE - 800,
                        Integer.MAX_VALUE - 700,
                        Integer.MAX_VALUE - 600,
                        Integer.MAX_VALUE - 500)
                .isSorted();
        int webServer = Integer.MAX_VALUE - 2048;
        int webServerGracefulStop = Integer.MAX_VALUE - 1024;
        assertThat(Phases.INNER_RPC).isGreaterThan(webServer).isGreaterThan(webServerGracefulStop);
    }

    @Test
    void theNodeStartsInTheOrderOfPhasesAndStopsInReverse() {
        List<String> seen = new ArrayList<>();
        runner().withUserConfiguration(RecorderBeans.class)
                .withBean("seen", SeenList.class, () -> new SeenList(seen))
                .run(context -> assertThat(
                                context.getBean(NodeContext.class).state().ready())
                        .isTrue());
        assertThat(seen)
                .containsExactly(
                        "start INNER_RPC",
                        "start META",
                        "start JOURNAL",
                        "start BROKER",
                        "start LISTENERS",
                        "stop STOPPING at " + Phases.LISTENERS,
                        "stop STOPPING at " + Phases.BROKER,
                        "stop STOPPING at " + Phases.JOURNAL,
                        "stop STOPPING at " + Phases.META,
                        "stop STOPPING at " + Phases.INNER_RPC);
    }

    @Test
    void healthNamesThePhaseUntilReadyAndThenWhatToKnow() {
        runner().withBean(HealthDetail.class, () -> details -> details.accept("volatile", List.of("mqtt")))
                .run(context -> {
                    HealthIndicator indicator = context.getBean("robustmqHealthIndicator", HealthIndicator.class);
                    Health up = indicator.health();
                    assertThat(up.getStatus()).isEqualTo(Status.UP);
                    assertThat(up.getDetails())
                            .containsEntry("phase", "READY")
                            .containsEntry("roles", List.of("meta", "broker"))
                            .containsEntry("volatile", List.of("mqtt"));

                    context.getBean(NodeContext.class).state().enter(NodePhase.META);
                    Health starting = indicator.health();
                    assertThat(starting.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(starting.getDetails())
                            .containsEntry("phase", "META")
                            .doesNotContainKey("volatile");
                });
    }

    @Test
    void anApplicationWithoutHealthHasNone() {
        runner().withClassLoader(new FilteredClassLoader(HealthIndicator.class))
                .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean("robustmqHealthIndicator"));
    }

    @Test
    void theBannerNamesNodeRolesAndWhatOthersAdd() {
        runner().withBean(BannerLine.Contribution.class, () -> () -> List.of(new BannerLine("volatile", "topic mqtt")))
                .run(context -> assertThat(
                                context.getBean(StartBanner.class).text().lines())
                        .satisfiesExactly(
                                first -> assertThat(first)
                                        .startsWith("RobustMQ ")
                                        .endsWith(" is ready"),
                                second -> assertThat(second)
                                        .isEqualTo("  node      1 of cluster robustmq, roles meta, broker"),
                                third -> assertThat(third).isEqualTo("  data      " + data),
                                fourth -> assertThat(fourth).isEqualTo("  volatile  topic mqtt")));
    }

    @Test
    void twoNodesDoNotShareADataDirectory() {
        runner().run(first -> runner().run(second ->
                assertThat(second).getFailure().cause().hasMessageContaining("is in use by another running node")));
    }

    private static @Nullable Throwable root(@Nullable Throwable failure) {
        return failure == null || failure.getCause() == null ? failure : root(failure.getCause());
    }

    @Configuration(proxyBeanMethods = false)
    static class RoleBeans {
        @Bean
        @ConditionalOnRole(Role.META)
        String ofMeta() {
            return "meta";
        }

        @Bean
        @ConditionalOnRole(Role.BROKER)
        String ofBroker() {
            return "broker";
        }

        @Bean
        @ConditionalOnRole({Role.META, Role.BROKER})
        String ofBoth() {
            return "both";
        }
    }

    /** Where the recorders write. Confined to the test's thread. */
    record SeenList(List<String> lines) {}

    @Configuration(proxyBeanMethods = false)
    static class RecorderBeans {
        @Bean
        Recorder listeners(SeenList seen, NodeContext context) {
            return new Recorder(seen, context, Phases.LISTENERS);
        }

        @Bean
        Recorder broker(SeenList seen, NodeContext context) {
            return new Recorder(seen, context, Phases.BROKER);
        }

        @Bean
        Recorder journal(SeenList seen, NodeContext context) {
            return new Recorder(seen, context, Phases.JOURNAL);
        }

        @Bean
        Recorder meta(SeenList seen, NodeContext context) {
            return new Recorder(seen, context, Phases.META);
        }

        @Bean
        Recorder innerRpc(SeenList seen, NodeContext context) {
            return new Recorder(seen, context, Phases.INNER_RPC);
        }
    }

    /** Writes down what the node's state was when its phase came. Confined to the test's thread. */
    static final class Recorder implements SmartLifecycle {
        private final SeenList seen;
        private final NodeContext context;
        private final int phase;
        private boolean running;

        Recorder(SeenList seen, NodeContext context, int phase) {
            this.seen = seen;
            this.context = context;
            this.phase = phase;
        }

        @Override
        public void start() {
            running = true;
            seen.lines().add("start " + context.state().phase());
        }

        @Override
        public void stop() {
            running = false;
            seen.lines().add("stop " + context.state().phase() + " at " + phase);
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return phase;
        }
    }
}
