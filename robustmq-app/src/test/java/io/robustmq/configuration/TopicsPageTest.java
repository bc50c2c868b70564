/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/topics.md} explains every setting that a topic may have, and no other. */
class TopicsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "topics.md");

    @Test
    void thePageExplainsEverySetting() throws IOException {
        String page = Files.readString(PAGE);
        List<String> explained = page.substring(page.indexOf("## Settings"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
        assertThat(explained).containsExactlyInAnyOrderElementsOf(TopicSettings.names());
    }
}
