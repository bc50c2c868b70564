/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "who uses a directory is read from /proc")
class BackupTest {
    @TempDir
    Path room;

    private final List<String> told = new ArrayList<>();
    private Path data;
    private Path backup;

    @BeforeEach
    void aStoppedNode() throws IOException {
        data = Files.createDirectories(room.resolve("data"));
        backup = room.resolve("backup");
        Files.createFile(data.resolve("node.lock"));
        Files.createDirectories(data.resolve("meta/empty"));
        Files.writeString(data.resolve("meta/one"), "one");
        Files.write(data.resolve("long"), new byte[3 << 20]);
    }

    private BackupManifest create(Path... directories) {
        return new Backup(List.of(directories), backup, "test", told::add).create(10);
    }

    @Test
    void aStoppedNodeIsCopiedAndPutBackElsewhere() throws IOException {
        BackupManifest made = create(data);
        assertThat(made.frozenMillis()).isZero();
        assertThat(Backup.verify(backup)).isEmpty();
        Path elsewhere = room.resolve("elsewhere");
        assertThat(Backup.restore(backup, List.of(elsewhere))).containsExactly(elsewhere);
        assertThat(elsewhere.resolve("meta/one")).hasContent("one");
        assertThat(elsewhere.resolve("long")).hasSize(3 << 20);
        assertThat(elsewhere.resolve("meta/empty")).isEmptyDirectory();
        assertThatThrownBy(() -> Backup.restore(backup, null))
                .as("where it was taken is something already")
                .isInstanceOf(BackupException.class)
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() -> Backup.restore(backup, List.of(room.resolve("a"), room.resolve("b"))))
                .hasMessageContaining("the backup has 1 directories");
    }

    @Test
    void whatIsDamagedMissingOrTooMuchIsNamedAndNotPutBack() throws IOException {
        create(data);
        Path copy = backup.resolve("directory-0");
        Files.writeString(copy.resolve("meta/one"), "two");
        Files.delete(copy.resolve("long"));
        Files.createFile(copy.resolve("stranger"));
        assertThat(Backup.verify(backup))
                .containsExactly(
                        copy.resolve("long") + " is missing",
                        copy.resolve("meta/one") + " is damaged",
                        copy.resolve("stranger") + " does not belong there");
        assertThatThrownBy(() -> Backup.restore(backup, List.of(room.resolve("elsewhere"))))
                .hasMessageContaining("is not whole")
                .hasMessageContaining("and 2 more");
        assertThat(room.resolve("elsewhere")).doesNotExist();
        Files.delete(backup.resolve(BackupManifest.FILE));
        assertThatThrownBy(() -> Backup.verify(backup)).hasMessageContaining("is no backup");
    }

    @Test
    void whatCannotBeABackupIsRefused() throws IOException {
        assertThatThrownBy(() -> create(room.resolve("nothing"))).hasMessageContaining("no such directory");
        assertThatThrownBy(() -> create(room)).hasMessageContaining("it has no node.lock");
        backup = data.resolve("within");
        assertThatThrownBy(() -> create(data)).hasMessageContaining("lies within");
        backup = Files.createDirectories(room.resolve("full"));
        Files.createFile(backup.resolve("something"));
        assertThatThrownBy(() -> create(data)).hasMessageContaining("is not empty");
        backup = Files.createDirectories(room.resolve("half"));
        try (FileChannel ours = FileChannel.open(data.resolve("node.lock"), StandardOpenOption.WRITE)) {
            assertThat(ours.tryLock()).isNotNull();
            // Our own process is not asked to freeze itself.
            assertThatThrownBy(() -> create(data)).isInstanceOf(RuntimeException.class);
        }
    }

    /** Writes each number into one file and then into the other, as a node writes its logs one after the other. */
    private Process writer(Path second) throws IOException {
        Process process = new ProcessBuilder(
                        "sh",
                        "-c",
                        "exec 9>>\"$1/node.lock\" 8>>\"$1/a\" 7>>\"$2/b\"; n=0;"
                                + " while :; do n=$((n+1)); echo $n >&8; echo $n >&7; done",
                        "sh",
                        data.toString(),
                        second.toString())
                .start();
        Path written = second.resolve("b");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!Files.exists(written) || Files.size(written) < 1_000) {
            assertThat(System.nanoTime()).isLessThan(deadline);
        }
        return process;
    }

    @Test
    void aRunningNodeIsCopiedAsItIsAtOneMomentAndGoesOn() throws Exception {
        Path second = Files.createDirectories(room.resolve("second"));
        Files.createFile(second.resolve("format"));
        Process node = writer(second);
        try {
            assertThatThrownBy(() -> create(data))
                    .hasMessageContaining("the node keeps data in [" + second.toRealPath() + "], too");
            BackupManifest made = create(data, second);
            assertThat(made.frozenMillis()).isBetween(1L, 10_000L);
            assertThat(Backup.verify(backup)).isEmpty();
            List<String> a = Files.readAllLines(backup.resolve("directory-0/a"));
            List<String> b = Files.readAllLines(backup.resolve("directory-1/b"));
            assertThat(a.size() - b.size()).as("a is written before b").isBetween(0, 1);
            assertThat(b).isEqualTo(a.subList(0, b.size()));
            goesOn(second.resolve("b"));
        } finally {
            node.destroyForcibly();
        }
    }

    @Test
    void theNodeGoesOnWhenItWouldStandTooLong() throws Exception {
        Process node = writer(data);
        try {
            assertThatThrownBy(() -> new Backup(List.of(data), backup, "test", told::add).create(0))
                    .hasMessageContaining("would have stood for more than 0 s");
            goesOn(data.resolve("b"));
            assertThatThrownBy(() -> Backup.verify(backup)).hasMessageContaining("is no backup");
        } finally {
            node.destroyForcibly();
        }
    }

    private static void goesOn(Path file) throws IOException {
        long then = Files.size(file);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (Files.size(file) == then) {
            assertThat(System.nanoTime()).as("it writes again").isLessThan(deadline);
        }
    }
}
