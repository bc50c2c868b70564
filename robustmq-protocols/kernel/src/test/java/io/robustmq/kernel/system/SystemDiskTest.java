/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kernel.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.kernel.Disk;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.contract.DiskContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemDiskTest extends DiskContract {
    @TempDir
    Path directory;

    private Disk disk;

    @BeforeEach
    void mount() {
        disk = new SystemDisk(directory.resolve("made/by/it"));
    }

    @Override
    protected Disk disk() {
        return disk;
    }

    @Test
    void tellsAFullDiskFromABrokenOne() {
        assertThatThrownBy(() -> SystemDisk.run("x", () -> {
                    throw new IOException("No space left on device");
                }))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.STORAGE_FULL));
        assertThatThrownBy(() -> SystemDisk.run("x", () -> {
                    throw new IOException("Input/output error");
                }))
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.STORAGE_FAILED));
    }

    @Test
    void refusesARootThatIsAFile() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> new SystemDisk(file)).isInstanceOf(RmqException.class);
    }

    @Test
    void runsEachOfManyForcesOnceAndReturnsBehindTheLast() {
        AtomicIntegerArray runs = new AtomicIntegerArray(100);
        List<Runnable> forces = IntStream.range(0, runs.length())
                .<Runnable>mapToObj(force -> () -> runs.incrementAndGet(force))
                .toList();
        disk.forceAll(forces);
        assertThat(IntStream.range(0, runs.length()).map(runs::get)).containsOnly(1);
        disk.forceAll(List.of());
    }

    @Test
    void saysThatOneOfManyForcesFailed() {
        List<Runnable> forces = new ArrayList<>(Collections.nCopies(50, () -> {}));
        RmqException failure = RmqError.STORAGE_FAILED.exception("no");
        forces.set(20, () -> {
            throw failure;
        });
        assertThatThrownBy(() -> disk.forceAll(forces)).isSameAs(failure);
    }
}
