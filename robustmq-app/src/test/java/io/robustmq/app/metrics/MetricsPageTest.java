/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.robustmq.app.access.NodeInProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/metrics.md} is written from the meters of a running node, and what the dashboards and alert rules ask for is in its
 * {@code /actuator/prometheus}. After a change: run this test with {@code -Drecord=true} and review the page's difference.
 */
class MetricsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final Path DEPLOYED = Path.of("..", "config", "monitoring");
    private static final Pattern METRIC = Pattern.compile("\\b(robustmq|jvm|process|system|http|disk)_[a-z0-9_]+");
    /** Only once there is something to tell of. */
    private static final Set<String> LATER = Set.of("robustmq_group_lag_records");

    private static final String INTRODUCTION = """
            # Metrics

            Written from the code; do not edit. `/actuator/prometheus` has them under the second name; `ctl` and `/actuator/metrics` under the
            first. Beside them are those of the JVM, the process and the HTTP server, which Micrometer and Spring Boot describe. Meters that exist
            only once there is something to tell of, such as the lag of a group, are on the pages of their protocol
            ([Kafka](kafka-metrics.md)). A dashboard and alert rules are in [config/monitoring](../config/monitoring).

            | metric | in Prometheus | kind | tags | unit | meaning |
            |---|---|---|---|---|---|
            """;

    @TempDir
    static Path directory;

    private static NodeInProcess node;
    private static String scrape;

    @BeforeAll
    static void start() {
        node = NodeInProcess.start(directory.resolve("data"), Map.of());
        // Some meters are made when they are asked for.
        node.local("GET", "/actuator/prometheus", null);
        scrape = node.local("GET", "/actuator/prometheus", null).body();
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @Test
    void everyMeterIsExplainedAndThePageTellsThem() throws IOException {
        PrometheusMeterRegistry registry = node.context().getBean(PrometheusMeterRegistry.class);
        TreeMap<String, List<Meter.Id>> meters = registry.getMeters().stream()
                .map(Meter::getId)
                .filter(id -> id.getName().startsWith("robustmq."))
                .collect(Collectors.groupingBy(Meter.Id::getName, TreeMap::new, Collectors.toList()));
        assertThat(meters).hasSizeGreaterThan(100);
        StringBuilder page = new StringBuilder(INTRODUCTION);
        meters.forEach((name, ids) -> {
            Meter.Id id = ids.get(0);
            assertThat(id.getDescription()).as("%s is not explained", name).isNotBlank();
            String prometheus = registry.config().namingConvention().name(name, id.getType(), id.getBaseUnit());
            String tags = ids.stream()
                    .flatMap(each -> each.getTags().stream())
                    .map(Tag::getKey)
                    .distinct()
                    .sorted()
                    .map(key -> "`" + key + "`")
                    .collect(Collectors.joining(", "));
            page.append("| `%s` | `%s` | %s | %s | %s | %s |\n"
                    .formatted(
                            name,
                            exported(prometheus),
                            id.getType().name().toLowerCase(Locale.ROOT),
                            tags,
                            Objects.requireNonNullElse(id.getBaseUnit(), ""),
                            id.getDescription()));
        });
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, page.toString());
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/metrics.md; record it with -Drecord=true")
                .isEqualTo(page.toString());
    }

    /** Counters get their ending when they are written. */
    private static String exported(String name) {
        return scrape.contains("\n" + name + "_total") ? name + "_total" : name;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>();
        scrape.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[{ ]", 2)[0]));
        return names;
    }

    private static Set<String> asked(String expression) {
        Set<String> asked = new TreeSet<>();
        Matcher matcher = METRIC.matcher(expression);
        while (matcher.find()) {
            asked.add(matcher.group());
        }
        return asked;
    }

    @Test
    void whatTheDashboardsAskForIsThere() throws IOException {
        JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DEPLOYED.resolve("grafana-dashboard.json")));
        List<String> expressions = new ArrayList<>();
        for (JsonNode panel : dashboard.path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                expressions.add(target.path("expr").asString());
            }
        }
        assertThat(expressions).hasSizeGreaterThan(15).noneMatch(String::isBlank);
        assertAsked(expressions);
    }

    @Test
    void whatTheAlertRulesAskForIsThere() throws IOException {
        String rules = Files.readString(DEPLOYED.resolve("prometheus-alerts.yaml"));
        List<String> expressions = rules.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("expr:"))
                .toList();
        assertThat(expressions).hasSizeGreaterThan(8);
        assertThat(rules.lines().filter(line -> line.strip().startsWith("summary:")))
                .hasSameSizeAs(expressions);
        assertAsked(expressions);
    }

    private static void assertAsked(List<String> expressions) {
        Set<String> names = names();
        for (String expression : expressions) {
            Set<String> asked = asked(expression);
            asked.removeAll(LATER);
            assertThat(names).as(expression).containsAll(asked);
        }
    }
}
