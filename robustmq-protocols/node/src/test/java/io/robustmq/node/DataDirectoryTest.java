/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.NodeId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    @TempDir
    Path temp;

    private static NodeIdentity identity(String cluster, int node) {
        return new NodeIdentity(cluster, new NodeId(node), Set.of(Role.META));
    }

    @Test
    void theSameNodeComesBackToItsData() {
        Path data = temp.resolve("a/b");
        DataDirectory.open(data, identity("red", 1)).close();
        DataDirectory.open(data, identity("red", 1)).close();
        assertThat(data).isDirectoryContaining("glob:**/node.properties");
    }

    @Test
    void aSecondNodeIsKeptOutWhileTheFirstRuns() {
        try (DataDirectory held = DataDirectory.open(temp, identity("red", 1))) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> DataDirectory.open(temp, identity("red", 1)))
                    .isInstanceOf(StartRefusedException.class)
                    .hasMessage("The data directory " + temp + " is in use by another running node.");
        }
        DataDirectory.open(temp, identity("red", 1)).close();
    }

    @Test
    void dataOfAnotherNodeOrClusterIsNotTouched() {
        DataDirectory.open(temp, identity("red", 1)).close();
        assertThatThrownBy(() -> DataDirectory.open(temp, identity("blue", 1)))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused)
                            .hasMessage("The data directory " + temp
                                    + " belongs to cluster 'red', and this is cluster 'blue'.");
                    assertThat(refused.action()).startsWith("Set robustmq.cluster-name to 'red'");
                });
        assertThatThrownBy(() -> DataDirectory.open(temp, identity("red", 2)))
                .isInstanceOf(StartRefusedException.class)
                .hasMessage("The data directory " + temp + " belongs to node '1', and this is node '2'.");
        DataDirectory.open(temp, identity("red", 1)).close();
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));
        assertThatThrownBy(() -> DataDirectory.open(file.resolve("data"), identity("red", 1)))
                .isInstanceOfSatisfying(StartRefusedException.class, refused -> {
                    assertThat(refused).hasMessageContaining(file.resolve("data") + " cannot be written");
                    assertThat(refused.action()).contains("robustmq.data-dir");
                });
    }
}
