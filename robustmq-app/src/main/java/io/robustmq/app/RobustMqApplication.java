/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import io.robustmq.app.bench.BenchCommand;
import io.robustmq.app.ctl.CtlCommand;
import java.io.PrintWriter;
import java.util.Arrays;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import picocli.CommandLine;

/**
 * Entry point of the one jar: {@code ctl} and {@code bench} are tools that never load a Spring class, anything else is a
 * node. Immutable.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class RobustMqApplication {

    public static void main(String[] args) {
        String first = args.length == 0 ? "" : args[0];
        switch (first) {
            case "ctl" -> exit(CtlCommand.commandLine(), args);
            case "bench" -> exit(BenchCommand.commandLine(), args);
            case "-h", "--help", "help" -> exit(ServerCommand.commandLine(), "--help");
            case "-V", "--version" -> exit(ServerCommand.commandLine(), "--version");
            // Loaded when this line runs and not before, so that the tools do not pay for it.
            default -> SpringApplication.run(RobustMqApplication.class, args);
        }
    }

    private static void exit(CommandLine command, String[] args) {
        exit(command.execute(Arrays.copyOfRange(args, 1, args.length)), command);
    }

    private static void exit(CommandLine command, String option) {
        exit(command.execute(option), command);
    }

    private static void exit(int code, CommandLine command) {
        PrintWriter out = command.getOut();
        out.flush();
        System.exit(code);
    }
}
