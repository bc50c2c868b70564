/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code ctl shards}. Confined to the main thread. */
@Command(
        name = "shards",
        description = "The shards of topics: where they lie and what they hold.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class ShardsCommand implements Runnable {
    @ParentCommand
    private CtlCommand ctl;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing subcommand");
    }

    @Command(
            name = "list",
            description = "Lists shards, those of internal topics too.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--tenant", description = "whose shards (default: the default tenant)") @Nullable
                    String tenant,
            @Option(names = "--topic", paramLabel = "NAME", description = "only those of a topic") @Nullable
                    String topic) {
        JsonNode page = ctl.client().get("/shards", AdminClient.query("tenant", tenant, "topic", topic));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table(
                "SHARD",
                "ENGINE",
                "VOLATILE",
                "DISK",
                "OWNER",
                "EPOCH",
                "START",
                "HIGH-WATERMARK",
                "END",
                "BYTES",
                "SEGMENTS",
                "STATE");
        for (JsonNode shard : page.path("shards")) {
            String problem = shard.path("problem").asString("");
            table.row(
                    shard.path("shard").asString(""),
                    shard.path("engine").asString(""),
                    shard.path("volatile").asBoolean(false) ? "yes" : "no",
                    shard.path("disk").asString(""),
                    shard.path("owner").asString(""),
                    shard.path("epoch").asString(""),
                    shard.path("startOffset").asString(""),
                    shard.path("highWatermark").asString(""),
                    shard.path("endOffset").asString(""),
                    shard.path("bytes").asString(""),
                    shard.path("segments").asString(""),
                    shard.path("state").asString("") + (problem.isEmpty() ? "" : ": " + problem));
        }
        table.print(ctl.out());
    }
}
