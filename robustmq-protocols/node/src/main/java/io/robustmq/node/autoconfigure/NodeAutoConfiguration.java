/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.kernel.Clock;
import io.robustmq.kernel.LoopGroup;
import io.robustmq.kernel.MemoryBudget;
import io.robustmq.kernel.NodeId;
import io.robustmq.kernel.RandomSource;
import io.robustmq.kernel.system.SystemClock;
import io.robustmq.kernel.system.SystemMemoryBudget;
import io.robustmq.kernel.system.SystemRandom;
import io.robustmq.node.BannerLine;
import io.robustmq.node.NodeContext;
import io.robustmq.node.NodeIdentity;
import io.robustmq.node.NodePhase;
import io.robustmq.node.Phases;
import io.robustmq.node.config.InnerPortExposure;
import io.robustmq.node.config.KnownKeys;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.node.config.UnknownKeyCheck;
import java.nio.file.Path;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/** What every node has, whatever its roles. */
@AutoConfiguration
@EnableConfigurationProperties(RobustMqProperties.class)
public class NodeAutoConfiguration {

    /** Before any bean exists, because a misspelled key may be why the others would fail. */
    @Bean
    static BeanFactoryPostProcessor robustMqUnknownKeyCheck(ConfigurableEnvironment environment) {
        return factory -> new UnknownKeyCheck(KnownKeys.load(factory.getBeanClassLoader())).check(environment);
    }

    @Bean
    @ConditionalOnMissingBean
    Clock robustMqClock() {
        return SystemClock.INSTANCE;
    }

    @Bean
    @ConditionalOnMissingBean
    RandomSource robustMqRandomSource() {
        return SystemRandom.INSTANCE;
    }

    @Bean
    @ConditionalOnMissingBean
    MemoryBudget robustMqMemoryBudget(RobustMqProperties properties) {
        return new SystemMemoryBudget(properties.memory().limitBytes());
    }

    @Bean
    NodeContext robustMqNodeContext(
            RobustMqProperties properties,
            Clock clock,
            RandomSource random,
            MemoryBudget memory,
            ObjectProvider<LoopGroup> loops) {
        InnerPortExposure.check(properties);
        NodeIdentity identity =
                new NodeIdentity(properties.clusterName(), new NodeId(properties.nodeId()), properties.roleSet());
        return new NodeContext(identity, properties.dataPath(), clock, random, memory, loops::getObject);
    }

    @Bean
    @ConditionalOnProperty("robustmq.status-file")
    StatusFile robustMqStatusFile(RobustMqProperties properties, NodeContext context, Environment environment) {
        Path file = Path.of(Objects.requireNonNull(properties.statusFile()));
        return new StatusFile(file, context.state(), () -> environment.getProperty("local.server.port"));
    }

    @Bean
    DataDirectoryLifecycle robustMqDataDirectory(NodeContext context) {
        return new DataDirectoryLifecycle(context);
    }

    @Bean
    StartBanner robustMqStartBanner(NodeContext context, ObjectProvider<BannerLine.Contribution> contributions) {
        return new StartBanner(context, contributions.orderedStream());
    }

    @Bean
    PhaseMarker robustMqInnerRpcMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.INNER_RPC, Phases.INNER_RPC - 10);
    }

    @Bean
    PhaseMarker robustMqMetaMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.META, Phases.META - 10);
    }

    @Bean
    PhaseMarker robustMqJournalMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.JOURNAL, Phases.JOURNAL - 10);
    }

    @Bean
    PhaseMarker robustMqBrokerMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.BROKER, Phases.BROKER - 10);
    }

    @Bean
    PhaseMarker robustMqListenersMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.LISTENERS, Phases.LISTENERS - 10);
    }

    @Bean
    PhaseMarker robustMqReadyMarker(NodeContext context) {
        return new PhaseMarker(context.state(), NodePhase.READY, Phases.LISTENERS + 10);
    }
}
