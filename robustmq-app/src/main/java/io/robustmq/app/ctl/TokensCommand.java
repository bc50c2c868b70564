/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl tokens}. Confined to the main thread. */
@Command(
        name = "tokens",
        description = "What programs show to this API instead of a password.",
        mixinStandardHelpOptions = true)
final class TokensCommand extends CommandGroup {
    private static final String PATH = "/tokens";

    @Command(name = "list", description = "Lists tokens by id.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("ID", "ROLE", "DESCRIPTION", "CREATED-BY", "CREATED", "EXPIRES");
        for (JsonNode each : page.path("tokens")) {
            table.row(
                    each.path("id").asString(""),
                    each.path("role").asString(""),
                    each.path("description").asString(""),
                    each.path("createdBy").asString(""),
                    each.path("created").asString(""),
                    each.path("expires").asString("never"));
        }
        table.print(ctl.out());
    }

    @Command(name = "create", description = "Creates a token and prints it, once.", mixinStandardHelpOptions = true)
    void create(
            @Option(names = "--description", required = true, description = "who uses it and what for")
                    String description,
            @Option(
                            names = "--role",
                            paramLabel = "viewer|operator|admin",
                            required = true,
                            description = "what it may do")
                    String role,
            @Option(
                            names = "--expires-in",
                            paramLabel = "DURATION",
                            description = "12h, 90d; left out, it does not expire")
                    @Nullable
                    String expiresIn) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("description", description);
        body.put("role", role);
        if (expiresIn != null) {
            body.put("expiresIn", expiresIn);
        }
        JsonNode created = ctl.client().post(PATH, Map.of(), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(created);
        } else {
            // Alone in its line, so that a script can take it.
            ctl.out().println(created.path("token").asString(""));
        }
    }

    @Command(name = "revoke", description = "Revokes a token.", mixinStandardHelpOptions = true)
    void revoke(@Parameters(paramLabel = "ID") String id) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(id), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("revoked", id));
        } else {
            ctl.out().println("Revoked token " + id + ".");
        }
    }
}
