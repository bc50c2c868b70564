/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.RmqError;
import io.robustmq.kernel.RmqException;
import io.robustmq.kernel.system.SystemDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHandlesTest {
    private static final int FILES = 50;

    @TempDir
    private Path directory;

    private List<FileHandles.Handle> handles(FileHandles open) {
        List<FileHandles.Handle> handles = new ArrayList<>();
        for (int at = 0; at < FILES; at++) {
            FileHandles.Handle handle = open.handle("file-" + at);
            handle.create().write(0, Unpooled.copyInt(at));
            handle.release();
            handles.add(handle);
        }
        return handles;
    }

    private static int content(DiskFile file) {
        ByteBuf buffer = Unpooled.buffer();
        file.read(0, buffer, 4);
        return buffer.readInt();
    }

    @Test
    void noMoreThanTheLimitAreOpen() {
        FileHandles open = new FileHandles(new SystemDisk(directory), 7);
        List<FileHandles.Handle> handles = handles(open);
        for (int round = 0; round < 3; round++) {
            for (int at = 0; at < FILES; at++) {
                assertThat(content(handles.get(at).acquire())).isEqualTo(at);
                handles.get(at).release();
                assertThat(open.openFiles()).isLessThanOrEqualTo(7);
            }
        }
        assertThat(open.opened() - open.evicted()).isEqualTo(open.openFiles());
    }

    @Test
    void whatIsInUseStaysOpen() {
        FileHandles open = new FileHandles(new SystemDisk(directory), 3);
        List<FileHandles.Handle> handles = handles(open);
        List<DiskFile> inUse = new ArrayList<>();
        for (int at = 0; at < 10; at++) {
            inUse.add(handles.get(at).acquire());
        }
        for (int at = 10; at < FILES; at++) {
            handles.get(at).acquire();
            handles.get(at).release();
        }
        for (int at = 0; at < 10; at++) {
            assertThat(content(inUse.get(at))).isEqualTo(at);
            handles.get(at).release();
        }
        for (int at = 10; at < FILES; at++) {
            handles.get(at).acquire();
            handles.get(at).release();
        }
        assertThat(open.openFiles()).as("back below the limit").isLessThanOrEqualTo(4);
    }

    @Test
    void aFileThatIsGivenUpIsNotOpenedAgain() {
        FileHandles open = new FileHandles(new SystemDisk(directory), 3);
        FileHandles.Handle handle = handles(open).get(FILES - 1);
        handle.giveUp();
        assertThatThrownBy(handle::acquire)
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.CLOSED));
        assertThatThrownBy(() -> open.handle("never").acquire())
                .isInstanceOfSatisfying(
                        RmqException.class, e -> assertThat(e.error()).isEqualTo(RmqError.NOT_FOUND));
    }

    @Test
    void manyThreadsFindTheirFiles() throws Exception {
        FileHandles open = new FileHandles(new SystemDisk(directory), 5);
        List<FileHandles.Handle> handles = handles(open);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> runs = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                runs.add(threads.submit(() -> {
                    for (int round = 0; round < 5_000; round++) {
                        int at = ThreadLocalRandom.current().nextInt(FILES);
                        assertThat(content(handles.get(at).acquire())).isEqualTo(at);
                        handles.get(at).release();
                    }
                }));
            }
            for (Future<?> run : runs) {
                run.get();
            }
        } finally {
            threads.shutdown();
        }
        assertThat(open.openFiles()).isLessThanOrEqualTo(5 + 4);
        assertThat(open.evicted()).isPositive();
    }
}
