/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl blacklist}. Confined to the main thread. */
@Command(
        name = "blacklist",
        description = "Users, client ids and addresses that stay outside.",
        mixinStandardHelpOptions = true,
        subcommands = {BlacklistCommand.Add.class, BlacklistCommand.Delete.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class BlacklistCommand extends CommandGroup {
    private static final String PATH = "/blacklist";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose list (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists who stays outside.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("WHO", "VALUE", "UNTIL", "REASON");
        for (JsonNode ban : page.path("blacklist")) {
            table.row(
                    ban.path("who").asString("-"),
                    ban.path("value").asString("-"),
                    ban.path("until").isNull() ? "-" : ban.path("until").asString("-"),
                    ban.path("reason").asString(""));
        }
        table.print(ctl.out());
    }

    /** Who it is. */
    static final class Whom {
        @Option(names = "--user", description = "a user")
        private @Nullable String user;

        @Option(names = "--client", description = "a client id")
        private @Nullable String client;

        @Option(names = "--address", paramLabel = "ADDRESS|CIDR", description = "an address or a network")
        private @Nullable String address;

        private String who() {
            return user != null ? "user" : client != null ? "client-id" : "address";
        }

        private String value() {
            String value = user != null ? user : client != null ? client : address;
            return value == null ? "" : value;
        }
    }

    /** {@code ctl blacklist add}. Confined to the main thread. */
    @Command(
            name = "add",
            description = "Keeps somebody outside; connections are closed.",
            mixinStandardHelpOptions = true)
    static final class Add implements Runnable {
        @ParentCommand
        private BlacklistCommand list;

        @ArgGroup(multiplicity = "1")
        private Whom whom;

        @Option(names = "--for", paramLabel = "DURATION", description = "how long, like 30m or 2d (default: for ever)")
        private @Nullable String duration;

        @Option(names = "--reason", description = "for other administrators")
        private @Nullable String reason;

        @Override
        public void run() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("who", whom.who());
            body.put("value", whom.value());
            body.put("for", duration);
            body.put("reason", reason);
            JsonNode added = list.ctl.client().post(PATH, AdminClient.query("tenant", list.tenant), body);
            if (list.ctl.format() == CtlCommand.Format.json) {
                list.ctl.printJson(added);
            } else {
                list.ctl.out().println("Banned " + whom.who() + " " + whom.value() + ".");
            }
        }
    }

    /** {@code ctl blacklist delete}. Confined to the main thread. */
    @Command(name = "delete", description = "Lets somebody in again.", mixinStandardHelpOptions = true)
    static final class Delete implements Runnable {
        @ParentCommand
        private BlacklistCommand list;

        @ArgGroup(multiplicity = "1")
        private Whom whom;

        @Override
        public void run() {
            list.ctl
                    .client()
                    .delete(PATH, AdminClient.query("who", whom.who(), "value", whom.value(), "tenant", list.tenant));
            if (list.ctl.format() == CtlCommand.Format.json) {
                list.ctl.printJson(Map.of("deleted", whom.value()));
            } else {
                list.ctl.out().println("Pardoned " + whom.who() + " " + whom.value() + ".");
            }
        }
    }
}
