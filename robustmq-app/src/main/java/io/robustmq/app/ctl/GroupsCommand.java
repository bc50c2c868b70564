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
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl groups}. Confined to the main thread. */
@Command(name = "groups", description = "Groups of consumers and their offsets.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class GroupsCommand extends CommandGroup {
    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose groups (default: the default tenant)")
    private @Nullable String tenant;

    @Command(name = "list", description = "Lists groups by name.", mixinStandardHelpOptions = true)
    void list(@Mixin Paging paging) {
        JsonNode page = paging.get(ctl, "/groups", AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table("GROUP", "TYPE", "STATE");
        for (JsonNode group : page.path("groups")) {
            table.row(Texts.field(group, "group"), Texts.field(group, "type"), Texts.field(group, "state"));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "describe",
            description = "Shows a group's members, its offsets, and how far behind it is.",
            mixinStandardHelpOptions = true)
    void describe(@Parameters(paramLabel = "GROUP") String name) {
        JsonNode group = ctl.client().get(path(name), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(group);
            return;
        }
        Table fields = new Table("GROUP", Texts.field(group, "group"));
        fields.row("type", Texts.field(group, "type"));
        fields.row("state", Texts.field(group, "state"));
        fields.row("assignor", Texts.field(group, "assignor"));
        fields.row("lag", Texts.field(group, "lag"));
        fields.print(ctl.out());
        ctl.out().println();
        Table members = new Table("MEMBER", "INSTANCE", "CLIENT", "HOST", "ASSIGNED");
        for (JsonNode member : group.path("members")) {
            members.row(
                    Texts.field(member, "member"),
                    Texts.field(member, "instance"),
                    Texts.field(member, "client"),
                    Texts.field(member, "host"),
                    Texts.joined(member.path("assigned"), ""));
        }
        members.print(ctl.out());
        ctl.out().println();
        Table positions = new Table("TOPIC", "PARTITION", "COMMITTED", "START", "HIGH-WATERMARK", "LAG", "MEMBER");
        for (JsonNode position : group.path("positions")) {
            positions.row(
                    Texts.field(position, "topic"),
                    Texts.field(position, "partition"),
                    Texts.field(position, "committed"),
                    Texts.field(position, "startOffset"),
                    Texts.field(position, "highWatermark"),
                    Texts.field(position, "lag"),
                    Texts.field(position, "member"));
        }
        positions.print(ctl.out());
    }

    @Command(
            name = "reset",
            description = "Moves the offsets of a group that has no members.",
            mixinStandardHelpOptions = true)
    void reset(
            @Parameters(paramLabel = "GROUP") String name,
            @Option(
                            names = "--to",
                            paramLabel = "PLACE",
                            required = true,
                            description = "earliest, latest, an offset, a time like 2026-01-31T12:00:00Z, or @ and"
                                    + " milliseconds")
                    String to,
            @Option(names = "--topic", description = "only of this topic (default: all that the group has offsets of)")
                    @Nullable
                    String topic,
            @Option(names = "--partition", paramLabel = "P", description = "only this one of the topic") @Nullable
                    Integer partition,
            @Option(names = "--dry-run", description = "only shows what would be") boolean dryRun) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("to", to);
        if (topic != null) {
            body.put("topic", topic);
        }
        if (partition != null) {
            body.put("partition", partition);
        }
        body.put("dryRun", dryRun);
        JsonNode answer = ctl.client().post(path(name) + "/reset", AdminClient.query("tenant", tenant), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
            return;
        }
        Table table = new Table("TOPIC", "PARTITION", "BEFORE", "AFTER");
        for (JsonNode moved : answer.path("offsets")) {
            table.row(
                    Texts.field(moved, "topic"),
                    Texts.field(moved, "partition"),
                    Texts.field(moved, "before"),
                    Texts.field(moved, "after"));
        }
        table.print(ctl.out());
    }

    @Command(
            name = "delete",
            description = "Deletes a group that has no members, with its offsets.",
            mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "GROUP") String name) {
        ctl.client().delete(path(name), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted group " + name + ".");
        }
    }

    private static String path(String group) {
        return "/groups/" + AdminClient.encode(group);
    }
}
