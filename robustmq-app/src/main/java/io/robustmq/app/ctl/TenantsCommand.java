/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code ctl tenants}. Confined to the main thread. */
@Command(
        name = "tenants",
        description = "Name spaces that see nothing of each other; 'default' always exists.",
        mixinStandardHelpOptions = true)
final class TenantsCommand extends CommandGroup {
    private static final String PATH = "/tenants";

    @Command(name = "list", description = "Lists tenants.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME");
        for (JsonNode tenant : page.path("tenants")) {
            table.row(Texts.field(tenant, "name"));
        }
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows what a tenant has.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "TENANT") String name) {
        JsonNode tenant = ctl.client().get(path(name), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(tenant);
            return;
        }
        Table table = new Table("NAME", "USERS", "TOPICS", "SESSIONS", "CONNECTIONS");
        table.row(
                Texts.field(tenant, "name"),
                Texts.field(tenant, "users"),
                Texts.field(tenant, "topics"),
                Texts.field(tenant, "sessions"),
                Texts.field(tenant, "connections"));
        table.print(ctl.out());
    }

    @Command(name = "add", description = "Adds a tenant; its users say TENANT:USER.", mixinStandardHelpOptions = true)
    void add(@Parameters(paramLabel = "TENANT") String name) {
        JsonNode added = ctl.client().post(PATH, Map.of(), Map.of("name", name));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(added);
        } else {
            ctl.out().println("Added tenant " + name + ". Its users say " + name + ":USER.");
        }
    }

    @Command(
            name = "delete",
            description = "Deletes a tenant in which nothing is left.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "TENANT") String name) {
        ctl.client().delete(path(name), Map.of());
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted tenant " + name + ".");
        }
    }

    private static String path(String name) {
        return PATH + "/" + AdminClient.encode(name);
    }
}
