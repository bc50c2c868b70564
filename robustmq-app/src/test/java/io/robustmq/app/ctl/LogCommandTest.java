/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.system.SystemDisk;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the command says and answers; what the tools find is proved beside the engine. */
class LogCommandTest {
    @TempDir
    private Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine ctl = CtlCommand.commandLine();
        ctl.setOut(new PrintWriter(out, true));
        ctl.setErr(new PrintWriter(err, true));
        return ctl.execute(arguments);
    }

    private Path format(int version) throws IOException {
        Path disk = Files.createDirectories(data.resolve("broker/file"));
        String text = "{\"version\": " + version
                + ", \"storeId\": \"0a1b2c3d-0000-4000-8000-000000000001\", \"walFileBytes\": 65536";
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        Files.writeString(disk.resolve("format"), text + ", \"crc32c\": " + crc.getValue() + "}\n");
        return disk;
    }

    @Test
    void aDirectoryWithoutALogIsRefused() {
        assertThat(run("log", "verify", "--data-dir", data.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("no log is kept in");
        assertThat(run("log", "dump", "--data-dir", data.resolve("nowhere").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no such directory");
        assertThat(run("log", "verify")).isEqualTo(2);
    }

    @Test
    void disksAreFoundBelowTheDataDirectory() throws IOException {
        format(1);
        assertThat(run("log", "verify", "--data-dir", data.toString())).isZero();
        assertThat(err.toString()).contains("broker/file: 0 segments");
        assertThat(run("log", "dump", "--wal", "--data-dir", data.toString())).isZero();
        assertThat(out.toString()).contains("\"verdict\":\"CLEAN\"");
        assertThat(run("log", "repair", "--data-dir", data.toString())).isZero();
    }

    /** They are databases of the same kind, without shards, and were taken for damaged ones. */
    @Test
    void databasesOfTheMetadataAreNoneOfShards() throws IOException {
        format(1);
        Path meta = Files.createDirectories(data.resolve("meta/data/log"));
        Files.writeString(meta.resolve("CURRENT"), "MANIFEST-000005\n");
        Files.writeString(data.resolve("meta/identity"), "node=1\n");
        assertThat(run("log", "verify", "--data-dir", data.toString())).isZero();
        assertThat(err.toString()).doesNotContain("meta");
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        format(2);
        assertThat(run("log", "verify", "--data-dir", data.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("version 2").contains("newer");
    }

    @Test
    void aRunningNodeIsLeftAlone() throws Exception {
        Path disk = format(1);
        try (AutoCloseable held = new SystemDisk(disk).lock("lock")) {
            assertThat(held).isNotNull();
            assertThat(run("log", "repair", "--data-dir", data.toString())).isEqualTo(1);
            assertThat(err.toString()).contains("stop it first");
        }
    }
}
