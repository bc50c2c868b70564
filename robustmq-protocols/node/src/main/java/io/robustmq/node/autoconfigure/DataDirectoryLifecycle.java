/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import io.robustmq.node.DataDirectory;
import io.robustmq.node.NodeContext;
import io.robustmq.node.Phases;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** Holds the data directory from before the first phase until after the last. Thread-safe: one volatile field. */
final class DataDirectoryLifecycle implements SmartLifecycle {
    private final NodeContext context;
    private volatile @Nullable DataDirectory directory;

    DataDirectoryLifecycle(NodeContext context) {
        this.context = context;
    }

    @Override
    public void start() {
        directory = DataDirectory.open(context.dataDir(), context.identity());
    }

    @Override
    public void stop() {
        DataDirectory held = directory;
        directory = null;
        if (held != null) {
            held.close();
        }
    }

    @Override
    public boolean isRunning() {
        return directory != null;
    }

    @Override
    public int getPhase() {
        return Phases.INNER_RPC - 20;
    }
}
