/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ctl shards}. Confined to the main thread. */
@Command(
        name = "shards",
        description = "The shards of topics: where they lie and what they hold.",
        mixinStandardHelpOptions = true)
final class ShardsCommand extends CommandGroup {
    @Command(
            name = "list",
            description = "Lists shards, those of internal topics too.",
            mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--tenant", description = "whose shards (default: the default tenant)") @Nullable
                    String tenant,
            @Option(names = "--topic", paramLabel = "NAME", description = "only those of a topic") @Nullable
                    String topic,
            @Option(
                            names = "--node",
                            paramLabel = "ID",
                            description = "all shards as a node sees them (default: each as its owner does)")
                    @Nullable
                    Integer node,
            @Mixin Paging paging) {
        JsonNode page = paging.get(ctl, "/shards", AdminClient.query("tenant", tenant, "topic", topic, "node", node));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table(
                "SHARD",
                "ENGINE",
                "VOLATILE",
                "DISK",
                "DISK-STATE",
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
                    shard.path("diskState").asString(""),
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

    @Command(
            name = "scrub",
            description =
                    "Reads all sealed segments of the node's disks now, to find what is damaged; at the scrub's rate.",
            mixinStandardHelpOptions = true)
    void scrub(
            @Option(names = "--status", description = "begin nothing; say how far it is and what it has found")
                    boolean status) {
        JsonNode page = status
                ? ctl.client().get("/shards/scrub", Map.of())
                : ctl.client().post("/shards/scrub", Map.of(), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
        } else if (status) {
            printScrub(page);
        } else {
            for (JsonNode disk : page.path("disks")) {
                boolean begun = disk.path("begun").asBoolean(false);
                String said = begun ? "a round begins" : disk.path("reason").asString("");
                ctl.out().println(disk.path("disk").asString("") + ": " + said);
            }
        }
    }

    private void printScrub(JsonNode page) {
        Table table = new Table("DISK", "RUNNING", "SHARDS-LEFT", "BYTES", "ROUNDS", "LAST-ROUND", "DAMAGED");
        for (JsonNode disk : page.path("disks")) {
            table.row(
                    disk.path("disk").asString(""),
                    disk.path("running").asBoolean(false) ? "yes" : "no",
                    disk.path("shardsLeft").asString(""),
                    disk.path("bytes").asString(""),
                    disk.path("rounds").asString(""),
                    disk.path("lastRound").asString(""),
                    String.valueOf(disk.path("damaged").size()));
        }
        table.print(ctl.out());
        for (JsonNode disk : page.path("disks")) {
            for (JsonNode range : disk.path("damaged")) {
                ctl.out()
                        .println("damaged: shard " + range.path("shard").asString("") + ", "
                                + range.path("file").asString("") + ", offsets ["
                                + range.path("fromOffset").asString("") + ", "
                                + range.path("toOffset").asString("") + "): "
                                + range.path("reason").asString(""));
            }
        }
    }
}
