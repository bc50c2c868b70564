/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.ctl;

import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemDisk;
import io.robustmq.storage.log.segment.Damage;
import io.robustmq.storage.log.tool.LogDump;
import io.robustmq.storage.log.tool.LogRepair;
import io.robustmq.storage.log.tool.LogVerify;
import io.robustmq.storage.log.tool.StoppedDisk;
import io.robustmq.storage.rocksdb.RocksDbVerify;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/** {@code ctl log}: works on the files of a stopped node, without a server. Confined to the main thread. */
@Command(
        name = "log",
        description = "Looks into, proves and mends the data directory of a stopped node.",
        mixinStandardHelpOptions = true)
final class LogCommand extends CommandGroup {
    /** How far below the data directory disks are looked for. */
    private static final int DEPTH_MAX = 4;

    private static final String LOG_FILE = "format";
    private static final String ROCKSDB_FILE = "CURRENT";
    private static final String META_FILE = "identity";

    @Command(
            name = "dump",
            description = "Prints one JSON object a line: batches, records, or the write-ahead log.",
            mixinStandardHelpOptions = true)
    int dump(
            @Option(names = "--data-dir", paramLabel = "DIR", required = true, description = "of a node, or one disk")
                    Path dataDir,
            @Option(names = "--stream", paramLabel = "SHARD", description = "only this one, <topic id>-<partition>")
                    @Nullable
                    String stream,
            @Option(names = "--records", description = "one object for each record") boolean records,
            @Option(names = "--wal", description = "the write-ahead log from the newest checkpoint on") boolean wal) {
        for (Path directory : disks(dataDir)) {
            refusing(() -> {
                try (StoppedDisk disk = new StoppedDisk(new SystemDisk(directory), stream)) {
                    LogDump dump = new LogDump(disk, ctl.out()::println);
                    if (wal) {
                        dump.log();
                    } else {
                        dump.segments(records);
                    }
                }
                return 0;
            });
        }
        ctl.out().flush();
        return 0;
    }

    @Command(
            name = "verify",
            description = "Reads everything and names every damaged range. Exit code 1 when there is one.",
            mixinStandardHelpOptions = true)
    int verify(
            @Option(names = "--data-dir", paramLabel = "DIR", required = true, description = "of a node, or one disk")
                    Path dataDir,
            @Option(names = "--stream", paramLabel = "SHARD", description = "only this one, <topic id>-<partition>")
                    @Nullable
                    String stream) {
        int damages = 0;
        List<Path> rocks = directoriesWith(dataDir, ROCKSDB_FILE);
        for (Path directory : rocks.isEmpty() ? disks(dataDir) : directoriesWith(dataDir, LOG_FILE)) {
            damages += refusing(() -> {
                try (StoppedDisk disk = new StoppedDisk(new SystemDisk(directory), stream)) {
                    LogVerify.Report report = new LogVerify(disk).run();
                    report.damages().forEach(damage -> print(directory, damage));
                    ctl.err()
                            .println(directory + ": " + report.files() + " segments, " + report.bytes() + " bytes, "
                                    + report.damages().size() + " damaged ranges");
                    return report.damages().size();
                }
            });
        }
        for (Path directory : rocks) {
            damages += refusing(() -> {
                RocksDbVerify.Report report = RocksDbVerify.run(directory, stream);
                report.damages()
                        .forEach(found -> print(
                                directory,
                                new Damage(found.shard(), 0, 0, found.fromOffset(), found.toOffset(), found.reason())));
                ctl.err()
                        .println(directory + ": " + report.shards() + " shards, " + report.batches() + " batches, "
                                + report.damages().size() + " damaged");
                return report.damages().size();
            });
        }
        ctl.out().flush();
        return damages == 0 ? 0 : ExitCode.REFUSED;
    }

    @Command(
            name = "repair",
            description = "Builds indexes again; with --accept-loss gives up what is damaged and says what that was.",
            mixinStandardHelpOptions = true)
    int repair(
            @Option(names = "--data-dir", paramLabel = "DIR", required = true, description = "of a node, or one disk")
                    Path dataDir,
            @Option(names = "--stream", paramLabel = "SHARD", description = "only this one, <topic id>-<partition>")
                    @Nullable
                    String stream,
            @Option(
                            names = "--accept-loss",
                            description = "give up damaged ranges; the originals are kept in 'quarantine'")
                    boolean acceptLoss) {
        int left = 0;
        for (Path directory : disks(dataDir)) {
            left += refusing(() -> {
                try (StoppedDisk disk = new StoppedDisk(new SystemDisk(directory), stream)) {
                    return new LogRepair(disk, acceptLoss, line -> ctl.out().println(directory + ": " + line)).run();
                }
            });
        }
        ctl.out().flush();
        return left == 0 ? 0 : ExitCode.REFUSED;
    }

    private void print(Path directory, Damage damage) {
        if (ctl.format() == CtlCommand.Format.json) {
            Map<String, Object> fields = new java.util.LinkedHashMap<>();
            fields.put("directory", directory.toString());
            fields.put("file", damage.path());
            fields.put("fromByte", damage.fromByte());
            fields.put("toByte", damage.toByte());
            fields.put("fromOffset", damage.fromOffset());
            fields.put("toOffset", damage.toOffset());
            fields.put("reason", damage.reason());
            ctl.out().println(JsonMapper.shared().writeValueAsString(fields));
        } else {
            ctl.out().println(directory + "/" + damage);
        }
    }

    /** Something that answers a number, or is refused. */
    private interface Work {
        int run();
    }

    private static int refusing(Work work) {
        try {
            return work.run();
        } catch (RmqException e) {
            throw new CtlException(ExitCode.REFUSED, e.getMessage());
        }
    }

    /** The directories of logs in there; refused when there is none. */
    private static List<Path> disks(Path dataDir) {
        List<Path> found = directoriesWith(dataDir, LOG_FILE);
        if (found.isEmpty()) {
            throw new CtlException(ExitCode.REFUSED, "no log is kept in " + dataDir);
        }
        return found;
    }

    private static List<Path> directoriesWith(Path dataDir, String file) {
        if (!Files.isDirectory(dataDir)) {
            throw new CtlException(ExitCode.REFUSED, "no such directory: " + dataDir);
        }
        try (Stream<Path> paths = Files.find(
                dataDir,
                DEPTH_MAX,
                (path, attributes) -> attributes.isRegularFile()
                        && path.getFileName().toString().equals(file))) {
            return paths.map(path -> java.util.Objects.requireNonNull(
                            path.toAbsolutePath().getParent()))
                    .filter(path -> !isMeta(path, dataDir.toAbsolutePath()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new CtlException(ExitCode.REFUSED, "cannot look into " + dataDir + ": " + e.getMessage());
        }
    }

    /** Databases of the metadata, which Raft proves and mends, and which hold no shards. */
    private static boolean isMeta(Path directory, Path dataDir) {
        for (Path above = directory; above != null && !above.equals(dataDir); above = above.getParent()) {
            if (Files.isRegularFile(above.resolve(META_FILE))) {
                return true;
            }
        }
        return false;
    }
}
