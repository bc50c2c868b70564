/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app;

import io.robustmq.app.version.Version;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** What {@code --help} and {@code --version} of the jar say; the node itself is configured by keys. Stateless. */
@Command(
        name = "robustmq",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Runs a RobustMQ node, or one of its tools.",
        synopsisHeading = "",
        customSynopsis = {
            "Usage: java @config/jvm.options -jar robustmq.jar [--KEY=VALUE...]    runs a node",
            "       java -jar robustmq.jar ctl [--help]                            administers a cluster",
            "       java -jar robustmq.jar bench [--help]                          measures a broker"
        },
        footer = {
            "%nKeys are those of the configuration, for example:",
            "  --robustmq.roles=meta,broker         what the node does",
            "  --robustmq.node-id=1                 its number in the cluster",
            "  --robustmq.data-dir=data             where it keeps its files",
            "  --robustmq.bind-address=127.0.0.1    where its listeners are bound",
            "  --robustmq.mqtt.tcp.port=1883        the port of a protocol and transport",
            "  --server.port=58080                  the port of the admin API",
            "  --spring.config.additional-location=config/standalone.yaml    a file with keys"
        })
final class ServerCommand implements Callable<Integer> {
    private ServerCommand() {}

    static CommandLine commandLine() {
        return new CommandLine(new ServerCommand()).setUsageHelpWidth(120);
    }

    @Override
    public Integer call() {
        return 0;
    }
}
