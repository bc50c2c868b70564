/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The tables of {@code docs/bench.md} are written from the command. */
class BenchPageTest {
    private static final Path PAGE = Path.of("..", "docs", "bench.md");
    private static final String BEGIN = "<!-- Written from the code: BenchPageTest -->\n";

    @Test
    void thePageTellsEveryOptionAsItIs() throws IOException {
        String page = Files.readString(PAGE);
        String written = page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + tables();
        if (Boolean.getBoolean("record")) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE))
                .as("docs/bench.md; record it with -Drecord=true")
                .isEqualTo(written);
    }

    @Test
    void exitCodesAreTold() throws IOException {
        assertThat(Files.readString(PAGE)).contains("| 0 | done", "| 1 |", "| 2 |", "| 3 |", "| 4 |");
        assertThat(BenchCommand.commandLine().getUsageMessage())
                .contains("0 done, 1 failed, 2 wrong command line, 3 broker not reachable", "4 not logged in");
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        BenchCommand.commandLine().getSubcommands().forEach((name, protocol) -> {
            text.append("\n## bench ").append(name).append("\n\n| shape | |\n|---|---|\n");
            Map<String, String> shared = new TreeMap<>();
            Map<String, String> own = new TreeMap<>();
            protocol.getSubcommands().forEach((shape, command) -> {
                text.append(row(
                        shape,
                        String.join(" ", command.getCommandSpec().usageMessage().description())));
                Map<String, String> options = new TreeMap<>();
                for (OptionSpec option : command.getCommandSpec().options()) {
                    if (!option.usageHelp()) {
                        options.put(names(option), description(option));
                    }
                }
                boolean first = shared.isEmpty();
                if (first) {
                    shared.putAll(options);
                }
                options.forEach(
                        (option, what) -> own.merge(option, "`" + shape + "`: " + what, (a, b) -> a + "; " + b));
                shared.keySet().retainAll(options.keySet());
            });
            shared.keySet().forEach(own::remove);
            text.append("\n| option of every shape | |\n|---|---|\n");
            shared.forEach((option, what) -> text.append(row(option, what)));
            text.append("\n| option of some | |\n|---|---|\n");
            own.forEach((option, what) -> text.append(row(option, what)));
        });
        return text.toString();
    }

    private static String names(OptionSpec option) {
        return String.join("`, `", option.names());
    }

    private static String description(OptionSpec option) {
        CommandLine.Help.Ansi plain = CommandLine.Help.Ansi.OFF;
        String text = String.join(" ", option.description()).replace("${DEFAULT-VALUE}", "" + option.defaultValue());
        String value =
                option.arity().max() == 0 || option.paramLabel().matches("<.*>") ? "" : option.paramLabel() + ": ";
        return plain.string(value + text).replace("%%", "%").replace("|", "\\|");
    }

    private static String row(String name, String what) {
        return "| `" + name + "` | " + what + " |\n";
    }
}
