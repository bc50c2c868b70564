/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProcessTest {
    @TempDir
    Path proc;

    @Test
    void threadsAreAddedUpAlsoWhenTheyComeAndGo() throws IOException {
        thread(1, 1_000);
        thread(2, 500);
        ServerProcess process = new ServerProcess(proc);
        long begin = process.cpuNanos();
        thread(1, 1_200);
        thread(3, 70);
        assertThat(process.cpuNanos() - begin).isEqualTo(270);
        Files.delete(proc.resolve("task/2/schedstat"));
        thread(1, 1_300);
        assertThat(process.cpuNanos() - begin).isEqualTo(370);
    }

    @Test
    void withoutSchedstatTicksHaveToDo() throws IOException {
        Files.createDirectories(proc.resolve("task/1"));
        Files.writeString(proc.resolve("stat"), "1 (a ) b) S 0 1 1 0 -1 0 1 2 3 4 150 50 0 0 20 0 9 0 100 1000 200\n");
        assertThat(new ServerProcess(proc).cpuNanos()).isEqualTo(2_000_000_000L);
    }

    @Test
    void memoryIsWhatIsResident() throws IOException {
        Files.writeString(proc.resolve("status"), "Name:\tx\nVmRSS:\t    2048 kB\n");
        assertThat(new ServerProcess(proc).residentBytes()).isEqualTo(2 << 20);
    }

    @Test
    void aProcessThatIsGoneIsASentence() {
        assertThatThrownBy(() -> new ServerProcess(proc).residentBytes())
                .isInstanceOf(BenchException.class)
                .hasMessageContaining("is gone");
    }

    private void thread(int id, long nanos) throws IOException {
        Path task = Files.createDirectories(proc.resolve("task/" + id));
        Files.writeString(task.resolve("schedstat"), nanos + " 17 3\n");
    }
}
