/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What every listing takes. Confined to the main thread. */
final class Paging {
    @Option(names = "--filter", paramLabel = "TEXT", description = "only those whose name contains it")
    private @Nullable String filter;

    @Option(names = "--after", paramLabel = "NAME", description = "only those behind it")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many (default: 100)")
    private @Nullable Integer limit;

    /** Those parameters, and what was asked for. */
    Map<String, String> with(Map<String, String> query) {
        Map<String, String> all = new LinkedHashMap<>(query);
        all.putAll(AdminClient.query("filter", filter, "after", after, "limit", limit));
        return all;
    }

    /** Says so when there are more. */
    static void tell(CtlCommand ctl, JsonNode page) {
        String next = page.path("next").asString("");
        if (!next.isEmpty()) {
            ctl.err().println("There are more: --after '" + next + "'");
        }
    }
}
