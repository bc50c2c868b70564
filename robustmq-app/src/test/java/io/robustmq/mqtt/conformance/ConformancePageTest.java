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
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every statement about servers in {@code mqtt/statements.txt} has a test, and tests name no others. */
class ConformancePageTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void namesOnlyStatementsThatExistOnMethodsThatRun() throws IOException {
        Map<String, String> statements = statements();
        List<AnnotatedTest> tests = AnnotatedTests.find(ROOT);
        assertThat(tests).filteredOn(test -> !test.isTest()).isEmpty();
        assertThat(tests).allSatisfy(test -> assertThat(statements.keySet()).containsAll(test.statements()));
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
