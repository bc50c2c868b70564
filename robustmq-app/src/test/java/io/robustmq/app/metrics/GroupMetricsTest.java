/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.kernel.Tenants;
import io.robustmq.mqtt.InProcessBroker;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class GroupMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    /** NaN when it is not shown. */
    private double lag(String group, String topic) {
        Gauge gauge = registry.find("robustmq.group.lag")
                .tag("group", group)
                .tag("topic", topic)
                .gauge();
        return gauge == null ? Double.NaN : gauge.value();
    }

    private static void publish(InProcessBroker broker, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            broker.broker()
                    .ports()
                    .topics()
                    .publish(Tenants.DEFAULT, "mqtt", "well/1", null, new byte[] {1})
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void theLagOfGroupsIsShownAndGoesWithThem() throws Exception {
        TopicPartition view = new TopicPartition("well.1", 0);
        try (InProcessBroker broker = InProcessBroker.start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + broker.kafkaPort()))) {
            new GroupMetrics(broker::groups).bindTo(registry);
            assertThat(registry.get("robustmq.groups").gauge().value()).isZero();
            publish(broker, 7);
            admin.describeTopics(List.of("well.1")).allTopicNames().get(20, TimeUnit.SECONDS);
            admin.alterConsumerGroupOffsets("drinkers", Map.of(view, new OffsetAndMetadata(2)))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            await(5);
            assertThat(registry.get("robustmq.groups").gauge().value()).isEqualTo(1);
            assertThat(registry.get("robustmq.group.lags.hidden").gauge().value())
                    .isZero();
            admin.deleteConsumerGroups(List.of("drinkers")).all().get(20, TimeUnit.SECONDS);
            await(Double.NaN);
            assertThat(registry.get("robustmq.groups").gauge().value()).isZero();
        }
    }

    /** The node looks every ten seconds. */
    private void await(double wanted) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(40);
        while (Double.compare(lag("drinkers", "well.1"), wanted) != 0) {
            assertThat(System.nanoTime())
                    .as("%s, wanted %s", lag("drinkers", "well.1"), wanted)
                    .isLessThan(deadline);
            LockSupport.parkNanos(50_000_000);
        }
    }
}
