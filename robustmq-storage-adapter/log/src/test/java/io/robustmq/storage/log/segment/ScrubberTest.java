/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScrubberTest {

    @Test
    void readsEverythingSlowlyAndNamesWhatIsDamaged() {
        SimScheduler scheduler = new SimScheduler(3);
        SimDisk disk = new SimDisk(scheduler, "data");
        SegmentDisk shared = new SegmentDisk(disk, 10, 1 << 20, Runnable::run);
        List<StreamSegments> streams = new ArrayList<>();
        long sealedBytes = 0;
        for (int at = 0; at < 3; at++) {
            StreamSegments stream = StreamSegments.open(
                    shared, "streams/" + at, new SegmentConfig(1 << 20, -1), 0, 0, List.of(), StreamEpochs.NONE);
            stream.recovered(false);
            for (int batch = 0; batch < 40; batch++) {
                stream.append(1, Batches.at(stream.endOffset(), 1, 5_000, 1).buffer());
                if (batch % 19 == 18) {
                    stream.roll();
                }
            }
            sealedBytes += stream.sealedSegments().stream()
                    .mapToLong(SegmentInfo::bytes)
                    .sum();
            streams.add(stream);
        }
        List<Damage> found = new ArrayList<>();
        Scrubber scrubber = new Scrubber(
                scheduler.loops("disk", 1).get(0), 200_000, 60_000, () -> List.copyOf(streams), found::add);
        scrubber.start();
        scheduler.runForMillis(1_000);
        assertThat(scrubber.bytesRead()).isPositive().isLessThan(600_000);
        assertThat(scrubber.passes()).isZero();
        scheduler.runForMillis(5_000);
        assertThat(scrubber.passes()).isEqualTo(1);
        assertThat(scrubber.segmentsDone()).isEqualTo(6);
        assertThat(scrubber.bytesRead()).isEqualTo(sealedBytes);
        assertThat(found).isEmpty();

        disk.rot("streams/1/" + streams.get(1).describe().get(1).fileName(), 12_345);
        scheduler.runForMillis(65_000);
        assertThat(scrubber.passes()).isEqualTo(2);
        assertThat(found).hasSize(1);
        assertThat(found.get(0).path()).startsWith("streams/1/");
        assertThat(found.get(0).fromOffset()).isEqualTo(19 + 2);
        assertThat(scrubber.damagesFound()).isEqualTo(1);

        scrubber.stop();
        scheduler.runForMillis(200_000);
        assertThat(scrubber.passes()).isEqualTo(2);
        assertThat(scrubber.failures()).isZero();
    }
}
