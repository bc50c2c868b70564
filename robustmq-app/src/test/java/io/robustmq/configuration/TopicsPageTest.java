/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.broker.TopicSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/topics.md} are written from the settings that a topic may have, and those that it may not. */
class TopicsPageTest {
    private static final Path PAGE = Path.of("..", "docs", "topics.md");
    private static final String BEGIN = "<!-- Written from the code: TopicsPageTest -->\n";

    @Test
    void thePageTellsEverySettingAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        String written = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + settings();
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/topics.md; record it with -Drecord=true")
                .isEqualTo(written);
    }

    private static String settings() {
        StringBuilder table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
        for (TopicSetting setting : TopicSetting.ALL) {
            table.append("| `")
                    .append(setting.name())
                    .append("` | ")
                    .append(setting.byDefault())
                    .append(" | ")
                    .append(setting.meaning())
                    .append(" |\n");
        }
        table.append("\nSettings of Kafka's topics that do not act here and are refused:\n\n");
        table.append("| setting | why |\n|---|---|\n");
        TopicSetting.REFUSED.forEach((name, why) ->
                table.append("| `").append(name).append("` | ").append(why).append(" |\n"));
        return table.toString();
    }
}
