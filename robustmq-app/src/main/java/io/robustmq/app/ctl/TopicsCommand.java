/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.JsonNode;

/** {@code ctl topics}. Confined to the main thread. */
@Command(
        name = "topics",
        description = "Topics and their records.",
        mixinStandardHelpOptions = true,
        subcommands = TopicReadCommand.class)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class TopicsCommand extends CommandGroup {
    @Option(names = "--tenant", scope = ScopeType.INHERIT, description = "whose topics (default: the default tenant)")
    private @Nullable String tenant;

    CtlCommand ctl() {
        return ctl;
    }

    @Nullable
    String tenant() {
        return tenant;
    }

    @Command(name = "list", description = "Lists topics by name.", mixinStandardHelpOptions = true)
    void list(
            @Option(names = "--internal", description = "also those that the broker keeps for itself") boolean internal,
            @Mixin Paging paging) {
        JsonNode page =
                paging.get(ctl, "/topics", AdminClient.query("tenant", tenant, "internal", internal ? "true" : null));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(page);
            return;
        }
        Table table = new Table(
                "NAME", "PARTITIONS", "ENGINE", "DURABILITY", "VOLATILE", "STATE", "RECORDS", "BYTES", "BINDINGS");
        for (JsonNode topic : page.path("topics")) {
            long records = 0;
            long bytes = 0;
            for (JsonNode shard : topic.path("shards")) {
                records += shard.path("highWatermark").asLong(0)
                        - shard.path("startOffset").asLong(0);
                bytes += shard.path("bytes").asLong(0);
            }
            table.row(
                    topic.path("name").asString(""),
                    topic.path("partitions").asString(""),
                    topic.path("engine").asString(""),
                    topic.path("durability").asString(""),
                    topic.path("volatile").asBoolean(false) ? "yes" : "no",
                    state(topic),
                    records,
                    bytes,
                    Texts.joined(topic.path("bindings"), ""));
        }
        table.print(ctl.out());
    }

    @Command(name = "show", description = "Shows a topic and its shards.", mixinStandardHelpOptions = true)
    void show(@Parameters(paramLabel = "NAME") String name) {
        print(ctl.client().get(path(name), AdminClient.query("tenant", tenant)));
    }

    @Command(name = "create", description = "Creates a topic.", mixinStandardHelpOptions = true)
    void create(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--partitions", paramLabel = "N", description = "how many shards") @Nullable
                    Integer partitions,
            @Option(names = "--binding", paramLabel = "FILTER", description = "subjects that it takes; may be repeated")
                    @Nullable
                    List<String> bindings,
            @Option(names = "--engine", description = "where its records live") @Nullable String engine,
            @Option(names = "--config", paramLabel = "KEY=VALUE", description = "a setting; may be repeated") @Nullable
                    Map<String, String> config) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", name);
        put(body, "partitions", partitions);
        put(body, "bindings", bindings);
        put(body, "engine", engine);
        put(body, "config", config);
        print(ctl.client().post("/topics", AdminClient.query("tenant", tenant), body));
    }

    @Command(
            name = "alter",
            description = "Changes a topic's settings, which act at once, or gives it more partitions.",
            mixinStandardHelpOptions = true)
    void alter(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--partitions", paramLabel = "N", description = "how many it has from now on; only more")
                    @Nullable
                    Integer partitions,
            @Option(names = "--config", paramLabel = "KEY=VALUE", description = "a setting; may be repeated") @Nullable
                    Map<String, String> config,
            @Option(names = "--default", paramLabel = "KEY", description = "gets its default back; may be repeated")
                    @Nullable
                    List<String> defaults,
            @Option(names = "--engine", description = "cannot be altered, and says so") @Nullable String engine) {
        Map<String, String> changes = new LinkedHashMap<>();
        if (config != null) {
            changes.putAll(config);
        }
        if (defaults != null) {
            defaults.forEach(setting -> changes.put(setting, null));
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("config", changes);
        put(body, "partitions", partitions);
        put(body, "engine", engine);
        print(ctl.client().patch(path(name), AdminClient.query("tenant", tenant), body));
    }

    @Command(
            name = "delete-records",
            description = "Deletes the oldest records of a partition.",
            mixinStandardHelpOptions = true)
    void deleteRecords(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--partition", paramLabel = "P", required = true, description = "whose records")
                    int partition,
            @Option(
                            names = "--before",
                            paramLabel = "OFFSET",
                            required = true,
                            description = "the first offset that stays; -1 deletes all records")
                    long before) {
        JsonNode answer = ctl.client()
                .post(
                        path(name) + "/delete-records",
                        AdminClient.query("tenant", tenant),
                        Map.of("partition", partition, "before", before));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(answer);
        } else {
            ctl.out()
                    .println("Partition " + partition + " begins at offset "
                            + answer.path("startOffset").asString("") + " now.");
        }
    }

    @Command(name = "delete", description = "Deletes a topic with its records.", mixinStandardHelpOptions = true)
    void delete(@Parameters(paramLabel = "NAME") String name) {
        ctl.client().delete(path(name), AdminClient.query("tenant", tenant));
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(Map.of("deleted", name));
        } else {
            ctl.out().println("Deleted topic " + name + ".");
        }
    }

    @Command(name = "publish", description = "Appends one record to a topic.", mixinStandardHelpOptions = true)
    void publish(
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--subject", description = "under which it is published") @Nullable String subject,
            @Option(names = "--key", description = "of the record; in a topic that binds a wildcard it is the subject")
                    @Nullable
                    String key,
            @Option(names = "--value", description = "of the record, as text") @Nullable String value,
            @Option(names = "--file", description = "holds the value; - is the standard input") @Nullable Path file) {
        if ((value == null) == (file == null)) {
            throw new ParameterException(spec.commandLine(), "give the value with --value or with --file");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        put(body, "subject", subject);
        put(body, "key", key);
        if (file == null) {
            body.put("value", value);
        } else {
            body.put("value", Base64.getEncoder().encodeToString(read(file)));
            body.put("valueEncoding", "base64");
        }
        JsonNode place = ctl.client().post(path(name) + "/records", AdminClient.query("tenant", tenant), body);
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(place);
        } else {
            ctl.out()
                    .println("Appended at offset " + place.path("offset").asString("") + " of partition "
                            + place.path("partition").asString("") + ".");
        }
    }

    private byte[] read(Path file) {
        try {
            return file.toString().equals("-") ? System.in.readAllBytes() : Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "cannot read " + file + ": " + e.getMessage());
        }
    }

    static String path(String topic) {
        return "/topics/" + AdminClient.encode(topic);
    }

    private static void put(Map<String, Object> body, String name, @Nullable Object value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private void print(JsonNode topic) {
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.printJson(topic);
            return;
        }
        Table fields = new Table("TOPIC", topic.path("name").asString(""));
        fields.row("id", topic.path("id").asString(""));
        fields.row("tenant", topic.path("tenant").asString(""));
        fields.row(
                "engine",
                topic.path("engine").asString("") + (topic.path("volatile").asBoolean(false) ? " (volatile)" : ""));
        fields.row("durability", topic.path("durability").asString(""));
        fields.row("bindings", Texts.joined(topic.path("bindings"), ""));
        fields.row("config", Texts.pairs(topic.path("config")));
        fields.row("created", topic.path("created").asString(""));
        fields.print(ctl.out());
        ctl.out().println();
        Table shards = new Table(
                "PARTITION", "OWNER", "EPOCH", "START", "HIGH-WATERMARK", "END", "BYTES", "SEGMENTS", "STATE");
        for (JsonNode shard : topic.path("shards")) {
            shards.row(
                    shard.path("partition").asString(""),
                    shard.path("owner").asString(""),
                    shard.path("epoch").asString(""),
                    shard.path("startOffset").asString(""),
                    shard.path("highWatermark").asString(""),
                    shard.path("endOffset").asString(""),
                    shard.path("bytes").asString(""),
                    shard.path("segments").asString(""),
                    shard.path("state").asString(""));
        }
        shards.print(ctl.out());
        for (JsonNode shard : topic.path("shards")) {
            String problem = shard.path("problem").asString("");
            if (!problem.isEmpty()) {
                ctl.out().println(problem);
            }
        }
    }

    /** Open when every shard is. */
    private static String state(JsonNode topic) {
        for (JsonNode shard : topic.path("shards")) {
            if (!shard.path("state").asString("open").equals("open")) {
                return shard.path("state").asString("");
            }
        }
        return "open";
    }
}
