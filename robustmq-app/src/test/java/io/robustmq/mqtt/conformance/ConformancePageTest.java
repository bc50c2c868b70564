/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.mqtt.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.mqtt.conformance.AnnotatedTests.AnnotatedTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/mqtt-conformance.md} is written from {@code mqtt/statements.txt} and the annotations of tests: every statement about
 * servers has a test, and tests name no others. After a change: run this test with {@code -Drecord=true} and review the
 * page's difference.
 */
class ConformancePageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path PAGE = ROOT.resolve(Path.of("docs", "mqtt-conformance.md"));
    private static final String INTRODUCTION = """
            # MQTT conformance

            Written from the tests' annotations; do not edit. What the specifications of MQTT 5.0 and 3.1.1 ask of a server, in our words,
            and the tests that prove it. Left out are the statements that only clients can keep. MQTT 3.1 has no numbers;
            most tests run in its form as well.
            """;

    private static Map<String, String> statements;
    private static List<AnnotatedTest> tests;

    @BeforeAll
    static void read() throws IOException {
        statements = statements();
        tests = AnnotatedTests.find(ROOT);
    }

    @Test
    void namesOnlyStatementsThatExistOnMethodsThatRun() {
        assertThat(tests).filteredOn(test -> !test.isTest()).isEmpty();
        assertThat(tests).allSatisfy(test -> assertThat(statements.keySet()).containsAll(test.statements()));
    }

    @Test
    void everyStatementHasATest() {
        Set<String> proven = byStatement().keySet();
        assertThat(statements.keySet()).filteredOn(id -> !proven.contains(id)).isEmpty();
    }

    @Test
    void thePageTellsThemAll() throws IOException {
        String page = page();
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/mqtt-conformance.md; record it with -Drecord=true")
                .isEqualTo(page);
    }

    private static String page() {
        Map<String, List<AnnotatedTest>> proofs = byStatement();
        StringBuilder page = new StringBuilder(INTRODUCTION);
        page.append("\n| | statements | with a test |\n|---|---|---|\n");
        for (Section section : Section.values()) {
            List<String> ids = idsOf(section);
            page.append("| ")
                    .append(section.title)
                    .append(" | ")
                    .append(ids.size())
                    .append(" | ")
                    .append(ids.stream().filter(proofs::containsKey).count())
                    .append(" |\n");
        }
        Map<String, String> links = new TreeMap<>();
        for (Section section : Section.values()) {
            page.append("\n## ").append(section.title).append("\n\n");
            page.append("| statement | a server must | tests |\n|---|---|---|\n");
            for (String id : idsOf(section)) {
                page.append("| ")
                        .append(id.substring(section.prefix.length()))
                        .append(" | ")
                        .append(statements.get(id))
                        .append(" | ");
                for (AnnotatedTest test : proofs.getOrDefault(id, List.of())) {
                    links.put(test.className(), test.file());
                    page.append("[")
                            .append(test.className())
                            .append("] ")
                            .append(test.method())
                            .append("<br>");
                }
                if (proofs.containsKey(id)) {
                    page.setLength(page.length() - "<br>".length());
                }
                page.append(" |\n");
            }
        }
        page.append("\n");
        links.forEach((name, file) ->
                page.append("[").append(name).append("]: ../").append(file).append("\n"));
        return page.toString();
    }

    private enum Section {
        V5("MQTT 5.0", "MQTT-"),
        V3("MQTT 3.1.1", "v3:MQTT-"),
        RULES("Without a number", "rule:");

        private final String title;
        private final String prefix;

        Section(String title, String prefix) {
            this.title = title;
            this.prefix = prefix;
        }
    }

    private static List<String> idsOf(Section section) {
        return statements.keySet().stream()
                .filter(id -> id.startsWith(section.prefix))
                .toList();
    }

    private static Map<String, List<AnnotatedTest>> byStatement() {
        Map<String, List<AnnotatedTest>> proofs = new LinkedHashMap<>();
        for (AnnotatedTest test : tests) {
            for (String id : test.statements()) {
                proofs.computeIfAbsent(id, key -> new ArrayList<>()).add(test);
            }
        }
        return proofs;
    }

    /** By id, in the order of the list. */
    private static Map<String, String> statements() throws IOException {
        Map<String, String> statements = new LinkedHashMap<>();
        try (InputStream in =
                Objects.requireNonNull(ConformancePageTest.class.getResourceAsStream("/mqtt/statements.txt"))) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> {
                        int space = line.indexOf(' ');
                        String before = statements.put(line.substring(0, space), line.substring(space + 1));
                        assertThat(before).as("%s twice", line).isNull();
                    });
        }
        return statements;
    }
}
