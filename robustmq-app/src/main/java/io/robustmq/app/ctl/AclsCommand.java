/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl acls}. Confined to the main thread. */
@Command(
        name = "acls",
        description = "Rules about who may do what; one that denies wins.",
        mixinStandardHelpOptions = true,
        subcommands = AclsCommand.Add.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class AclsCommand extends CommandGroup {
    private static final String PATH = "/acls";

    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose rules (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists rules by name.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, PATH, AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("NAME", "EFFECT", "WHO", "ACTION", "RESOURCE", "MATCH", "FILTER", "QOS", "RETAIN");
        for (JsonNode rule : page.path("acls")) {
            String value = rule.path("value").asString("");
            table.row(
                    rule.path("name").asString("-"),
                    rule.path("effect").asString("-"),
                    rule.path("who").asString("-") + (value.isEmpty() ? "" : " " + value),
                    rule.path("action").asString("-"),
                    rule.path("resource").asString("-"),
                    rule.path("match").asString("-"),
                    rule.path("filter").asString("-"),
                    Texts.joined(rule.path("qos"), ""),
                    rule.path("retain").isNull() ? "any" : rule.path("retain").asBoolean() ? "yes" : "no");
        }
        table.print(ctl.out());
    }

    @Command(name = "delete", description = "Deletes a rule.", mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete(PATH + "/" + AdminClient.encode(name), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted rule " + name + ".");
        }
    }

    @Command(
            name = "test",
            description = "Tells whether somebody may do something, and which rule says so; exit code 1 when not.",
            mixinStandardHelpOptions = true)
    int test(
            @Parameters(paramLabel = "ACTION", description = "publish, subscribe, ...") String action,
            @Parameters(paramLabel = "SUBJECT", description = "topic or filter, in either spelling") String subject,
            @Option(names = "--user", description = "who logs in (default: nobody)") @Nullable String user,
            @Option(names = "--client", description = "its client id") @Nullable String client,
            @Option(names = "--address", description = "where it comes from (default 127.0.0.1)") @Nullable
                    String address,
            @Option(names = "--resource", description = "subject, group, cluster, transactional-id (default subject)")
                    @Nullable
                    String resource,
            @Option(names = "--qos", paramLabel = "0|1|2", description = "quality of service (default 0)") @Nullable
                    Integer qos,
            @Option(names = "--retain", description = "a retained publish") boolean retain) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("user", user);
        body.put("client", client);
        body.put("address", address);
        body.put("action", action);
        body.put("resource", resource);
        body.put("subject", subject);
        body.put("qos", qos);
        body.put("retain", retain);
        JsonNode answer = ctl.client().post(PATH + "/test", AdminClient.query("tenant", tenant), body);
        boolean allowed = answer.path("allowed").asBoolean(false);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
        } else {
            ctl.out()
                    .println((allowed ? "allowed: " : "denied: ")
                            + answer.path("why").asString(""));
        }
        return allowed ? 0 : ExitCode.REFUSED;
    }

    @Command(name = "import", description = "Adds the rules of Mosquitto's ACL file.", mixinStandardHelpOptions = true)
    void importFile(
            @Parameters(paramLabel = "FILE") String file,
            @Option(
                            names = "--prefix",
                            defaultValue = "mosquitto",
                            description =
                                    "of the rules' names, before the number of their line (default ${DEFAULT-VALUE})")
                    String prefix) {
        new Import(ctl).send(MosquittoFiles.acls(Import.lines(file), prefix), PATH, tenant, "rules");
    }

    /** Whom a rule is about. */
    static final class Whom {
        @Option(names = "--user", description = "a user")
        private @Nullable String user;

        @Option(names = "--client", description = "a client id")
        private @Nullable String client;

        @Option(names = "--address", paramLabel = "ADDRESS|CIDR", description = "an address or a network")
        private @Nullable String address;

        @Option(names = "--anonymous", description = "clients without a user name")
        private boolean anonymous;

        @Option(names = "--all", description = "everybody")
        private boolean all;

        private String who() {
            return user != null
                    ? "user"
                    : client != null ? "client-id" : address != null ? "address" : anonymous ? "anonymous" : "all";
        }

        private String value() {
            String value = user != null ? user : client != null ? client : address;
            return value == null ? "" : value;
        }
    }

    /** {@code ctl acls add}. Confined to the main thread. */
    @Command(name = "add", description = "Adds a rule for the whole cluster.", mixinStandardHelpOptions = true)
    static final class Add implements Runnable {
        @ParentCommand
        private AclsCommand acls;

        @Parameters(paramLabel = "NAME")
        private String name;

        @Parameters(paramLabel = "allow|deny")
        private String effect;

        @Parameters(
                paramLabel = "ACTION",
                description = "publish, subscribe, all, create, delete, alter, describe, cluster-action,"
                        + " describe-configs, alter-configs, idempotent-write")
        private String action;

        @Parameters(
                paramLabel = "FILTER",
                description = "subjects with wildcards of either spelling and %%c, %%u; or the name of something else")
        private String filter;

        @ArgGroup(multiplicity = "1")
        private Whom whom;

        @Option(names = "--resource", description = "subject, group, cluster, transactional-id (default subject)")
        private @Nullable String resource;

        @Option(names = "--match", description = "filter, literal, prefix (default filter)")
        private @Nullable String match;

        @Option(names = "--qos", paramLabel = "0|1|2", split = ",", description = "only these qualities of service")
        private @Nullable List<Integer> qos;

        @Option(names = "--retain", paramLabel = "true|false", description = "only publishes that are (not) retained")
        private @Nullable Boolean retain;

        @Override
        public void run() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("name", name);
            body.put("effect", effect);
            body.put("who", whom.who());
            body.put("value", whom.value());
            body.put("action", action);
            body.put("resource", resource);
            body.put("match", match);
            body.put("filter", filter);
            body.put("qos", qos);
            body.put("retain", retain);
            JsonNode added = acls.ctl.client().post(PATH, AdminClient.query("tenant", acls.tenant), body);
            if (acls.ctl.format() == CtlCommand.Format.json) {
                acls.ctl.printJson(added);
            } else {
                acls.ctl.out().println("Added rule " + name + ".");
            }
        }
    }
}
