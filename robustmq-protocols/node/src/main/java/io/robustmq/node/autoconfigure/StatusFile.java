/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.NodePhase;
import io.robustmq.node.NodeState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.InitializingBean;

/**
 * One line, {@code PHASE PID ADMIN_PORT}, always whole, for a shell that wants to know without a client for HTTP; a dash while the
 * admin port is unknown. What the line says of a process that is gone means nothing. Confined to the thread that starts and stops
 * the context.
 */
final class StatusFile implements InitializingBean {
    private static final Logger LOG = LoggerFactory.getLogger(StatusFile.class);

    private final Path file;
    private final Path next;
    private final NodeState state;
    private final Supplier<@Nullable String> adminPort;

    StatusFile(Path file, NodeState state, Supplier<@Nullable String> adminPort) {
        this.file = file.toAbsolutePath();
        this.next = this.file.resolveSibling(file.getFileName() + ".next");
        this.state = state;
        this.adminPort = adminPort;
    }

    @Override
    public void afterPropertiesSet() {
        state.watch(this::write);
    }

    /** A node that cannot write it works all the same. */
    private void write(NodePhase phase) {
        String port = adminPort.get();
        try {
            Files.writeString(
                    next, phase + " " + ProcessHandle.current().pid() + " " + (port == null ? "-" : port) + "\n");
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn("cannot write {}: {}", file, e.toString());
        }
    }
}
