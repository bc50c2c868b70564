/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.audit;

import io.robustmq.kernel.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The node's {@code audit.log}: a line of JSON for each action, forced to the disk before the action is answered. It is appended to
 * and never changed; a full file is put away under a number, and the oldest one goes. Thread-safe: guarded by this.
 */
public final class AuditLog implements AutoCloseable {
    static final String FILE = "audit.log";
    static final int FILES_MAX = 8;
    static final long FILE_BYTES_MAX = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);
    private static final int MICROS = 1000;

    private final Path directory;
    private final int node;
    private final Clock clock;
    private final long fileBytesMax;
    private final JsonMapper json = JsonMapper.shared();
    private @Nullable FileChannel channel;
    private long lastId;

    public AuditLog(Path directory, int node, Clock clock) {
        this(directory, node, clock, FILE_BYTES_MAX);
    }

    AuditLog(Path directory, int node, Clock clock, long fileBytesMax) {
        this.directory = directory;
        this.node = node;
        this.clock = clock;
        this.fileBytesMax = fileBytesMax;
    }

    /** What an action was, before it is a record. */
    public record Action(
            String who,
            String way,
            String from,
            String method,
            String path,
            @Nullable String query,
            Map<String, Object> what,
            int status) {}

    /** Appends the action. That it cannot be written down is told by the log: the action has happened. */
    public synchronized void append(Action action) {
        long now = clock.millis();
        lastId = Math.max(lastId + 1, now * MICROS);
        AuditRecord entry = new AuditRecord(
                lastId,
                Instant.ofEpochMilli(now).toString(),
                node,
                action.who(),
                action.way(),
                action.from(),
                action.method(),
                action.path(),
                action.query(),
                action.what(),
                action.status());
        byte[] line = (json.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            FileChannel open = open();
            if (open.size() > 0 && open.size() + line.length > fileBytesMax) {
                rotate();
                open = open();
            }
            ByteBuffer buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                open.write(buffer);
            }
            open.force(false);
        } catch (IOException e) {
            LOG.error(
                    "{} cannot be written: {} {} of {} is not in it",
                    directory.resolve(FILE),
                    action.method(),
                    action.path(),
                    action.who(),
                    e);
        }
    }

    /** The last records that pass, oldest first. */
    public List<AuditRecord> tail(int limit, long afterId, Predicate<AuditRecord> passes) {
        ArrayDeque<AuditRecord> last = new ArrayDeque<>();
        for (Path file : files()) {
            try (Stream<String> lines = Files.lines(file)) {
                lines.forEach(line -> {
                    AuditRecord read = read(line);
                    if (read != null && read.id() > afterId && passes.test(read)) {
                        last.add(read);
                        if (last.size() > limit) {
                            last.removeFirst();
                        }
                    }
                });
            } catch (IOException e) {
                LOG.warn("{} cannot be read: {}", file, e.toString());
            }
        }
        return new ArrayList<>(last);
    }

    private @Nullable AuditRecord read(String line) {
        try {
            return json.readValue(line, AuditRecord.class);
        } catch (JacksonException torn) {
            // The line that a power failure cut.
            return null;
        }
    }

    /** Oldest first. */
    private synchronized List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (int i = FILES_MAX - 1; i >= 0; i--) {
            Path file = numbered(i);
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        return files;
    }

    private Path numbered(int number) {
        return directory.resolve(number == 0 ? FILE : FILE + "." + number);
    }

    private FileChannel open() throws IOException {
        FileChannel open = channel;
        if (open == null) {
            Path file = numbered(0);
            boolean fresh = !Files.exists(file);
            open = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            channel = open;
            if (fresh && Files.getFileStore(file).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        }
        return open;
    }

    private void rotate() throws IOException {
        close();
        for (int i = FILES_MAX - 2; i >= 0; i--) {
            if (Files.exists(numbered(i))) {
                Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        FileChannel open = channel;
        channel = null;
        if (open != null) {
            open.close();
        }
    }
}
