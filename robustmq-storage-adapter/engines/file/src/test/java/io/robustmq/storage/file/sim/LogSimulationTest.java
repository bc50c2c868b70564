/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random histories of the file engine on a disk that fails, each decided by its seed. {@code -Dsim.seed=} plays one alone;
 * {@code -Dsim.seeds=} and {@code -Dsim.from=} say how many, and which.
 */
class LogSimulationTest {
    private static final Logger LOG = LoggerFactory.getLogger(LogSimulationTest.class);
    private static final long FIRST_SEED = 1;
    private static final int SEEDS = 2000;
    private static final int SEEDS_MIN = 500;
    private static final long BUDGET_NANOS = 40_000_000_000L;
    /** A defect is found within so many seeds. */
    private static final int SEEDS_TO_FIND = 200;

    private static LogRun play(long seed, Defect defect) {
        LogRun run = new LogRun(seed, defect);
        try {
            run.play();
        } catch (AssertionError | RuntimeException e) {
            run.giveUp();
            throw new AssertionError("-Dsim.seed=" + seed + " (" + run + ", " + run.rot() + "): " + e.getMessage(), e);
        }
        return run;
    }

    @Test
    void whatWasPromisedIsKept() {
        Long alone = Long.getLong("sim.seed");
        long from = alone != null ? alone : Long.getLong("sim.from", FIRST_SEED);
        int seeds = alone != null ? 1 : Integer.getInteger("sim.seeds", SEEDS);
        boolean bounded = Integer.getInteger("sim.seeds") == null;
        long begun = System.nanoTime();
        long events = 0;
        long replayed = 0;
        int rotted = 0;
        int done = 0;
        while (done < seeds && !(bounded && done >= SEEDS_MIN && System.nanoTime() - begun > BUDGET_NANOS)) {
            long seed = from + done++;
            LogRun run = play(seed, Defect.NONE);
            events += run.events();
            replayed += run.replayed();
            rotted += run.rot().isThere() ? 1 : 0;
        }
        long millis = (System.nanoTime() - begun) / 1_000_000;
        LOG.info(
                "{} seeds from {}: {} events, {} records replayed, {} with bit rot, {} ms",
                done,
                from,
                events,
                replayed,
                rotted,
                millis);
        assertThat(replayed).as("there was something to recover").isPositive();
    }

    /**
     * Seeds that found something: files of a destroyed shard that a replay missed (2, 6); what a killed process had not forced,
     * and the next one took for forced (4, 94); a shard made again under the same id, in the files of the first (15, 39); files
     * cut by a replay although no log held what stood behind (22); files of a failed call left open (24, 26, 27); files that
     * compaction described and the power took (64); a wrong bit in the disk's own name, by which its log was not found (153);
     * files of a replacement that was taken back, which nobody forced (1098, 1722, 1916); an empty file whose name nobody forced
     * (939, 1312, 1788); a checkpoint behind a force that had failed elsewhere (1192); reads of a closed
     * stream that found it empty (398, 1110); a wrong bit in a state's version, taken for a newer one (959, 1939); what a killed
     * process had not forced, served from a stream without a log and lost with the power (2784, 2862, 4415); a start that was
     * raised in the group of a batch, which a replay then put elsewhere (7433, 8390), and a file below it that a replay kept (461); an empty file that the log named and the power
     * took (9640, 12676); damage that was served behind what other files had given (8096); a torn end that was cut, came back with the power, and hid
     * what had been forced in later files (13654). Others were the model's: compactions that failed before others over the same offsets (445, 797, 1739, 3425), an empty shard that kept its
     * state (725), a late owner who made the next shard (877), a read under way during a compaction (3224), a read error for who
     * looks where to rot (8675), a state that nobody took because its process had died (11736, 13721), and batches that were deleted before anybody was told of them (381, 9151).
     */
    @ParameterizedTest
    @ValueSource(
            longs = {
                2, 4, 6, 15, 22, 24, 26, 27, 39, 64, 94, 153, 381, 398, 445, 461, 725, 797, 877, 939, 959, 1098, 1110,
                1192, 1312, 1722, 1739, 1788, 1916, 1939, 2784, 2862, 3224, 3425, 4415, 7433, 8096, 8390, 8675, 9151,
                9640, 11736, 12676, 13654, 13721
            })
    void seedsThatFoundSomething(long seed) {
        assertThat(play(seed, Defect.NONE).events()).isPositive();
    }

    @ParameterizedTest
    @EnumSource(value = Defect.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void defectsAreFound(Defect defect) {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS_TO_FIND; seed++) {
            try {
                play(seed, defect);
            } catch (AssertionError found) {
                LOG.info("{}: {}", defect, found.getMessage());
                return;
            }
        }
        throw new AssertionError(defect + " was not found within " + SEEDS_TO_FIND + " seeds");
    }
}
