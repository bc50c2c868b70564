/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who looks for a message of a node finds it: what {@code docs/troubleshoot.md} quotes stands so in the sources. */
class TroubleshootPageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern KEY = Pattern.compile("`(robustmq\\.[a-z0-9.-]+)`");
    /** What is between two texts that are one when the program runs. */
    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    private static String page;
    private static String sources;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/troubleshoot.md"));
        try (Stream<Path> files = Files.walk(ROOT)) {
            sources = files.filter(file ->
                            file.toString().endsWith(".java") && file.toString().contains("/src/main/java/"))
                    .map(TroubleshootPageTest::text)
                    .map(text -> JOINED.matcher(text).replaceAll(""))
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatIsQuotedIsSaid() {
        List<String> quoted = page.lines()
                .filter(line -> line.startsWith("> "))
                .map(line -> line.substring(2))
                .toList();
        assertThat(quoted).hasSizeGreaterThan(20).doesNotHaveDuplicates();
        assertThat(quoted)
                .allSatisfy(message -> assertThat(message.replace("…", "").strip())
                        .as("words of %s", message)
                        .hasSizeGreaterThan(8))
                .allSatisfy(message -> assertThat(Stream.of(message.split("…"))
                                .map(part -> part.replaceFirst("^[:.,;' ]+", "").strip())
                                .filter(part -> part.length() > 2))
                        .as(message)
                        .allMatch(sources::contains));
    }

    @Test
    void keysAndMetricsThatItNamesExist() throws IOException {
        String known = Files.readString(ROOT.resolve("docs/configuration.md"))
                + Files.readString(ROOT.resolve("docs/metrics.md"));
        Matcher keys = KEY.matcher(page);
        while (keys.find()) {
            String key = keys.group(1);
            // Or what begins so, where the operator names the rest.
            assertThat(known.contains("`" + key + "`") || known.contains("`" + key + "."))
                    .as(key)
                    .isTrue();
        }
    }
}
