/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.robustmq.kafka.autoconfigure.KafkaMetrics;
import io.robustmq.mqtt.InProcessBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/kafka-metrics.md} is written from the meters. After a change: run this test with {@code -Drecord=true} and review the
 * page's difference.
 */
class KafkaMetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "kafka-metrics.md");
    private static final String INTRODUCTION = """
            # Kafka in numbers

            Written from the code; do not edit. At `/actuator/prometheus` dots become underscores, counters end in `_total`, and timers have
            a count and a sum in seconds. Those with a tag appear with its first value.

            | metric | kind | tags | unit | meaning |
            |---|---|---|---|---|
            """;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @Test
    void thePageTellsEveryMeterAsItIs() throws IOException {
        try (InProcessBroker broker = InProcessBroker.start();
                RawClient client = new RawClient(broker.kafkaPort())) {
            new KafkaMetrics(broker.kafkaCounters()).bindTo(registry);
            client.send(ApiKeys.METADATA, 9, new MetadataRequestData().setTopics(List.of()));
            client.receive(MetadataResponseData.class);
            client.send(
                    ApiKeys.PRODUCE,
                    FileBroker.PRODUCE_VERSION,
                    FileBroker.produce("no.such.topic", 0, FileBroker.batch(0, 1, 10)));
            client.receive(ProduceResponseData.class);

            assertThat(count("robustmq.kafka.connections", "")).isEqualTo(1);
            assertThat(count("robustmq.kafka.requests", "Metadata")).isEqualTo(1);
            assertThat(count("robustmq.kafka.requests", "Produce")).isEqualTo(1);
            assertThat(count("robustmq.kafka.produce.rejects", "UNKNOWN_TOPIC_OR_PARTITION"))
                    .isEqualTo(1);
            assertThat(count("robustmq.kafka.bytes.in", "")).isPositive();
            assertThat(count("robustmq.kafka.bytes.out", "")).isPositive();
            String page = page();
            if (Boolean.getBoolean("record")) {
                Files.writeString(PAGE, page);
            }
            assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                    .as("docs/kafka-metrics.md; record it with -Drecord=true")
                    .isEqualTo(page);
        }
    }

    private double count(String name, String tag) {
        Meter meter = registry.get(name).meters().stream()
                .filter(each -> tag.isEmpty()
                        || each.getId().getTags().stream()
                                .anyMatch(of -> of.getValue().equals(tag)))
                .findFirst()
                .orElseThrow();
        return meter.measure().iterator().next().getValue();
    }

    private String page() {
        Map<String, String> lines = new TreeMap<>();
        registry.forEachMeter(meter -> {
            Meter.Id id = meter.getId();
            String tags =
                    id.getTags().stream().map(tag -> "`" + tag.getKey() + "`").collect(Collectors.joining(", "));
            String unit = id.getBaseUnit() == null ? "" : id.getBaseUnit();
            String kind = id.getType() == Meter.Type.OTHER
                    ? "timer"
                    : id.getType().name().toLowerCase(java.util.Locale.ROOT);
            lines.put(
                    id.getName(),
                    "| `%s` | %s | %s | %s | %s |\n".formatted(id.getName(), kind, tags, unit, id.getDescription()));
        });
        return INTRODUCTION + String.join("", lines.values());
    }
}
