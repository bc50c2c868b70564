/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl rewrite}. Confined to the main thread. */
@Command(name = "rewrite", description = "Rules that give MQTT topics other names.", mixinStandardHelpOptions = true)
final class RewriteCommand extends CommandGroup {
    @Command(
            name = "list",
            description = "Lists rules; the last one whose source matches decides.",
            mixinStandardHelpOptions = true)
    void list() {
        JsonNode page = ctl.client().get("/rewrite", Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME", "ACTION", "SOURCE", "REGEX", "DESTINATION");
        for (JsonNode rule : page.path("rules")) {
            table.row(
                    rule.path("name").asString("-"),
                    rule.path("action").asString("-"),
                    rule.path("source").asString("-"),
                    rule.path("regex").asString("-"),
                    rule.path("destination").asString("-"));
        }
        table.print(ctl.out());
    }

    @Command(name = "add", description = "Adds a rule for the whole cluster.", mixinStandardHelpOptions = true)
    void add(
            @Parameters(paramLabel = "NAME") String name,
            @Option(
                            names = "--action",
                            paramLabel = "publish|subscribe|all",
                            description = "what it is applied to (default ${DEFAULT-VALUE})",
                            defaultValue = "all")
                    String action,
            @Option(names = "--source", required = true, description = "filter of the topics it is about")
                    String source,
            @Option(names = "--regex", required = true, description = "finds what the destination takes") String regex,
            @Option(names = "--destination", required = true, description = "with $1, %%c, %%u") String destination) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        body.put("action", action);
        body.put("source", source);
        body.put("regex", regex);
        body.put("destination", destination);
        JsonNode added = ctl.client().post("/rewrite", Map.of(), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(added);
        } else {
            ctl.out().println("Added rule " + name + ".");
        }
    }

    @Command(name = "delete", description = "Deletes a rule.", mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete("/rewrite/" + AdminClient.encode(name), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted rule " + name + ".");
        }
    }
}
