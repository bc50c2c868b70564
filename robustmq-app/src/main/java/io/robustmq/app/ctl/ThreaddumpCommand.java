/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code ctl threaddump}. Confined to the main thread. */
@Command(name = "threaddump", description = "What the threads of a node do now.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class ThreaddumpCommand implements Runnable {
    @ParentCommand
    private CtlCommand ctl;

    @Override
    public void run() {
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(ctl.client().get("/threaddump", Map.of()));
        } else {
            ctl.out().println(ctl.client().text("/threaddump"));
        }
    }
}
