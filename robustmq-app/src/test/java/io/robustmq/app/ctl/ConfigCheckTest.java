/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ConfigCheckTest {
    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int check(Path file) {
        CommandLine command = CtlCommand.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(err, true));
        return command.execute("config", "check", file.toString());
    }

    private Path file(String text) throws IOException {
        return Files.writeString(directory.resolve("node.yaml"), text);
    }

    @Test
    void theFileThatIsShippedIsRight() {
        Path shipped = Path.of("..", "config", "standalone.yaml");
        assertThat(check(shipped)).as(err.toString()).isZero();
        assertThat(out.toString()).contains("standalone.yaml is right");
    }

    @Test
    void everythingThatIsWrongIsSaidAndTheExitCodeTells() throws IOException {
        assertThat(check(file("robustmq:\n  nod-id: 2\n  retained.count-max: -1\n  mqtt.tcp.port: x\n")))
                .isEqualTo(ExitCode.REFUSED);
        assertThat(err.toString())
                .contains("robustmq.nod-id", "Did you mean robustmq.node-id?", "robustmq.retained.count-max is '-1'")
                .contains("robustmq.mqtt.tcp.port");
        assertThat(check(file("robustmq: [\n"))).isEqualTo(ExitCode.REFUSED);
        assertThat(check(directory.resolve("absent.yaml"))).isEqualTo(ExitCode.USAGE);
    }
}
