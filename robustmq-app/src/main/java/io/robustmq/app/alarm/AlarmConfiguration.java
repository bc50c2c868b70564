/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import io.micrometer.core.instrument.MeterRegistry;
import io.robustmq.app.cluster.ClusterAnswers;
import io.robustmq.broker.access.AccessControl;
import io.robustmq.meta.client.MetaClient;
import io.robustmq.mqtt.MqttPlugin;
import io.robustmq.node.ListenerAddresses;
import io.robustmq.node.NodeContext;
import io.robustmq.storage.ShardEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.json.JsonMapper;

/** The alarms of this node, their checks and who is told. Stateless. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlarmProperties.class)
public class AlarmConfiguration {

    @Bean
    AlarmBook alarmBook(NodeContext node, AlarmProperties properties, ObjectProvider<MqttPlugin> mqtt) {
        AlarmBook book = new AlarmBook(node.clock(), node.identity().nodeId().value(), properties.historyMax());
        book.onChange(AlarmListeners.log());
        book.onChange(AlarmListeners.mqtt(mqtt::getIfAvailable, JsonMapper.shared()));
        return book;
    }

    @Bean
    AlarmTimer alarmTimer(
            AlarmBook book,
            NodeContext node,
            AlarmProperties properties,
            ObjectProvider<MeterRegistry> registry,
            ObjectProvider<ShardEngine> engines,
            ObjectProvider<SslBundles> bundles) {
        return new AlarmTimer(
                book,
                () -> {
                    List<AlarmCheck> checks = new ArrayList<>(ofNode(node));
                    checks.add(new DiskCheck(() -> engines.orderedStream()
                            .flatMap(engine -> engine.health().stream())
                            .toList()));
                    registry.ifAvailable(found -> checks.add(new MeterCheck(found, node.clock())));
                    SslBundles found = bundles.getIfAvailable();
                    if (found != null && !found.getBundleNames().isEmpty()) {
                        SslInfo info = new SslInfo(found);
                        checks.add(new CertificateCheck(
                                () -> CertificateCheck.of(info.getBundles()),
                                node.clock(),
                                properties.certificateExpiry()));
                    }
                    return checks;
                },
                properties.interval().toMillis());
    }

    private static List<AlarmCheck> ofNode(NodeContext node) {
        return List.of(
                new ClockCheck(node.clock()),
                new HeapCheck(HeapCheck::ofThisProcess),
                new MetaCheck(
                        () -> node.find(MetaClient.class)
                                .map(MetaClient::status)
                                .orElse(null),
                        () -> node.find(MetaClient.class)
                                .map(meta -> meta.image().nodes())
                                .orElse(List.of()),
                        node.clock()),
                new OpenCheck(
                        () -> node.find(AccessControl.class)
                                .map(AccessControl::allowsAll)
                                .orElse(false),
                        () -> node.find(ListenerAddresses.class)
                                .map(ListenerAddresses::addresses)
                                .orElse(Map.of())));
    }

    @Bean
    AlarmMeters alarmMeters(AlarmBook book) {
        return new AlarmMeters(book);
    }

    @Bean
    AlarmsEndpoint alarmsEndpoint(AlarmBook book, ClusterAnswers cluster) {
        return new AlarmsEndpoint(book, cluster);
    }

    @Bean
    HealthIndicator alarmsHealthIndicator(AlarmBook book) {
        return new AlarmsHealth(book);
    }
}
