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
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

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
        String function = script.lines()
                .filter(line -> line.startsWith("complete -F "))
                .findFirst()
                .orElseThrow()
                .split(" ")[2];
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

    @Test
    void bashOffersSubcommandsAndTheirOptions() throws Exception {
        String script = script("completion", "bash");
        assertThat(offered(script, "robust-ctl"))
                .contains("topics", "sessions", "tokens", "config")
                .doesNotContain("list");
        assertThat(offered(script, "robust-ctl", "topics")).contains("list", "create", "delete");
    }

    @Test
    void zshGetsTheSameThroughItsEmulation() {
        assertThat(script("completion", "zsh", "--name", "rctl"))
                .startsWith("autoload -U +X compinit")
                .contains("bashcompinit", " rctl");
    }
}
