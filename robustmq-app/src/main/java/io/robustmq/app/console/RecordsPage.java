/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.console;

import io.robustmq.app.console.AdminApi.Answer;
import io.robustmq.app.console.AdminApi.Call;
import io.robustmq.app.console.Forms.Pair;
import io.robustmq.kernel.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The records of a topic, from a place on. Thread-safe: immutable. */
final class RecordsPage {
    private static final int SHOWN_MAX = 50;
    /** So many are looked at for a key before somebody has to ask for more. */
    private static final int SEARCHED_MAX = 2000;

    private final AdminApi api;
    private final Clock clock;

    RecordsPage(AdminApi api, Clock clock) {
        this.api = api;
        this.clock = clock;
    }

    /** A record as it is shown. */
    record StoredView(
            long partition,
            long offset,
            String time,
            String instant,
            String subject,
            @Nullable Payload key,
            List<Pair> headers,
            Payload value) {}

    Mono<PageView> page(Asked asked) {
        String topic = asked.parameter("name");
        return api.call(asked.exchange(), Call.get("/topics/" + AdminApi.encoded(topic), Map.of()))
                .flatMap(described ->
                        described.ok() ? records(asked, topic, described) : Mono.just(Problems.page(described)));
    }

    private Mono<PageView> records(Asked asked, String topic, Answer described) {
        String key = asked.parameter("key");
        Map<String, String> query = new LinkedHashMap<>();
        query.put("partition", asked.parameter("partition"));
        query.put("from", from(asked));
        query.put("subject", asked.parameter("subject"));
        query.put("limit", Integer.toString(key.isEmpty() ? SHOWN_MAX : SEARCHED_MAX));
        int partitions = (int) Values.number(described.fields().get("partitions"));
        return api.call(asked.exchange(), Call.get("/topics/" + AdminApi.encoded(topic) + "/records", query))
                .map(answer -> {
                    PageView view = view(asked, topic, partitions);
                    if (!answer.ok()) {
                        return Problems.onto(
                                view.with("records", List.of()).with("next", "").with("told", ""), answer);
                    }
                    return found(asked, view, answer.lines(), key);
                });
    }

    private PageView view(Asked asked, String topic, int partitions) {
        return PageView.of("records", "Records of " + topic)
                .with("topic", topic)
                .with("from", asked.parameter("from"))
                .with("offset", asked.parameter("offset"))
                .with("at", asked.parameter("at"))
                .with("key", asked.parameter("key"))
                .with("subject", asked.parameter("subject"))
                .with("partition", asked.parameter("partition"))
                .with("hex", "on".equals(asked.parameter("hex")))
                .with("now", java.time.Instant.ofEpochMilli(clock.millis()).toString())
                .with(
                        "partitions",
                        IntStream.range(0, Math.min(partitions, 1000))
                                .mapToObj(Integer::toString)
                                .toList());
    }

    /** An offset or a moment wins over the choice of an end. */
    private static String from(Asked asked) {
        String offset = asked.parameter("offset");
        if (!offset.isEmpty()) {
            return offset;
        }
        String at = asked.parameter("at");
        if (!at.isEmpty()) {
            return moment(at);
        }
        return asked.parameter("from").equals("earliest") ? "earliest" : "latest";
    }

    /** As fields for moments have it, without a zone: UTC, as the label says. */
    private static String moment(String at) {
        try {
            return LocalDateTime.parse(at).toInstant(ZoneOffset.UTC).toString();
        } catch (DateTimeException e) {
            return at;
        }
    }

    private static PageView found(Asked asked, PageView view, List<Map<String, Object>> lines, String key) {
        boolean hex = "on".equals(asked.parameter("hex"));
        List<Map<String, Object>> matching = lines.stream()
                .filter(line -> key.isEmpty() || key.equals(line.get("key")))
                .toList();
        List<Map<String, Object>> shown = matching.subList(0, Math.min(matching.size(), SHOWN_MAX));
        boolean full = lines.size() >= (key.isEmpty() ? SHOWN_MAX : SEARCHED_MAX);
        String told = key.isEmpty() ? "" : "Looked at " + lines.size() + " records for the key.";
        List<Map<String, Object>> read = key.isEmpty() || matching.size() > SHOWN_MAX ? shown : lines;
        // By time alone there is no way on within one millisecond.
        boolean stuck = full && asked.parameter("partition").isEmpty() && isOneMoment(read);
        return view.with("records", shown.stream().map(line -> shown(line, hex)).toList())
                .with("told", stuck ? "There are more records of this millisecond: choose a partition." : told)
                .with("next", full && !stuck && !isLatest(asked) ? next(asked, read) : "");
    }

    private static boolean isOneMoment(List<Map<String, Object>> rows) {
        return Values.number(rows.get(0).get("timestamp"))
                == Values.number(rows.get(rows.size() - 1).get("timestamp"));
    }

    /** The last ones, behind which is nothing. */
    private static boolean isLatest(Asked asked) {
        return from(asked).equals("latest");
    }

    /** Records come merged by time: the next page begins behind the last one, by offset where it is one partition. */
    private static String next(Asked asked, List<Map<String, Object>> rows) {
        Map<String, Object> last = rows.get(rows.size() - 1);
        Map<String, String> query = asked.parameters();
        query.remove("at");
        query.remove("offset");
        query.remove("from");
        if (query.getOrDefault("partition", "").isEmpty()) {
            query.put(
                    "at",
                    java.time.Instant.ofEpochMilli(Values.number(last.get("timestamp")))
                            .toString());
        } else {
            query.put("offset", Long.toString(Values.number(last.get("offset")) + 1));
        }
        return query.entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(each -> AdminApi.encoded(each.getKey()) + "=" + AdminApi.encoded(each.getValue()))
                .collect(Collectors.joining("&", "/console/topics/records?", ""));
    }

    private static StoredView shown(Map<String, Object> line, boolean hex) {
        java.time.Instant at = java.time.Instant.ofEpochMilli(Values.number(line.get("timestamp")));
        return new StoredView(
                Values.number(line.get("partition")),
                Values.number(line.get("offset")),
                Shown.time(at),
                at.toString(),
                Values.text(line.get("subject")),
                line.get("key") == null ? null : Payload.of(line.get("key"), line.get("keyEncoding"), hex),
                Values.rows(line.get("headers")).stream()
                        .map(header -> new Pair(Values.text(header.get("key")), Values.text(header.get("value"))))
                        .toList(),
                Payload.of(line.get("value"), line.get("valueEncoding"), hex));
    }
}
