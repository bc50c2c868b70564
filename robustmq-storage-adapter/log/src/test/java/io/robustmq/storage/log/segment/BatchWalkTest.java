/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.robustmq.kernel.DiskFile;
import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.system.SystemDisk;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchWalkTest {
    private static final int WINDOW = BatchWalk.HEADERS_WINDOW_BYTES;

    @TempDir
    private Path directory;

    private long size;

    private DiskFile file(int... valueBytes) {
        DiskFile file = new SystemDisk(directory).createUnforced("0.seg");
        long offset = 0;
        for (int bytes : valueBytes) {
            RecordBatch batch = Batches.at(offset, 1, bytes, 1000 + offset, 2000 + offset);
            file.write(size, batch.buffer());
            size += batch.sizeBytes();
            offset = batch.nextOffset();
        }
        return file;
    }

    /** Answers what was read from the file. */
    private long walk(DiskFile file, int batches, boolean contents) {
        try (file;
                BatchWalk walk = new BatchWalk(file, 0, size, WINDOW)) {
            walk.expect(0, false).expectEpochs(1);
            for (int at = 0; at < batches; at++) {
                assertThat(walk.next()).as("batch " + at).isTrue();
                assertThat(walk.baseOffset()).isEqualTo(2L * at);
                assertThat(walk.maxTimestampMillis()).isEqualTo(2000 + 2L * at);
                assertThat(!contents || walk.contentIsRight()).isTrue();
            }
            assertThat(walk.next()).isFalse();
            assertThat(walk.damage()).isNull();
            assertThat(walk.position()).isEqualTo(size);
            return walk.bytesRead();
        }
    }

    @Test
    void behindLongBatchesOnlyHeadersAreRead() {
        DiskFile file = file(8000, 8000, 8000, 8000, 8000);
        assertThat(walk(file, 5, false)).isEqualTo(WINDOW + 4 * RecordBatch.HEADER_BYTES);
    }

    @Test
    void shortBatchesAreReadTogether() {
        DiskFile file = file(10, 10, 10, 10, 10);
        assertThat(walk(file, 5, false)).isEqualTo(size);
    }

    @Test
    void shortBatchesBehindLongOnesAreReadTogetherFromTheSecondOn() {
        DiskFile file = file(8000, 10, 10, 10, 8000, 8000, 10, 10);
        assertThat(walk(file, 8, false)).isLessThan(2L * WINDOW + 5 * RecordBatch.HEADER_BYTES);
    }

    @Test
    void contentsAreRightWhateverWasReadBefore() {
        DiskFile file = file(8000, 10, 8000, 8000, 10, 10, 3000);
        assertThat(walk(file, 7, true)).isGreaterThanOrEqualTo(size);
    }

    @Test
    void aHeaderThatIsCutOffIsDamage() {
        DiskFile file = file(8000, 8000);
        file.write(size, Unpooled.wrappedBuffer(new byte[RecordBatch.HEADER_BYTES - 1]));
        try (file;
                BatchWalk walk = new BatchWalk(file, 0, size + RecordBatch.HEADER_BYTES - 1, WINDOW)) {
            assertThat(walk.next()).isTrue();
            assertThat(walk.next()).isTrue();
            assertThat(walk.next()).isFalse();
            assertThat(walk.damage()).isEqualTo("60 bytes are no batch");
            assertThat(walk.position()).isEqualTo(size);
        }
    }
}
