/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code ctl completion}. Confined to the main thread. */
@Command(
        name = "completion",
        description = "Prints the script by which a shell completes ctl's subcommands and options.",
        mixinStandardHelpOptions = true,
        footer = {"%nbash:  source <(robust-ctl completion bash)", "zsh:   source <(robust-ctl completion zsh)"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class CompletionCommand implements Runnable {
    /** Shells that the script is for; zsh reads it through its own emulation, which the script turns on. */
    enum Shell {
        bash,
        zsh
    }

    @ParentCommand
    private CtlCommand ctl;

    @Parameters(paramLabel = "bash|zsh", description = "the shell")
    private Shell shell;

    @Option(
            names = "--name",
            paramLabel = "COMMAND",
            defaultValue = "robust-ctl",
            description = "what ctl is called in that shell (default ${DEFAULT-VALUE})")
    private String name;

    @Override
    public void run() {
        CommandLine whole = CtlCommand.commandLine();
        String script = AutoComplete.bash(name, whole);
        ctl.out().println(shell == Shell.zsh ? "autoload -U +X compinit && compinit\n" + script : script);
    }
}
