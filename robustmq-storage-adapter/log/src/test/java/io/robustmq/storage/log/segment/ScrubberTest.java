/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.log.segment;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.kernel.Loop;
import io.robustmq.kernel.sim.SimDisk;
import io.robustmq.kernel.sim.SimScheduler;
import io.robustmq.storage.log.segment.Scrubber.Visit;
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
        List<Visit<Integer>> visits = new ArrayList<>();
        for (int at = 0; at < 3; at++) {
            visits.add(new Visit<>(at, streams.get(at), 0, Long.MAX_VALUE));
        }
        Told told = new Told();
        Loop loop = scheduler.loops("disk", 1).get(0);
        Scrubber<Integer> scrubber = new Scrubber<>(loop, 200_000, told);
        loop.execute(() -> scrubber.begin(visits));
        scheduler.runForMillis(1_000);
        assertThat(scrubber.bytesRead()).isPositive().isLessThan(300_000);
        assertThat(scrubber.isRunning()).isTrue();
        scheduler.runForMillis(5_000);
        assertThat(told.rounds).containsExactly(true);
        assertThat(told.segments).containsExactly("0:19", "0:38", "1:19", "1:38", "2:19", "2:38");
        assertThat(scrubber.segmentsDone()).isEqualTo(6);
        assertThat(scrubber.bytesRead()).isEqualTo(sealedBytes);
        assertThat(told.damages).isEmpty();

        String rotten = "streams/1/" + streams.get(1).describe().get(1).fileName();
        disk.rot(rotten, 12_345);
        loop.execute(() -> scrubber.begin(List.of(new Visit<>(1, streams.get(1), 19, 20))));
        scheduler.runForMillis(5_000);
        assertThat(told.rounds).containsExactly(true, true);
        assertThat(told.segments).hasSize(7).endsWith("1:38");
        assertThat(told.damages).hasSize(1);
        assertThat(told.damages.get(0).path()).isEqualTo(rotten);
        assertThat(told.damages.get(0).fromOffset()).isEqualTo(19 + 2);
        assertThat(scrubber.damagesFound()).isEqualTo(1);

        loop.execute(() -> scrubber.begin(visits));
        scheduler.runForMillis(200);
        loop.execute(scrubber::stop);
        scheduler.runForMillis(200_000);
        assertThat(told.rounds).hasSize(2);
        assertThat(scrubber.isRunning()).isFalse();
        assertThat(scrubber.failures()).isZero();
    }

    private static final class Told implements Scrubber.Listener<Integer> {
        private final List<String> segments = new ArrayList<>();
        private final List<Damage> damages = new ArrayList<>();
        private final List<Boolean> rounds = new ArrayList<>();

        @Override
        public void segmentDone(Visit<Integer> visit, SegmentInfo segment, String path, List<Damage> found) {
            segments.add(visit.owner() + ":" + segment.endOffset());
            damages.addAll(found);
        }

        @Override
        public void roundDone(boolean whole) {
            rounds.add(whole);
        }
    }
}
