/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.architecture;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;

/**
 * What reaches out of the process or out of determinism, as members of the class library ({@code Type.member}, or
 * {@code Type.*} for all of them), and the edges where it is allowed. Immutable.
 */
final class Outside {

    /** A package ({@code net.bench..}) or a class, relative to the root, with the reason why it is allowed. */
    record Edge(String where, String reason) {
        boolean covers(String root, String className) {
            String full = root + "." + where;
            if (where.endsWith("..")) {
                return className.startsWith(full.substring(0, full.length() - 1));
            }
            return className.equals(full) || className.startsWith(full + "$");
        }

        boolean isClass() {
            return !where.endsWith("..");
        }
    }

    private static final Edge COMMAND_LINE =
            new Edge("app..", "the command line and its load generator run outside of a node");

    static final List<Edge> CLOCK_EDGES =
            List.of(COMMAND_LINE, new Edge("testkit..", "drives real sockets from the thread of a test"));
    static final List<Edge> RANDOM_EDGES = List.of(
            COMMAND_LINE, new Edge("rpc.SecretKeys", "hands a key generator what a secret makes, which is not random"));
    static final List<Edge> THREAD_EDGES = List.of(COMMAND_LINE);
    static final List<Edge> FILE_EDGES = List.of(
            COMMAND_LINE,
            new Edge("node..", "checks the data directory before any Disk exists"),
            new Edge("meta.state.StateStore", "moves the files that RocksDB writes of its own accord"),
            new Edge("storage.rocksdb.RocksDbEngine", "asks whether RocksDB was ever in a directory"),
            new Edge("meta.server.MetaDirectory", "locks what RocksDB and jraft open by path"));

    static final Outside CLOCK = new Outside(
            "read the wall clock",
            Set.of(
                    "java.lang.System.currentTimeMillis",
                    "java.lang.System.nanoTime",
                    "java.time.Instant.now",
                    "java.time.LocalDate.now",
                    "java.time.LocalTime.now",
                    "java.time.LocalDateTime.now",
                    "java.time.OffsetDateTime.now",
                    "java.time.ZonedDateTime.now",
                    "java.time.Clock.system",
                    "java.time.Clock.systemUTC",
                    "java.time.Clock.systemDefaultZone"));

    static final Outside RANDOM = new Outside(
            "draw random numbers",
            Set.of(
                    "java.util.Random.<init>",
                    "java.util.SplittableRandom.<init>",
                    "java.util.concurrent.ThreadLocalRandom.current",
                    "java.util.random.RandomGenerator.getDefault",
                    "java.util.random.RandomGenerator.of",
                    "java.security.SecureRandom.*",
                    "java.util.UUID.randomUUID",
                    "java.lang.Math.random"));

    static final Outside THREADS = new Outside(
            "start or stop threads",
            Set.of(
                    "java.lang.Thread.<init>",
                    "java.lang.Thread.sleep",
                    "java.util.Timer.<init>",
                    "java.util.concurrent.Executors.*",
                    "java.util.concurrent.ThreadPoolExecutor.<init>",
                    "java.util.concurrent.ScheduledThreadPoolExecutor.<init>",
                    "java.util.concurrent.ForkJoinPool.<init>",
                    "java.util.concurrent.ForkJoinPool.commonPool",
                    "java.util.concurrent.CompletableFuture.runAsync",
                    "java.util.concurrent.CompletableFuture.supplyAsync",
                    "io.netty.channel.DefaultEventLoop.<init>",
                    "io.netty.channel.DefaultEventLoopGroup.<init>",
                    "io.netty.channel.MultiThreadIoEventLoopGroup.<init>",
                    "io.netty.channel.nio.NioEventLoopGroup.<init>",
                    "io.netty.channel.epoll.EpollEventLoopGroup.<init>"));

    static final Outside FILES = new Outside(
            "touch files",
            Set.of(
                    "java.io.File.*",
                    "java.io.FileInputStream.*",
                    "java.io.FileOutputStream.*",
                    "java.io.FileReader.*",
                    "java.io.FileWriter.*",
                    "java.io.RandomAccessFile.*",
                    "java.nio.channels.FileChannel.*",
                    "java.nio.channels.AsynchronousFileChannel.*",
                    "java.nio.file.Files.*",
                    "java.nio.file.Path.toFile",
                    "java.nio.file.Path.toRealPath"));

    static final Outside CONSOLE =
            new Outside("write to the console", Set.of("java.lang.System.out", "java.lang.System.err"));

    private final String description;
    private final Set<String> members;

    private Outside(String description, Set<String> members) {
        this.description = description;
        this.members = members;
    }

    ArchCondition<JavaClass> neverBeUsed() {
        return new ArchCondition<>("never " + description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                    if (isMember(access)) {
                        events.add(SimpleConditionEvent.violated(access, access.getDescription()));
                    }
                }
            }
        };
    }

    boolean isUsedBy(JavaClass type) {
        return type.getAccessesFromSelf().stream().anyMatch(this::isMember);
    }

    private boolean isMember(JavaAccess<?> access) {
        String owner = access.getTargetOwner().getName();
        return members.contains(owner + "." + access.getName()) || members.contains(owner + ".*");
    }
}
