/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.InProcessBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;

/** The table of APIs in {@code docs/kafka.md}: names and versions are what a node tells its clients, the rest is words. */
class KafkaPageTest {
    private static final Path PAGE = Path.of("..", "docs", "kafka.md");
    private static final String HEAD = "| API | Versions | What it does here |\n|---|---|---|\n";
    private static final Pattern ROW = Pattern.compile("\\| (\\w+) \\| \\S+ \\| (.*) \\|");

    @Test
    void thePageTellsEveryApiAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(HEAD) + HEAD.length();
        int end = page.indexOf("\n\n", begin) + 1;
        Map<String, String> words = new LinkedHashMap<>();
        page.substring(begin, end)
                .lines()
                .map(ROW::matcher)
                .filter(Matcher::matches)
                .forEach(row -> words.put(row.group(1), row.group(2)));
        String written = page.substring(0, begin) + table(words) + page.substring(end);
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/kafka.md; record it with -Drecord=true and say what a new API does")
                .isEqualTo(written)
                .doesNotContain("TELL");
    }

    private static String table(Map<String, String> words) throws IOException {
        StringBuilder table = new StringBuilder();
        versions()
                .forEach((api, versions) -> table.append("| ")
                        .append(api.name)
                        .append(" | ")
                        .append(versions)
                        .append(" | ")
                        .append(words.getOrDefault(api.name, "TELL"))
                        .append(" |\n"));
        return table.toString();
    }

    /** Versions below those that Kafka has code for are told for old librdkafka only (KAFKA-18659). */
    private static Map<ApiKeys, String> versions() throws IOException {
        Map<ApiKeys, String> versions = new TreeMap<>();
        try (InProcessBroker broker = InProcessBroker.start();
                RawClient client = new RawClient(broker.kafkaPort())) {
            client.send(ApiKeys.API_VERSIONS, 0, new ApiVersionsRequestData())
                    .receive(ApiVersionsResponseData.class)
                    .apiKeys()
                    .forEach(told -> {
                        ApiKeys api = ApiKeys.forId(told.apiKey());
                        int first = Math.max(told.minVersion(), api.oldestVersion());
                        versions.put(api, first == told.maxVersion() ? "" + first : first + "-" + told.maxVersion());
                    });
        }
        return versions;
    }
}
