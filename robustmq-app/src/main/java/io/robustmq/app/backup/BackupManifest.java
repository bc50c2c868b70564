/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What lies beside the copies and is written last: a backup without it is not whole. Immutable.
 *
 * @param format of this description; another one is refused
 * @param version of the program that made it
 * @param takenAt ISO 8601, the moment that the copy is of
 * @param frozenMillis how long the node stood; 0 for one that was stopped
 * @param directories the copies
 */
public record BackupManifest(
        int format, String version, String takenAt, long frozenMillis, List<Directory> directories) {
    static final int FORMAT = 1;
    static final String FILE = "backup.json";

    /**
     * One copy.
     *
     * @param path where it was
     * @param folder its name in the backup
     * @param crc32c of each file, by its name below the folder
     */
    public record Directory(String path, String folder, Map<String, Long> crc32c) {}

    void write(Path backup) throws IOException {
        Files.writeString(
                backup.resolve(FILE),
                JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(this));
    }

    static BackupManifest read(Path backup) {
        try {
            BackupManifest manifest =
                    JsonMapper.shared().readValue(Files.readString(backup.resolve(FILE)), BackupManifest.class);
            if (manifest.format != FORMAT) {
                throw new BackupException(backup + " has the format " + manifest.format + " and this build reads "
                        + FORMAT + ": use the release " + manifest.version);
            }
            return manifest;
        } catch (IOException e) {
            throw new BackupException(backup + " is no backup, or one that was not finished: it has no " + FILE);
        } catch (JacksonException e) {
            throw new BackupException(backup.resolve(FILE) + " is damaged: " + e.getOriginalMessage());
        }
    }
}
