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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl delayed}. Confined to the main thread. */
@Command(name = "delayed", description = "Messages that wait for their time.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class DelayedCommand extends CommandGroup {
    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose messages (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists messages by due time.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--client", description = "only those of a client id") @Nullable String client,
            @Mixin Paging paging) {
        JsonNode page = paging.get(ctl, "/delayed", AdminClient.query("tenant", tenant, "client", client));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("ID", "DUE", "SUBJECT", "CLIENT", "QOS", "RETAIN", "BYTES");
        for (JsonNode delayed : page.path("delayed")) {
            table.row(
                    Texts.field(delayed, "id"),
                    Texts.field(delayed, "due"),
                    Texts.field(delayed, "subject"),
                    Texts.field(delayed, "client"),
                    Texts.field(delayed, "qos"),
                    Texts.field(delayed, "retain"),
                    Texts.field(delayed, "payloadBytes"));
        }
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows a message with its payload.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "ID", description = "as the list shows it") String id) {
        JsonNode delayed = ctl.client().get(path(id), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(delayed);
            return;
        }
        Table fields = new Table("ID", Texts.field(delayed, "id"));
        for (String field : new String[] {
            "protocol", "subject", "client", "user", "qos", "retain", "accepted", "due", "expires", "payload"
        }) {
            fields.row(field, Texts.field(delayed, field));
        }
        fields.print(ctl.out());
    }

    @Command(
            name = "cancel",
            description = "Forgets a message that is not yet on its way.",
            mixinStandardHelpOptions = true)
    void cancel(@Parameters(paramLabel = "ID", description = "as the list shows it") String id) {
        ctl.client().delete(path(id), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("cancelled", id));
        } else {
            ctl.out().println("Cancelled delayed message " + id + ".");
        }
    }

    private static String path(String id) {
        return "/delayed/" + AdminClient.encode(id);
    }
}
