/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.node.NodePhase;
import io.robustmq.node.NodeState;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What scripts read about a node. */
class StatusFileTest {
    @TempDir
    Path directory;

    private @Nullable String port;

    @Test
    void itFollowsThePhases() throws Exception {
        Path file = directory.resolve("node.status");
        long pid = ProcessHandle.current().pid();
        NodeState state = new NodeState();
        new StatusFile(file, state, () -> port).afterPropertiesSet();
        assertThat(file).content().isEqualTo("CONFIGURATION " + pid + " -\n");
        port = "58080";
        state.enter(NodePhase.READY);
        assertThat(file).content().isEqualTo("READY " + pid + " 58080\n");
        Files.delete(file);
        state.enter(NodePhase.READY);
        assertThat(file).as("nothing has changed").doesNotExist();
        state.enter(NodePhase.STOPPING);
        assertThat(file).content().isEqualTo("STOPPING " + pid + " 58080\n");
        assertThat(directory).isDirectoryNotContaining("glob:**.next");
    }

    @Test
    void aPlaceThatCannotBeWrittenDoesNoHarm() {
        NodeState state = new NodeState();
        new StatusFile(directory.resolve("absent/node.status"), state, () -> port).afterPropertiesSet();
        state.enter(NodePhase.READY);
        assertThat(state.ready()).isTrue();
    }
}
