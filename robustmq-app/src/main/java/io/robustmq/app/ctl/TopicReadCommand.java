/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code ctl topics read}: records as lines of JSON, page by page, with a cursor for each partition once one page was not
 * enough. Confined to the main thread.
 */
@Command(
        name = "read",
        description = "Prints records, one JSON object a line. What is not text is base64 and marked so.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before anything runs
final class TopicReadCommand implements Runnable {
    /** What one request may ask for; the server refuses more. */
    private static final int PAGE_RECORDS = 1_000;

    private static final int DEFAULT_RECORDS = 100;
    private static final long FOLLOW_MILLIS = 500;

    @ParentCommand
    private TopicsCommand topics;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME")
    private String name;

    @Option(
            names = "--from",
            paramLabel = "earliest|latest|OFFSET|TIME",
            defaultValue = "earliest",
            description =
                    "where to begin (default ${DEFAULT-VALUE}); latest are the last N of each partition; TIME is like"
                            + " 2026-01-31T12:00:00Z, or @ and milliseconds")
    private String from;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "stops after so many records (default 100, with --follow never)")
    private @Nullable Long limit;

    @Option(names = "--partition", paramLabel = "P", description = "only those of a partition")
    private @Nullable Integer partition;

    @Option(
            names = "--subject",
            paramLabel = "FILTER",
            description = "only records of matching subjects: sensors/+/temp, sensors.*.temp, # or > for the rest")
    private @Nullable String subject;

    @Option(names = "--follow", description = "goes on with new records until interrupted")
    private boolean follow;

    /** For each partition what {@code from} of its next request is. */
    private String[] cursors = {};

    @Override
    public void run() {
        long left = limit != null ? limit : follow ? Long.MAX_VALUE : DEFAULT_RECORDS;
        boolean latest = from.equals("latest");
        if (left < 1 || latest && !follow && left > PAGE_RECORDS) {
            throw new ParameterException(
                    spec.commandLine(), "--limit is at least 1, and at most " + PAGE_RECORDS + " with --from latest");
        }
        AdminClient client = topics.ctl().client();
        prepareCursors(client, latest);
        int wanted = (int) Math.min(left, latest && limit == null ? DEFAULT_RECORDS : PAGE_RECORDS);
        int printed = page(client, partition, from, wanted);
        left -= printed;
        boolean more = printed == wanted && !latest;
        while (left > 0 && (more || follow)) {
            printed = round(client, left);
            left -= printed;
            more = printed > 0;
            if (!more && follow && !pause()) {
                return;
            }
        }
    }

    private void prepareCursors(AdminClient client, boolean latest) {
        JsonNode topic = client.get(TopicsCommand.path(name), AdminClient.query("tenant", topics.tenant()));
        cursors = new String[Math.max(1, topic.path("partitions").asInt(1))];
        Arrays.fill(cursors, from);
        if (latest) {
            // What arrives between this moment and the first page is in that page or in the next.
            for (JsonNode shard : topic.path("shards")) {
                cursors[shard.path("partition").asInt(0)] =
                        shard.path("highWatermark").asString("0");
            }
        }
    }

    /** One page of each partition, from where it stands. */
    private int round(AdminClient client, long left) {
        int printed = 0;
        for (int i = 0; i < cursors.length && printed < left; i++) {
            if (partition == null || partition == i) {
                printed += page(client, i, cursors[i], (int) Math.min(left - printed, PAGE_RECORDS));
            }
        }
        return printed;
    }

    private int page(AdminClient client, @Nullable Integer ofPartition, String begin, int records) {
        var query = AdminClient.query(
                "tenant",
                topics.tenant(),
                "partition",
                ofPartition,
                "from",
                begin,
                "limit",
                records,
                "subject",
                subject);
        int printed = 0;
        try (AdminClient.Lines lines = client.lines(TopicsCommand.path(name) + "/records", query)) {
            warn(lines.damagedBatches());
            for (String line : (Iterable<String>) lines.stream()::iterator) {
                if (!line.isBlank()) {
                    topics.ctl().out().println(line);
                    remember(JsonMapper.shared().readTree(line));
                    printed++;
                }
            }
        }
        topics.ctl().out().flush();
        return printed;
    }

    private void warn(long damagedBatches) {
        if (damagedBatches > 0) {
            topics.ctl()
                    .err()
                    .println("ctl: passed over " + damagedBatches + " damaged batches; their records are missing here");
        }
    }

    private void remember(JsonNode line) {
        int at = line.path("partition").asInt(0);
        if (at >= cursors.length) {
            int known = cursors.length;
            cursors = Arrays.copyOf(cursors, at + 1);
            Arrays.fill(cursors, known, at + 1, from);
        }
        cursors[at] = Long.toString(line.path("offset").asLong(0) + 1);
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(FOLLOW_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
