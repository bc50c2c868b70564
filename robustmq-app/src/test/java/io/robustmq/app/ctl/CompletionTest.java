/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CompletionTest {
    @TempDir
    Path directory;

    private static String script(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        assertThat(command.execute(arguments)).isZero();
        return out.toString();
    }

    /** What bash offers for the words typed so far, of which the last is begun. */
    private List<String> offered(String script, String... words) throws Exception {
        Path file = Files.writeString(directory.resolve("completion"), script);
        String function = function(script);
        String typed = String.join(" ", words);
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + file + "; COMP_WORDS=(" + typed + " ''); COMP_CWORD=" + words.length
                                + "; COMP_LINE='"
                                + typed + " '; COMP_POINT=${#COMP_LINE}; " + function
                                + "; printf '%s\\n' \"${COMPREPLY[@]}\"")
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return said.lines().map(String::strip).toList();
    }

    private static String function(String script) {
        return script.lines()
                .filter(line -> line.startsWith("complete -F "))
                .findFirst()
                .orElseThrow()
                .split(" ")[2];
    }

    @Test
    void bashOffersSubcommandsAndTheirOptions() throws Exception {
        String script = script("completion", "bash");
        assertThat(offered(script, "robust-ctl"))
                .contains("topics", "sessions", "tokens", "config")
                .doesNotContain("list");
        assertThat(offered(script, "robust-ctl", "topics")).contains("list", "create", "delete");
    }

    /** Each is asked for at a prompt that ends with a dash: bash then offers the options of what was typed before. */
    @Test
    void bashOffersEverySubcommandAndOptionThatThereIs() throws Exception {
        String script = script("completion", "bash");
        Map<String, Set<String>> wanted = new LinkedHashMap<>();
        collect(CtlCommand.commandLine(), "robust-ctl", wanted);
        assertThat(wanted).hasSizeGreaterThan(60);
        StringBuilder asking = new StringBuilder(script).append('\n');
        String function = function(script);
        wanted.forEach((words, offers) -> {
            int count = words.split(" ").length;
            asking.append("COMP_WORDS=(")
                    .append(words)
                    .append(" -); COMP_CWORD=")
                    .append(count);
            asking.append("; COMPREPLY=(); ").append(function);
            asking.append("; printf '%s: %s\\n' '").append(words).append("' \"${COMPREPLY[*]}\"\n");
        });
        Path file = Files.writeString(directory.resolve("asking"), asking);
        Process bash = new ProcessBuilder("bash", file.toString())
                .redirectErrorStream(true)
                .start();
        List<String> lines = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        Map<String, Set<String>> offered = new LinkedHashMap<>();
        for (String line : lines) {
            String[] parts = line.split(": ?", 2);
            offered.put(parts[0], Set.of(parts[1].split(" ")));
        }
        wanted.forEach((words, offers) ->
                assertThat(offered.get(words)).as(words).isNotNull().containsAll(offers));
    }

    private static void collect(CommandLine command, String words, Map<String, Set<String>> wanted) {
        Set<String> options = new HashSet<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            if (!option.hidden()) {
                options.addAll(List.of(option.names()));
            }
        }
        wanted.put(words, options);
        command.getSubcommands().forEach((name, each) -> collect(each, words + " " + name, wanted));
    }

    @Test
    void zshGetsTheSameThroughItsEmulation() {
        assertThat(script("completion", "zsh", "--name", "rctl"))
                .startsWith("autoload -U +X compinit")
                .contains("bashcompinit", " rctl");
    }
}
