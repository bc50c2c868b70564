/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a load is told whatever its protocol: where the server is, how long, what is measured of it. Filled by picocli, then only read. */
abstract class CommonOptions {
    @Option(names = "--host", defaultValue = "127.0.0.1", description = "of the broker (default ${DEFAULT-VALUE})")
    String host = "";

    @Option(
            names = {"-d", "--duration"},
            converter = Seconds.class,
            defaultValue = "10s",
            description = "what is measured (default ${DEFAULT-VALUE})")
    Duration duration = Duration.ZERO;

    @Option(
            names = "--warmup",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "load before measuring (default ${DEFAULT-VALUE})")
    Duration warmup = Duration.ZERO;

    @Option(
            names = "--warmup-cpu",
            converter = Seconds.class,
            defaultValue = "0s",
            description = "warms until the server has used so much CPU: a JVM compiles by work, not by the clock")
    Duration warmupCpu = Duration.ZERO;

    @Option(names = "--pid", description = "of the server, to read its CPU time and memory")
    @Nullable
    Long pid;

    @Option(names = "--pidfile", description = "holds the server's pid")
    @Nullable
    Path pidFile;

    @Option(names = "--json", description = "prints the summary as JSON")
    boolean json;

    /** Fails with a sentence when these options make no sense. */
    final void checkCommon() {
        require(!duration.isZero(), "--duration is not 0");
        require(pid == null || pidFile == null, "--pid or --pidfile, not both");
        require(warmupCpu.isZero() || pid != null || pidFile != null, "--warmup-cpu needs --pid or --pidfile");
    }

    static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
