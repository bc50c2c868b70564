/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import io.robustmq.broker.Broker;
import io.robustmq.kafka.KafkaPlugin;
import io.robustmq.kernel.system.LoopWatchdog;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.node.NodeContext;
import io.robustmq.protocol.AccessPort;
import io.robustmq.storage.ShardEngine;
import io.robustmq.storage.file.FileEngine;
import io.robustmq.storage.memory.MemoryEngine;
import io.robustmq.storage.rocksdb.RocksDbEngine;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hands the node's counters to Micrometer. Stateless. */
@Configuration(proxyBeanMethods = false)
public class MetricsConfiguration {

    @Bean
    TextScrapes textScrapes(WebEndpointProperties web) {
        return new TextScrapes(web.getBasePath() + "/prometheus");
    }

    @Bean
    SourceMetrics sourceMetrics(ObjectProvider<AccessPort> access) {
        return new SourceMetrics(access::getIfAvailable);
    }

    @Bean
    DiskMetrics diskMetrics(ObjectProvider<FileEngine> file) {
        return new DiskMetrics(file::getIfAvailable);
    }

    @Bean
    StorageMetrics storageMetrics(ObjectProvider<ShardEngine> engines) {
        return new StorageMetrics(() -> engines.orderedStream().toList());
    }

    @Bean
    EngineMetrics engineMetrics(ObjectProvider<MemoryEngine> memory, ObjectProvider<LoopWatchdog> watchdog) {
        return new EngineMetrics(memory::getIfAvailable, watchdog::getIfAvailable);
    }

    @Bean
    RocksDbMetrics rocksDbMetrics(ObjectProvider<RocksDbEngine> engine) {
        return new RocksDbMetrics(engine::getIfAvailable);
    }

    @Bean
    CoordinatorMeters coordinatorMeters(NodeContext node) {
        return new CoordinatorMeters(() -> node.find(Broker.class));
    }

    @Bean
    DelayMetrics delayMetrics(NodeContext node) {
        return new DelayMetrics(node);
    }

    @Bean
    RuleMetrics ruleMetrics(ObjectProvider<MqttPlugin> mqtt) {
        return new RuleMetrics(mqtt::getIfAvailable);
    }

    @Bean
    NodeMetrics nodeMetrics(NodeContext node, ObjectProvider<MqttPlugin> mqtt) {
        return new NodeMetrics(node, mqtt::getIfAvailable);
    }

    @Bean
    GroupMetrics groupMetrics(ObjectProvider<KafkaPlugin> kafka) {
        return new GroupMetrics(() -> {
            KafkaPlugin plugin = kafka.getIfAvailable();
            return plugin == null ? null : plugin.groups();
        });
    }

    @Bean
    QuotaMetrics quotaMetrics(NodeContext node) {
        return new QuotaMetrics(node);
    }

    @Bean
    RetentionMetrics retentionMetrics(NodeContext node) {
        return new RetentionMetrics(node);
    }

    @Bean
    SubjectIndexMetrics subjectIndexMetrics(NodeContext node) {
        return new SubjectIndexMetrics(node);
    }
}
