/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code ctl audit}. Confined to the main thread. */
@Command(name = "audit", description = "What was done through this API of all nodes.", mixinStandardHelpOptions = true)
final class AuditCommand extends CommandGroup {
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    @Command(name = "tail", description = "Prints the last actions, oldest first.", mixinStandardHelpOptions = true)
    void tail(
            @Option(
                            names = "--filter",
                            paramLabel = "TEXT",
                            description = "only those whose account or path contains it")
                    @Nullable
                    String filter,
            @Option(names = "--after", paramLabel = "ID", description = "only those behind it") @Nullable String after,
            @Option(names = "--node", paramLabel = "ID", description = "only those of a node (default: of all)")
                    @Nullable
                    Integer node,
            @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 100)") @Nullable
                    Integer limit,
            @Option(
                            names = {"-f", "--follow"},
                            description = "go on with what is done from now on, until interrupted")
                    boolean follow) {
        String from = after;
        do {
            JsonNode page = ctl.client()
                    .get("/audit", AdminClient.query("filter", filter, "after", from, "limit", limit, "node", node));
            print(page);
            from = page.path("next").asString("");
            Paging.missing(ctl, page);
            if (follow) {
                ctl.out().flush();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } while (follow && !Thread.currentThread().isInterrupted());
    }

    private void print(JsonNode page) {
        for (JsonNode each : page.path("audit")) {
            if (ctl.format() == CtlCommand.Format.json) {
                ctl.out().println(each.toString());
                continue;
            }
            String query = each.path("query").asString("");
            String what = Texts.pairs(each.path("what"));
            ctl.out()
                    .println(String.join(
                                    " ",
                                    each.path("time").asString(""),
                                    "node " + each.path("node").asString(""),
                                    each.path("who").asString(""),
                                    "(" + each.path("way").asString("") + ")",
                                    each.path("from").asString(""),
                                    each.path("method").asString(""),
                                    each.path("path").asString("") + (query.isEmpty() ? "" : "?" + query),
                                    Integer.toString(each.path("status").asInt(0)),
                                    what)
                            .stripTrailing());
        }
    }
}
