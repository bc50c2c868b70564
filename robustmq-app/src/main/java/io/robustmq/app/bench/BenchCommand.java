/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import io.robustmq.app.version.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code bench}: measures a broker. Confined to the main thread. */
@Command(
        name = "bench",
        description = "Measures a broker.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "%nExit codes: 0 done, 1 failed, 2 wrong command line, 3 broker not reachable or its certificate not trusted,",
            "4 not logged in, or not allowed to."
        },
        subcommands = {MqttCommand.class, KafkaCommand.class})
public final class BenchCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    public static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new BenchCommand());
        commandLine.setUsageHelpWidth(120);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof BenchException expected) {
                command.getErr().println("bench: " + expected.getMessage());
                return expected.exitCode();
            }
            if (failure instanceof IllegalArgumentException wrong) {
                command.getErr().println("bench: " + wrong.getMessage());
                return CommandLine.ExitCode.USAGE;
            }
            throw failure;
        });
        return commandLine;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }
}
