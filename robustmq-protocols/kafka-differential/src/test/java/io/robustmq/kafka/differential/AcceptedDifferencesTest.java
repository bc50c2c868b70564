/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of the documentation and the rules of the test are the same. */
class AcceptedDifferencesTest {
    private static final Path DOCUMENT = Path.of("..", "..", "docs", "kafka.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|");

    @Test
    void eachIsExplainedToUsers() throws IOException {
        String text = Files.readString(DOCUMENT);
        int begin = text.indexOf("## Differences from Kafka");
        String table = text.substring(begin, text.indexOf("\n## ", begin));
        List<String> rows =
                ROW.matcher(table).results().map(row -> row.group(1)).toList();
        assertThat(rows).containsExactlyInAnyOrderElementsOf(AcceptedDifferences.names());
    }
}
