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

/** {@code ctl retained}. Confined to the main thread. */
@Command(name = "retained", description = "Retained messages.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class RetainedCommand extends CommandGroup {
    private static final String PATH = "/retained";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose (default: the default tenant)")
    private @Nullable String tenant;

    @Command(
            name = "list",
            description = "Lists retained messages by subject; --filter is one of MQTT, sensors/+/temp.",
            mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("SUBJECT", "QOS", "BYTES", "PUBLISHED", "EXPIRES");
        for (JsonNode message : page.path("retained")) {
            table.row(
                    message.path("subject").asString(""),
                    message.path("qos").asString(""),
                    message.path("bytes").asString(""),
                    message.path("published").asString(""),
                    message.path("expires").asString("never"));
        }
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows the message under a subject.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "SUBJECT") String subject) {
        JsonNode message = ctl.client().get(PATH, AdminClient.query("subject", subject, "tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(message);
            return;
        }
        Table fields = new Table("SUBJECT", message.path("subject").asString(""));
        fields.row("qos", message.path("qos").asString(""));
        fields.row("protocol", message.path("protocol").asString(""));
        fields.row("published", message.path("published").asString(""));
        fields.row("expires", message.path("expires").asString("never"));
        fields.row("bytes", message.path("bytes").asString(""));
        fields.row(
                message.has("payloadEncoding") ? "payload (base64)" : "payload",
                message.path("payload").asString(""));
        fields.print(ctl.out());
    }

    @Command(
            name = "delete",
            description = "Forgets the message under a subject; who is subscribed is not told.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "SUBJECT") String subject) {
        ctl.client().delete(PATH, AdminClient.query("subject", subject, "tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", subject));
        } else {
            ctl.out().println("Deleted the retained message under " + subject + ".");
        }
    }
}
