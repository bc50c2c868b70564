/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.autoconfigure;

import io.netty.buffer.PooledByteBufAllocator;
import io.robustmq.broker.Broker;
import io.robustmq.broker.access.AccessConfig;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.broker.access.CredentialSource;
import io.robustmq.broker.access.FlappingConfig;
import io.robustmq.broker.delay.DelayConfig;
import io.robustmq.node.BannerLine;
import io.robustmq.node.ConditionalOnRole;
import io.robustmq.node.HealthDetail;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Role;
import io.robustmq.node.autoconfigure.NodeAutoConfiguration;
import io.robustmq.node.config.LiveSettings;
import io.robustmq.node.config.RobustMqProperties;
import io.robustmq.protocol.AccessPort;
import io.robustmq.protocol.CatchAll;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.memory.MemoryEngine;
import io.robustmq.storage.memory.MemoryEngineConfig;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import io.robustmq.storage.rocksdb.RocksDbEngineConfig;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** The broker core, its engines, and what it says about itself. */
@AutoConfiguration(after = NodeAutoConfiguration.class)
@ConditionalOnRole(Role.BROKER)
public class BrokerAutoConfiguration {
    private static final int INTERNAL_LOW_WATER_DIVISOR = 4;

    /** Hashes of passwords, which take long on purpose: never on a loop. */
    @Bean
    PasswordThreads robustMqPasswordThreads() {
        return new PasswordThreads();
    }

    /** The cluster's users and rules; whoever brings an AccessPort decides alone. */
    @Bean
    @ConditionalOnMissingBean
    AccessPort robustMqAccess(
            NodeContext context,
            RobustMqProperties properties,
            PasswordThreads threads,
            ObjectProvider<CredentialSource> sources) {
        AccessConfig config = AccessConfig.DEFAULTS.with(
                unsaid(properties.access().anonymous()),
                unsaid(properties.access().unmatched()));
        AccessControl control = new AccessControl(
                config,
                context.clock(),
                context.random(),
                threads.pool(),
                sources.orderedStream().toList(),
                properties.access().sources().order(),
                threads::poolOf);
        RobustMqProperties.Flapping flapping = properties.access().flapping();
        control.watchFlapping(new FlappingConfig(
                flapping.enabled(),
                flapping.disconnectsMax(),
                flapping.addressDisconnectsMax(),
                flapping.window().toMillis(),
                flapping.ban().toMillis(),
                FlappingConfig.DEFAULTS.tableMax()));
        return control;
    }

    @Bean
    LiveSettings<RobustMqProperties> robustMqLiveBroker(NodeContext context, AccessPort access) {
        return new LiveSettings<>(RobustMqProperties.class, properties -> {
            if (access instanceof AccessControl control) {
                control.unsaid(
                        unsaid(properties.access().anonymous()),
                        unsaid(properties.access().unmatched()));
            }
            context.find(Broker.class).ifPresent(broker -> {
                RobustMqProperties.Retained retained = properties.retained();
                RobustMqProperties.Delayed delayed = properties.delayed();
                broker.retained().limit(retained.countMax(), retained.bytesMax().toBytes());
                broker.delayed()
                        .limit(new DelayConfig(
                                delayed.countMax(), delayed.bytesMax().toBytes()));
            });
        });
    }

    private static AccessConfig.Unsaid unsaid(RobustMqProperties.Unsaid wanted) {
        return AccessConfig.Unsaid.valueOf(wanted.name());
    }

    /** Destroyed with the beans, which is after the last phase has stopped. */
    @Bean(destroyMethod = "close")
    MemoryEngine robustMqMemoryEngine(RobustMqProperties properties) {
        return new MemoryEngine(
                PooledByteBufAllocator.DEFAULT,
                MemoryEngineConfig.ofTotalBytes(properties.memory().engineLimitBytes()));
    }

    /** Opens its database, in a directory of its own, when the first shard asks for it. */
    @Bean(destroyMethod = "close")
    RocksDbEngine robustMqRocksDbEngine(NodeContext context, RobustMqProperties properties) {
        // The broker's own topics lie here: they go on a while when others on the same disk have to stop.
        long lowWaterBytes = properties.storage().lowWaterBytes().toBytes() / INTERNAL_LOW_WATER_DIVISOR;
        return new RocksDbEngine(
                context.dataDir().resolve("broker").resolve("rocksdb"),
                PooledByteBufAllocator.DEFAULT,
                RocksDbEngineConfig.defaults().withMinFreeBytes(lowWaterBytes));
    }

    @Bean(destroyMethod = "close")
    FileEngine robustMqFileEngine(RobustMqProperties properties) {
        return FileStorage.engine(properties);
    }

    @Bean
    HealthDetail robustMqScrubHealth(FileEngine engine) {
        return FileStorage.of(engine);
    }

    @Bean
    NodeDisks robustMqDisks(ObjectProvider<ShardEngine> engines) {
        return new NodeDisks(engines.orderedStream().toList());
    }

    @Bean
    BannerLine.Contribution robustMqDiskBanner(NodeDisks disks) {
        return disks::bannerLines;
    }

    @Bean
    BrokerLifecycle robustMqBrokerLifecycle(
            NodeContext context,
            RobustMqProperties properties,
            ObjectProvider<ShardEngine> engines,
            ObjectProvider<CatchAll> catchAlls,
            AccessPort access) {
        return new BrokerLifecycle(
                context,
                properties,
                engines.orderedStream().toList(),
                catchAlls.orderedStream().toList(),
                access);
    }

    @Bean
    Advertisement robustMqAdvertisement(BrokerLifecycle lifecycle) {
        return new Advertisement(lifecycle);
    }

    @Bean
    BannerLine.Contribution robustMqBrokerBanner(BrokerLifecycle lifecycle) {
        return lifecycle::bannerLines;
    }

    @Bean
    HealthDetail robustMqBrokerHealth(BrokerLifecycle lifecycle) {
        return lifecycle::describe;
    }
}
