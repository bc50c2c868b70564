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

/** {@code ctl quotas}. Confined to the main thread. */
@Command(
        name = "quotas",
        description = "What a tenant, its users and its clients may use of each node.",
        mixinStandardHelpOptions = true,
        subcommands = {QuotasCommand.Set.class, QuotasCommand.Delete.class})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class QuotasCommand extends CommandGroup {
    private static final String PATH = "/quotas";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose quotas (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists limits, and what is used.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table(
                "WHO", "NAME", "CONNECTIONS", "CONNECTIONS/S", "SESSIONS", "TOPICS", "MESSAGES/S", "BYTES/S", "OUT/S");
        for (JsonNode quota : page.path("quotas")) {
            table.row(
                    Texts.field(quota, "who"),
                    quota.path("name").asString("").isEmpty() ? "-" : Texts.field(quota, "name"),
                    Texts.field(quota, "connections"),
                    Texts.field(quota, "connectionsPerSecond"),
                    Texts.field(quota, "sessions"),
                    Texts.field(quota, "topics"),
                    Texts.field(quota, "messagesPerSecond"),
                    Texts.field(quota, "bytesPerSecond"),
                    Texts.field(quota, "bytesOutPerSecond"));
        }
        table.print(ctl.out());
        JsonNode use = page.path("use");
        ctl.out()
                .println("On this node: " + Texts.field(use, "connections") + " connections, "
                        + Texts.field(use, "refused") + " refused, paused " + Texts.field(use, "paused") + " times.");
    }

    /** Whose it is; nobody in particular is the tenant as a whole. */
    static final class Whom {
        @Option(names = "--user", description = "a user")
        private @Nullable String user;

        @Option(names = "--each-user", description = "each user that has no quota of its own")
        private boolean eachUser;

        @Option(names = "--client", description = "a client id")
        private @Nullable String client;

        @Option(names = "--each-client", description = "each client id that has no quota of its own")
        private boolean eachClient;

        private static String who(@Nullable Whom whom) {
            if (whom == null) {
                return "tenant";
            }
            if (whom.eachUser) {
                return "each-user";
            }
            if (whom.eachClient) {
                return "each-client";
            }
            return whom.user != null ? "user" : "client";
        }

        private static @Nullable String name(@Nullable Whom whom) {
            return whom == null ? null : whom.user != null ? whom.user : whom.client;
        }

        private static String said(@Nullable Whom whom) {
            String name = name(whom);
            return who(whom) + (name == null ? "" : " " + name);
        }
    }

    /** {@code ctl quotas set}. Confined to the main thread. */
    @Command(
            name = "set",
            description = "Sets the limits of a tenant, a user or a client; what is left out is not limited.",
            mixinStandardHelpOptions = true)
    static final class Set implements Runnable {
        @ParentCommand
        private QuotasCommand quotas;

        @ArgGroup(multiplicity = "0..1")
        private @Nullable Whom whom;

        @Option(names = "--connections", paramLabel = "N", description = "at the same time")
        private @Nullable Long connections;

        @Option(names = "--connections-per-second", paramLabel = "N", description = "let in")
        private @Nullable Long connectionsPerSecond;

        @Option(names = "--sessions", paramLabel = "N", description = "of MQTT; of a tenant only")
        private @Nullable Long sessions;

        @Option(names = "--topics", paramLabel = "N", description = "created by somebody; of a tenant only")
        private @Nullable Long topics;

        @Option(names = "--messages-per-second", paramLabel = "N", description = "published")
        private @Nullable Long messagesPerSecond;

        @Option(names = "--bytes-per-second", paramLabel = "N", description = "published")
        private @Nullable Long bytesPerSecond;

        @Option(names = "--bytes-out-per-second", paramLabel = "N", description = "fetched by Kafka's consumers")
        private @Nullable Long bytesOutPerSecond;

        @Override
        public void run() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("who", Whom.who(whom));
            put(body, "name", Whom.name(whom));
            put(body, "connections", connections);
            put(body, "connectionsPerSecond", connectionsPerSecond);
            put(body, "sessions", sessions);
            put(body, "topics", topics);
            put(body, "messagesPerSecond", messagesPerSecond);
            put(body, "bytesPerSecond", bytesPerSecond);
            put(body, "bytesOutPerSecond", bytesOutPerSecond);
            JsonNode set = quotas.ctl.client().post(PATH, AdminClient.query("tenant", quotas.tenant), body);
            if (quotas.ctl.format() == CtlCommand.Format.json) {
                quotas.ctl.printJson(set);
            } else {
                quotas.ctl.out().println("Set the quota of " + Whom.said(whom) + ".");
            }
        }

        private static void put(Map<String, Object> body, String field, @Nullable Object value) {
            if (value != null) {
                body.put(field, value);
            }
        }
    }

    /** {@code ctl quotas delete}. Confined to the main thread. */
    @Command(name = "delete", description = "Lifts the limits of somebody.", mixinStandardHelpOptions = true)
    static final class Delete implements Runnable {
        @ParentCommand
        private QuotasCommand quotas;

        @ArgGroup(multiplicity = "0..1")
        private @Nullable Whom whom;

        @Override
        public void run() {
            quotas.ctl
                    .client()
                    .delete(
                            PATH,
                            AdminClient.query("who", Whom.who(whom), "name", Whom.name(whom), "tenant", quotas.tenant));
            if (quotas.ctl.format() == CtlCommand.Format.json) {
                quotas.ctl.printJson(Map.of("deleted", Whom.said(whom)));
            } else {
                quotas.ctl.out().println("Lifted the quota of " + Whom.said(whom) + ".");
            }
        }
    }
}
