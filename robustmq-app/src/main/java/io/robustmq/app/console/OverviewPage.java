/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.console.AdminApi.Answer;
import io.robustmq.app.console.AdminApi.Call;
import io.robustmq.app.console.Chart.Named;
import io.robustmq.app.console.Column.Cell;
import io.robustmq.app.console.Column.Kind;
import io.robustmq.app.console.Samples.Series;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Mono;

/** The first page: the cluster's nodes and what this node is doing. Thread-safe: immutable. */
final class OverviewPage {
    private static final List<Column> NODES = List.of(
            Column.number("Node", "id"),
            Column.of("Alive", "state", Kind.STATE),
            Column.text("Roles", "roles"),
            Column.code("Inner address", "rpcAddress"),
            Column.code("Listeners", "listeners"));
    private static final List<Column> GROUPS = List.of(
            Column.text("Group", "name"),
            Column.number("Leader", "leader"),
            Column.number("Term", "term"),
            Column.number("Applied", "appliedIndex"));

    private static final String ALARMS_SHOWN = "5";

    private final AdminApi api;
    private final Samples samples;

    OverviewPage(AdminApi api, Samples samples) {
        this.api = api;
        this.samples = samples;
    }

    /** A number with its name, and the page that has more of it. */
    record Tile(String label, String value, String href) {}

    /** An alarm that is on. */
    record AlarmView(String message, String css) {}

    Mono<PageView> page(Asked asked) {
        return api.call(asked.exchange(), Call.get("/cluster", Map.of()))
                .zipWith(api.call(asked.exchange(), Call.get("/alarms", Map.of("limit", ALARMS_SHOWN))))
                .map(both -> page(both.getT1(), both.getT2()));
    }

    private PageView page(Answer cluster, Answer alarms) {
        PageView view = charts(PageView.of("overview", "Overview"));
        view.with(
                        "alarms",
                        alarms.rows("alarms").stream().map(OverviewPage::alarm).toList())
                .with("cluster", cluster.fields().getOrDefault("clusterName", ""))
                .with("answeredBy", cluster.text("answeredBy"))
                .with("volatileEngines", cluster.text("volatileEngines"))
                .with("nodeColumns", NODES)
                .with(
                        "nodes",
                        cluster.rows("nodes").stream().map(OverviewPage::node).toList())
                .with("groupColumns", GROUPS)
                .with("groups", cells(GROUPS, cluster.rows("groups")));
        return cluster.ok() ? view : Problems.onto(view, cluster);
    }

    private static AlarmView alarm(Map<String, Object> alarm) {
        return new AlarmView(
                Values.text(alarm.get("message")), "critical".equals(alarm.get("severity")) ? "bad" : "warn");
    }

    /** The part that is fetched again and again. */
    Mono<PageView> charts() {
        return Mono.fromSupplier(() -> charts(PageView.of("charts", "Charts")));
    }

    private PageView charts(PageView view) {
        samples.refresh();
        return view.with("tiles", tiles())
                .with("period", "every " + Samples.PERIOD_SECONDS + "s")
                .with(
                        "charts",
                        List.of(
                                Chart.of(
                                        "Messages per second",
                                        Shown::number,
                                        new Named("in", samples.of(Series.MESSAGES_IN)),
                                        new Named("out to MQTT", samples.of(Series.MESSAGES_OUT))),
                                Chart.of(
                                        "Bytes per second",
                                        Shown::size,
                                        new Named("stored", samples.of(Series.BYTES_STORED)),
                                        new Named("fetched by Kafka", samples.of(Series.BYTES_FETCHED))),
                                Chart.of(
                                        "Clients",
                                        Shown::number,
                                        new Named("connections", samples.of(Series.CONNECTIONS)),
                                        new Named("sessions", samples.of(Series.SESSIONS))),
                                Chart.of("Heap", Shown::size, new Named("used", samples.of(Series.HEAP)))));
    }

    private List<Tile> tiles() {
        return List.of(
                new Tile("topics", Shown.number(samples.gauge("robustmq.meta.topics")), "/console/topics"),
                new Tile(
                        "connections", Shown.number(samples.gauge("robustmq.net.connections")), "/console/connections"),
                new Tile("client ids", Shown.number(samples.gauge("robustmq.sessions.held")), "/console/sessions"),
                new Tile("groups", Shown.number(samples.gauge("robustmq.groups")), "/console/groups"),
                new Tile("retained", Shown.number(samples.gauge("robustmq.retained.messages")), "/console/retained"),
                new Tile("delayed", Shown.number(samples.gauge("robustmq.delayed.messages")), "/console/delayed"));
    }

    private static List<Cell> node(Map<String, Object> node) {
        Map<String, Object> shown = new java.util.LinkedHashMap<>(node);
        shown.put("state", Boolean.TRUE.equals(node.get("alive")) ? "up" : "down");
        return NODES.stream().map(column -> column.cell(shown)).toList();
    }

    private static List<List<Cell>> cells(List<Column> columns, List<Map<String, Object>> rows) {
        return rows.stream()
                .map(row -> columns.stream().map(column -> column.cell(row)).toList())
                .toList();
    }
}
