/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Processes that compact a durable shard under appends are killed; the keys' last values are those that were acknowledged. */
class CompactionKillTest {
    private static final int ROUNDS = Integer.getInteger("compaction.kills", 3);
    private static final int LINES_MIN = 1000;

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"rocksdb", "file"})
    void aShardThatIsCompactedSurvivesKills(String engine) throws IOException, InterruptedException {
        TreeMap<Long, CompactionProcess.Line> told = new TreeMap<>();
        for (int round = 1; round <= ROUNDS; round++) {
            liveAndDie(engine, round, told);
        }
        try (CompactionProcess last = new CompactionProcess(engine, directory, ROUNDS + 1)) {
            long next = told.lastKey() + 1;
            last.read(next).forEach(line -> told.put(line.offset(), line));
            List<CompactionProcess.Line> found = last.read(0);
            for (CompactionProcess.Line line : found) {
                assertThat(line).isEqualTo(told.get(line.offset()));
            }
            assertThat(fold(found)).isEqualTo(fold(new ArrayList<>(told.values())));
            assertThat(last.compacted().firstDirty()).as("it was compacted").isGreaterThan(LINES_MIN);
            assertThat(found.size()).isLessThan(told.size() / 2);
        }
    }

    private static Map<String, String> fold(List<CompactionProcess.Line> lines) {
        Map<String, String> folded = new HashMap<>();
        for (CompactionProcess.Line line : lines) {
            if (line.value() == null) {
                folded.remove(line.key());
            } else {
                folded.put(line.key(), line.value());
            }
        }
        return folded;
    }

    /** One process, from its start to its death in full flow. */
    private void liveAndDie(String engine, int round, TreeMap<Long, CompactionProcess.Line> told)
            throws IOException, InterruptedException {
        long from = told.isEmpty() ? 0 : told.lastKey() + 1;
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CompactionProcess.class.getName(),
                        engine,
                        directory.toString(),
                        Integer.toString(round),
                        Long.toString(from))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int lines = 0;
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String text = output.readLine(); text != null; text = output.readLine()) {
                CompactionProcess.Line line = CompactionProcess.Line.parse(text);
                if (line != null) {
                    told.put(line.offset(), line);
                    if (++lines == LINES_MIN + 137 * round) {
                        // Not by the process itself, which would close what it has told and we have not read.
                        process.toHandle().destroyForcibly();
                    }
                }
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(lines).as("it lived until it was killed").isGreaterThanOrEqualTo(LINES_MIN);
    }
}
