/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.memory;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.util.ResourceLeakDetector;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guards what no neighbour on the machine disturbs: heap bytes per append into a full ring. */
class MemoryEngineAllocationTest {
    private static final int WARM_UP_APPENDS = 20_000;
    private static final int APPENDS = 20_000;

    private final ResourceLeakDetector.Level leakDetection = ResourceLeakDetector.getLevel();

    /** It allocates a record for each access, which is what is measured here. */
    @BeforeEach
    void withoutLeakDetection() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterEach
    void withLeakDetection() {
        ResourceLeakDetector.setLevel(leakDetection);
    }

    /** 16 KiB batches turn a chunk over every 15 of them; small ones pay for little more than 20 bytes of index. */
    @ParameterizedTest
    @CsvSource({"large, 400", "small, 64"})
    void anAppendAllocatesAnIndexEntryAndItsShareOfAChunk(String batch, long maxBytes) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        MemoryEngineBenchmark benchmark = new MemoryEngineBenchmark();
        benchmark.batch = batch;
        benchmark.open();
        for (int append = 0; append < WARM_UP_APPENDS; append++) {
            benchmark.append();
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int append = 0; append < APPENDS; append++) {
            benchmark.append();
        }
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / APPENDS;
        benchmark.close();
        assertThat(bytes).isBetween(1L, maxBytes);
    }
}
