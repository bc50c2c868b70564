/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.netty.buffer.ByteBuf;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimRandom;
import io.robustmq.storage.log.Checkpoint;
import io.robustmq.storage.log.StoreFormat;
import io.robustmq.storage.log.StreamDescription;
import io.robustmq.storage.log.StreamMode;
import io.robustmq.storage.log.segment.SegmentInfo;
import io.robustmq.storage.log.wal.WalFiles;
import io.robustmq.storage.log.wal.WalRecordType;
import io.robustmq.storage.log.wal.WalScan;
import io.robustmq.storage.log.wal.WalVisitor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One bit that the disk forgets, of any file. Not where nobody can tell it from a torn end: in the log behind what it says to
 * have been forced, and in what a direct stream has appended since the checkpoint. Confined to the simulation.
 */
final class Rot {
    private final SimDisk disk;
    private final SimRandom random;
    private @Nullable String path;
    private long position;
    private boolean told;

    Rot(SimDisk disk, SimRandom random) {
        this.disk = disk;
        this.random = random;
    }

    boolean isThere() {
        return path != null;
    }

    @Nullable
    String path() {
        return path;
    }

    long position() {
        return position;
    }

    /** Whether a refusal to open is what the damage must lead to. */
    boolean told(RmqException refusal) {
        boolean right = path != null
                && (refusal.error() == RmqError.CORRUPT_DATA
                        || refusal.error() == RmqError.NOT_SUPPORTED && path.equals(StoreFormat.PATH))
                && refusal.getMessage() != null
                && !refusal.getMessage().isEmpty();
        told |= right;
        return right;
    }

    boolean wasTold() {
        return told;
    }

    /** Flips it. */
    void strike(boolean running) {
        for (int attempt = 0; attempt < 20 && path == null; attempt++) {
            String file = anyFile(random);
            if (file == null || size(file) == 0) {
                continue;
            }
            long at = random.nextLong(size(file));
            if (isSurelyKnown(file, at)) {
                path = file;
                position = at;
                disk.rot(file, at);
            }
        }
    }

    private long size(String file) {
        try (io.robustmq.kernel.DiskFile open = disk.open(file)) {
            return open.size();
        }
    }

    /** Any file, small ones as often as large ones. */
    @Nullable
    String anyFile(SimRandom choice) {
        List<String> files = new ArrayList<>();
        collect("", files);
        return files.isEmpty() ? null : files.get(choice.nextInt(files.size()));
    }

    private void collect(String directory, List<String> files) {
        for (String name : disk.list(directory)) {
            String full = directory.isEmpty() ? name : directory + "/" + name;
            if (isDirectory(full)) {
                collect(full, files);
            } else {
                files.add(full);
            }
        }
    }

    private boolean isDirectory(String full) {
        try {
            disk.open(full).close();
            return false;
        } catch (RmqException e) {
            return true;
        }
    }

    private boolean isSurelyKnown(String file, long at) {
        try {
            return isKnown(file, at);
        } catch (RmqException somethingCannotBeRead) {
            return false;
        }
    }

    private boolean isKnown(String file, long at) {
        if (file.startsWith("wal/0")) {
            long number = Long.parseLong(file.substring(4, file.indexOf('.')));
            return number * (1 << 16) + at < forcedEnd();
        }
        return !file.endsWith(".seg") || isCheckpointed(file, at);
    }

    private long forcedEnd() {
        StoreFormat format = StoreFormat.read(disk);
        if (format == null || Checkpoint.paths(disk).isEmpty() && new WalFiles(disk, 1 << 16, 0).first() > 0) {
            return 0;
        }
        List<String> checkpoints = Checkpoint.paths(disk);
        Checkpoint from = checkpoints.isEmpty() ? null : Checkpoint.read(disk, checkpoints.get(0));
        long[] forced = {from == null ? 0 : from.position()};
        WalFiles files = new WalFiles(disk, 1 << 16, 0);
        new WalScan(disk, files, format.shortId(), from == null ? 0 : from.session(), new WalVisitor() {
                    @Override
                    public void group(long at, long groupForced, long session, long time, int count, int bytes) {
                        forced[0] = Math.max(forced[0], groupForced);
                    }

                    @Override
                    public void frame(long at, WalRecordType type, int stream, int flags, ByteBuf content) {}

                    @Override
                    public boolean heal(long at, int stream, int flags, ByteBuf outer) {
                        return true;
                    }
                })
                .run(forced[0]);
        return forced[0];
    }

    private boolean isCheckpointed(String file, long at) {
        List<String> checkpoints = Checkpoint.paths(disk);
        if (checkpoints.isEmpty()) {
            return false;
        }
        for (StreamDescription stream :
                Checkpoint.read(disk, checkpoints.get(0)).streams()) {
            for (SegmentInfo info : stream.segments()) {
                if (file.equals(stream.id().directory(stream.number()) + "/" + info.fileName())) {
                    return at < info.bytes() || stream.mode() == StreamMode.LOGGED;
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return path == null ? "no rot" : "rot at " + position + " of " + path;
    }
}
