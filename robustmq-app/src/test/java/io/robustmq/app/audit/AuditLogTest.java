/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.audit.AuditLog.Action;
import io.robustmq.kernel.system.SystemClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
    private static final long FILE_BYTES = 2_000;

    @TempDir
    Path directory;

    private AuditLog open() {
        return new AuditLog(directory, 7, SystemClock.INSTANCE, FILE_BYTES);
    }

    private static Action action(String path) {
        return new Action("ada", "password", "192.0.2.1", "POST", path, null, Map.of(), 201);
    }

    private static List<String> paths(List<AuditRecord> records) {
        return records.stream().map(AuditRecord::path).toList();
    }

    @Test
    void theLastRecordsAreReadOldestFirstAlsoAfterARestart() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 5; i++) {
                log.append(action("/" + i));
            }
        }
        Files.writeString(directory.resolve(AuditLog.FILE), "{\"id\":9,\"ti", StandardOpenOption.APPEND);
        try (AuditLog log = open()) {
            assertThat(paths(log.tail(2, 0, each -> true))).containsExactly("/3", "/4");
            long third = log.tail(3, 0, each -> true).get(0).id();
            assertThat(paths(log.tail(10, third, each -> true))).containsExactly("/3", "/4");
            assertThat(paths(log.tail(10, 0, each -> each.path().equals("/1")))).containsExactly("/1");
        }
        assertThat(Files.getPosixFilePermissions(directory.resolve(AuditLog.FILE)))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void fullFilesArePutAwayAndTheOldestGoes() throws IOException {
        try (AuditLog log = open()) {
            for (int i = 0; i < 200; i++) {
                log.append(action("/" + i));
            }
            List<String> kept = paths(log.tail(1_000, 0, each -> true));
            assertThat(kept).hasSizeBetween(50, 150).endsWith("/198", "/199");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(AuditLog.FILES_MAX);
            for (Path file : found) {
                assertThat(Files.size(file)).isLessThanOrEqualTo(FILE_BYTES);
            }
        }
    }

    @Test
    void onlyFieldsThatHoldNoSecretAreRecorded() {
        String body =
                "{\"name\":\"a\",\"password\":\"p\",\"secret\":{\"name\":\"x\"},\"config\":{\"retention.ms\":\"5\"},"
                        + "\"bindings\":[\"a.>\"],\"value\":\"payload\",\"description\":\"" + "d".repeat(300) + "\"}";
        Map<String, Object> fields = BodyFields.of(body.getBytes(StandardCharsets.UTF_8));
        assertThat(fields)
                .containsEntry("name", "a")
                .containsEntry("password", BodyFields.HIDDEN)
                .containsEntry("secret", BodyFields.HIDDEN)
                .containsEntry("value", BodyFields.HIDDEN)
                .containsEntry("config", Map.of("retention.ms", "5"))
                .containsEntry("bindings", List.of("a.>"))
                .containsEntry("description", "d".repeat(BodyFields.TEXT_MAX) + "...");
        assertThat(BodyFields.of("no json".getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(BodyFields.of("[1]".getBytes(StandardCharsets.UTF_8))).isEmpty();
    }
}
