/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What every listing takes. Confined to the main thread. */
final class Paging {
    private static final Integer ROWS_A_REQUEST = 1000;

    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    @Option(
            names = "--filter",
            paramLabel = "TEXT",
            description = "only what it fits: a part of the name, unless the listing says otherwise")
    private @Nullable String filter;

    @Option(
            names = "--after",
            paramLabel = "NAME",
            description = "only what is behind it, as a listing before has said")
    private @Nullable String after;

    @Option(names = "--limit", paramLabel = "N", description = "at most so many, 1 to 10000 (default: 100)")
    private @Nullable Integer limit;

    @Option(names = "--all", description = "everything, however much it is")
    private boolean all;

    /** A page, or all of them as one; says on the side when there are more. */
    JsonNode get(CtlCommand ctl, String path, Map<String, String> query) {
        if (all && limit != null) {
            throw new ParameterException(spec.commandLine(), "--all or --limit, not both");
        }
        AdminClient client = ctl.client();
        Map<String, String> asked = new LinkedHashMap<>(query);
        asked.putAll(AdminClient.query("filter", filter, "after", after, "limit", all ? ROWS_A_REQUEST : limit));
        JsonNode page = client.get(path, asked);
        String next = next(page);
        if (!all) {
            tell(ctl, page);
            return page;
        }
        ObjectNode whole = (ObjectNode) page;
        while (!next.isEmpty()) {
            asked.put("after", next);
            JsonNode more = client.get(path, asked);
            String following = next(more);
            if (following.equals(next)) {
                throw new CtlException(ExitCode.REFUSED, "the listing does not end: it is at " + next + " again");
            }
            next = following;
            append(whole, more);
        }
        whole.putNull("next");
        missing(ctl, whole);
        return whole;
    }

    /** Says so when there are more, and which nodes have not answered. */
    private static void tell(CtlCommand ctl, JsonNode page) {
        String next = next(page);
        if (!next.isEmpty()) {
            ctl.err().println("There are more: --after '" + next + "', or --all");
        }
        missing(ctl, page);
    }

    /** Says which nodes have not answered. */
    static void missing(CtlCommand ctl, JsonNode page) {
        for (JsonNode each : page.path("incomplete")) {
            ctl.err()
                    .println("Without node " + each.path("node").asString("") + ": "
                            + each.path("reason").asString(""));
        }
    }

    private static String next(JsonNode page) {
        return page.path("next").asString("");
    }

    /** A page has one list, of its rows. */
    private static void append(ObjectNode whole, JsonNode more) {
        more.propertyStream().forEach(field -> {
            if (field.getValue() instanceof ArrayNode rows && whole.get(field.getKey()) instanceof ArrayNode before) {
                before.addAll(rows);
            }
        });
    }
}
