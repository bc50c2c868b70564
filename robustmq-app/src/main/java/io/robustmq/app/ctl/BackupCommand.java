/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.app.backup.Backup;
import io.robustmq.app.backup.BackupException;
import io.robustmq.app.backup.BackupManifest;
import io.robustmq.app.version.Version;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** {@code ctl backup}: works on the directories of a node on this machine, which may run. Confined to the main thread. */
@Command(
        name = "backup",
        description = "Copies the directories of a node on this machine, running or stopped, and puts them back.",
        mixinStandardHelpOptions = true)
final class BackupCommand extends CommandGroup {
    private static final String SECONDS = "10";

    @Command(
            name = "create",
            description =
                    "Copies everything as it is at one moment. A running node stands still for the last part of it.",
            mixinStandardHelpOptions = true)
    int create(
            @Option(
                            names = "--data-dir",
                            paramLabel = "DIR",
                            required = true,
                            description = "robustmq.data-dir of the node")
                    Path dataDir,
            @Option(
                            names = "--directory",
                            paramLabel = "DIR",
                            description = "one of robustmq.storage.directories; for each of them")
                    @Nullable
                    List<Path> directories,
            @Option(
                            names = "--freeze-max",
                            paramLabel = "SECONDS",
                            defaultValue = SECONDS,
                            description = "gives up rather than let the node stand longer; ${DEFAULT-VALUE} by default")
                    int freezeMax,
            @Parameters(paramLabel = "TO", description = "a directory that does not exist yet") Path to) {
        if (freezeMax < 1 || freezeMax > 3600) {
            throw new CtlException(ExitCode.USAGE, "--freeze-max is from 1 to 3600 seconds");
        }
        List<Path> all = new ArrayList<>(List.of(dataDir));
        if (directories != null) {
            all.addAll(directories);
        }
        BackupManifest made = refusing(() -> new Backup(all, to, Version.current(), line -> {
                    ctl.err().println(line);
                    ctl.err().flush();
                })
                .create(freezeMax));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("backup", to.toString());
        row.put("takenAt", made.takenAt());
        row.put("frozenMillis", made.frozenMillis());
        row.put(
                "files",
                made.directories().stream()
                        .mapToInt(each -> each.crc32c().size())
                        .sum());
        print(row);
        return 0;
    }

    @Command(
            name = "verify",
            description = "Reads all of a backup and names what is not as it was. Exit code 1 when there is something.",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "BACKUP") Path backup) {
        List<String> wrong = refusing(() -> Backup.verify(backup));
        wrong.forEach(ctl.out()::println);
        ctl.err().println(wrong.isEmpty() ? backup + " is whole" : wrong.size() + " files are wrong");
        ctl.out().flush();
        return wrong.isEmpty() ? 0 : ExitCode.REFUSED;
    }

    @Command(
            name = "restore",
            description = "Verifies a backup and puts it back, where nothing may be.",
            mixinStandardHelpOptions = true)
    int restore(
            @Option(
                            names = "--to",
                            paramLabel = "DIR",
                            description = "where to instead of where it was taken; for each directory, in their order")
                    @Nullable
                    List<Path> to,
            @Parameters(paramLabel = "BACKUP") Path backup) {
        List<Path> restored = refusing(() -> Backup.restore(backup, to));
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("backup", backup.toString());
        row.put("directories", restored.stream().map(Path::toString).toList());
        print(row);
        return 0;
    }

    private void print(Map<String, Object> row) {
        if (ctl.format() == CtlCommand.Format.json) {
            ctl.out().println(JsonMapper.shared().writeValueAsString(row));
        } else {
            row.forEach((name, value) -> ctl.out().println(name + ": " + value));
        }
        ctl.out().flush();
    }

    private static <T> T refusing(Supplier<T> work) {
        try {
            return work.get();
        } catch (BackupException e) {
            throw new CtlException(ExitCode.REFUSED, String.valueOf(e.getMessage()));
        }
    }
}
