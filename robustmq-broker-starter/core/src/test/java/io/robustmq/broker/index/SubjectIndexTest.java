/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.broker.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.broker.index.IndexBench.Published;
import io.robustmq.kernel.subject.Spelling;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an index costs, keeps and gives back; whether answers are right is {@link SubjectIndexOracleTest}'s question. */
class SubjectIndexTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final IndexConfig LARGE =
            new IndexConfig(8 * MEBIBYTE, 64 * MEBIBYTE, 64 * 1024, MEBIBYTE, 8 * MEBIBYTE, 8, 0);

    private static SubjectMatcher slash(String filter) {
        return new SubjectMatcher(List.of(new SubjectFilter(Spelling.SLASH, filter)));
    }

    /** Batches of 50 records, one of each subject after the other. */
    private static void fill(IndexBench bench, int records, int subjects) {
        for (int at = 0; at < records; ) {
            List<Published> batch = new ArrayList<>();
            for (int i = 0; i < 50 && at < records; i++, at++) {
                batch.add(new Published(Spelling.SLASH, "sensors/" + at % subjects + "/temp"));
            }
            bench.append(batch);
        }
    }

    private static IndexBench indexed(IndexConfig config, int records, int subjects) {
        IndexBench bench = new IndexBench(7, config);
        fill(bench, records, subjects);
        bench.read(slash("nothing"), 0, 1);
        bench.settle();
        return bench;
    }

    @Test
    void looksOnlyWhereASubjectIs() {
        for (IndexConfig config : List.of(LARGE, IndexBench.SMALL)) {
            IndexBench bench = indexed(config, 20_000, 2_000);
            IndexBench.Seen seen = bench.read(slash("sensors/77/temp"), 0, Long.MAX_VALUE);
            assertThat(seen.rows()).hasSize(10);
            assertThat(seen.read().scanned()).as("records looked at").isLessThan(10 * 2 * (Granules.RECORDS + 50));
            assertThat(bench.read(slash("sensors/none/temp"), 0, 1).read().scanned())
                    .as("records looked at for a subject that is not there")
                    .isLessThan(500);
            assertThat(bench.read(slash("+/77/temp"), 0, Long.MAX_VALUE).read().scanned())
                    .as("records looked at for a wildcard with one subject")
                    .isLessThan(10 * 2 * (Granules.RECORDS + 50));
            assertThat(bench.last(slash("sensors/77/temp"))).isEqualTo(18_077);
            bench.close();
        }
    }

    /** More names than one step sorts, so that runs are merged. */
    @Test
    void findsNamesOfALargeBlock() {
        IndexConfig byRecords = new IndexConfig(16 * MEBIBYTE, 64 * MEBIBYTE, 1024, 15_000, 8 * MEBIBYTE, 8, 0);
        IndexBench bench = indexed(byRecords, 15_050, 14_000);
        assertThat(bench.indexes.blocksSealed.sum()).isEqualTo(1);
        for (String filter : List.of("sensors/+/temp", "sensors/13999/#", "+/7/+", "sensors/7/temp", "sensor/#")) {
            SubjectMatcher matcher = slash(filter);
            assertThat(bench.read(matcher, 0, Long.MAX_VALUE).rows())
                    .as(filter)
                    .isEqualTo(bench.expected(matcher, 0, Long.MAX_VALUE));
        }
        bench.close();
    }

    @Test
    void tellsEverySubjectUpToALimit() {
        for (IndexConfig config : List.of(LARGE, IndexBench.SMALL)) {
            IndexBench bench = indexed(config, 6_000, 2_000);
            assertThat(bench.subjects(2_000))
                    .hasSize(2_000)
                    .contains("sensors.0.temp", "sensors.1999.temp")
                    .isEqualTo(bench.subjects(10_000));
            assertThat(bench.subjects(1_999)).hasSize(1_999);
            bench.append(List.of(new Published(Spelling.DOT, "just.now")));
            assertThat(bench.subjects(10_000)).hasSize(2_001).contains("just.now");
            bench.close();
        }
    }

    @Test
    void nothingIsPaidForShardsThatNobodyReadsBySubject() {
        IndexBench bench = new IndexBench(7, IndexBench.SMALL);
        fill(bench, 5_000, 100);
        assertThat(bench.store.listeners).as("listeners of the watermark").isZero();
        assertThat(bench.store.kept).isEmpty();
        assertThat(bench.indexes.tailBytes()).isZero();
        bench.close();
    }

    @Test
    void sealsATailAtItsLimitAndNotBefore() {
        IndexBench below = indexed(new IndexConfig(64 * 1024, MEBIBYTE, 1024, MEBIBYTE, MEBIBYTE, 8, 0), 400, 400);
        assertThat(below.indexes.blocksSealed.sum()).isZero();
        assertThat(below.indexes.tailBytes()).isBetween(1L, 64L * 1024);
        below.close();
        IndexBench above = indexed(new IndexConfig(64 * 1024, MEBIBYTE, 1024, MEBIBYTE, MEBIBYTE, 8, 0), 8_000, 8_000);
        assertThat(above.indexes.blocksSealed.sum()).isGreaterThan(2);
        assertThat(above.indexes.tailBytes()).isLessThan(100 * 1024);
        above.close();
        IndexBench byRecords = indexed(new IndexConfig(MEBIBYTE, MEBIBYTE, 1024, 1000, MEBIBYTE, 8, 0), 2_500, 10);
        assertThat(byRecords.indexes.blocksSealed.sum()).isEqualTo(2);
        byRecords.close();
    }

    @Test
    void tailsNeverTakeMuchMoreThanTheirLimit() {
        IndexBench bench = new IndexBench(7, new IndexConfig(64 * 1024, MEBIBYTE, 1024, MEBIBYTE, MEBIBYTE, 8, 0));
        bench.read(slash("nothing"), 0, 1);
        long[] most = {0};
        bench.scheduler.afterEachEvent(() -> most[0] = Math.max(most[0], bench.indexes.tailBytes()));
        fill(bench, 20_000, 20_000);
        bench.settle();
        assertThat(most[0]).isBetween(64L * 1024, 64L * 1024 * 2);
        bench.close();
    }

    @Test
    void sealsEarlyWhenTheNodeHoldsTooMuch() {
        IndexBench bench =
                indexed(new IndexConfig(MEBIBYTE, 16 * 1024, 8 * 1024, MEBIBYTE, MEBIBYTE, 8, 0), 8_000, 8_000);
        assertThat(bench.indexes.blocksSealed.sum()).isPositive();
        assertThat(bench.indexes.tailBytes()).isLessThan(32 * 1024);
        bench.close();
    }

    @Test
    void keepsNoMorePartsThanTheCacheHolds() {
        IndexBench small = indexed(IndexBench.SMALL, 20_000, 2_000);
        IndexBench large = indexed(LARGE, 20_000, 2_000);
        for (int round = 0; round < 2; round++) {
            small.read(slash("sensors/+/temp"), 0, 1);
            small.read(slash("+/77/temp"), 0, Long.MAX_VALUE);
        }
        assertThat(small.indexes.cachedBytes()).isBetween(1L, 32L * 1024);
        assertThat(small.store.stateReadBytes).as("bytes of parts loaded again").isGreaterThan(32 * 1024);
        large.close();
        small.close();
    }

    @Test
    void findsItsBlocksAgain() {
        IndexBench bench = indexed(IndexBench.SMALL, 10_000, 500);
        long sealed = bench.indexes.blocksSealed.sum();
        assertThat(sealed).isGreaterThan(10);
        bench.crash(0, List.copyOf(bench.store.kept));
        IndexBench.Seen seen = bench.read(slash("sensors/7/temp"), 0, Long.MAX_VALUE);
        assertThat(seen.rows()).hasSize(20);
        assertThat(seen.read().scanned()).as("records looked at").isLessThan(4_000);
        bench.settle();
        assertThat(bench.indexes.blocksSealed.sum()).as("blocks built again").isLessThan(sealed / 4);
        assertThat(bench.indexes.blocksDamaged.sum()).isZero();
        bench.close();
    }

    /** The scenario of {@code SubjectIndex.isOfThisLog}. */
    @Test
    void forgetsBlocksOfALogThatLostItsEndAndGrewAgain() {
        IndexBench bench = new IndexBench(7, IndexBench.SMALL);
        fill(bench, 2_000, 100);
        bench.read(slash("nothing"), 0, 1);
        bench.settle();
        bench.crash(20, List.copyOf(bench.store.kept));
        for (int batch = 0; batch < 40; batch++) {
            bench.append(List.of(new Published(Spelling.SLASH, "late/" + batch)));
            bench.append(java.util.Collections.nCopies(50, new Published(Spelling.SLASH, "late")));
        }
        SubjectMatcher late = slash("late");
        assertThat(bench.read(late, 0, Long.MAX_VALUE).rows())
                .isEqualTo(bench.expected(late, 0, Long.MAX_VALUE))
                .hasSize(2_000);
        bench.close();
    }

    @Test
    void answersWithoutRoomForState() {
        IndexBench bench = new IndexBench(7, IndexBench.SMALL);
        bench.store.refuseState = true;
        fill(bench, 3_000, 100);
        SubjectMatcher seven = slash("sensors/7/temp");
        assertThat(bench.read(seven, 0, Long.MAX_VALUE).rows()).hasSize(30);
        bench.settle();
        assertThat(bench.read(seven, 0, Long.MAX_VALUE).rows()).hasSize(30);
        assertThat(bench.store.kept).isEmpty();
        bench.store.refuseState = false;
        bench.scheduler.runForMillis(60_000);
        IndexBench.Seen seen = bench.read(seven, 0, Long.MAX_VALUE);
        assertThat(seen.rows()).hasSize(30);
        assertThat(bench.store.kept).as("it tries again").isNotEmpty();
        bench.close();
    }

    @Test
    void givesTheRoomOfBlocksBelowTheStartBack() {
        IndexBench bench = indexed(IndexBench.SMALL, 3_000, 100);
        byte[] before = bench.store.last(BlockPart.POSTINGS.stateName(0));
        assertThat(before).isNotNull().isNotEmpty();
        bench.deletePrefix(2_500);
        fill(bench, 400, 100);
        bench.settle();
        IndexManifest manifest = IndexManifest.decode(bench.store.last(IndexManifest.STATE_NAME));
        assertThat(manifest).isNotNull();
        assertThat(manifest.blocks()).allSatisfy(block -> assertThat(block.to).isGreaterThan(2_500));
        long full = bench.store.kept.stream()
                .map(StateKeeper.Kept::name)
                .distinct()
                .filter(name -> bench.store.last(name).length > 0)
                .count();
        assertThat(full)
                .as("states that hold something: three parts a block, and the manifest")
                .isEqualTo(manifest.blocks().size() * 3L + 1);
        assertThat(bench.read(slash("sensors/7/temp"), 0, Long.MAX_VALUE).read().lost())
                .isEqualTo(2_500);
        bench.close();
    }

    @Test
    void bearsWhatCompactionTakes() {
        IndexBench bench = indexed(IndexBench.SMALL, 3_000, 100);
        bench.replaceByNothing(100, 1_000);
        bench.replaceByNothing(2_950, 3_000);
        SubjectMatcher seven = slash("sensors/7/temp");
        IndexBench.Seen seen = bench.read(seven, 0, Long.MAX_VALUE);
        assertThat(seen.rows())
                .isEqualTo(bench.expected(seven, 0, Long.MAX_VALUE))
                .hasSize(21);
        assertThat(seen.read().nextOffset()).isEqualTo(3_000);
        SubjectMatcher gone = slash("sensors/77/temp");
        assertThat(bench.last(gone)).isEqualTo(2_877);
        bench.close();
    }

    @Test
    void deliversNoMoreThanWasAskedFor() {
        IndexBench bench = indexed(LARGE, 2_000, 4);
        List<Long> seen = new ArrayList<>();
        FilteredRead read = bench.indexes.read(
                bench.store,
                bench.owner,
                IndexBench.MIXED,
                slash("sensors/1/temp"),
                FilteredRead.EARLIEST,
                FilteredRead.LATEST,
                (record, subject, published) -> seen.add(record.offset()));
        bench.settle();
        assertThat(seen).isEmpty();
        read.request(3);
        bench.settle();
        assertThat(seen).containsExactly(1L, 5L, 9L);
        read.request(2);
        bench.settle();
        assertThat(seen).containsExactly(1L, 5L, 9L, 13L, 17L);
        assertThat(read.done()).isNotDone();
        read.cancel();
        FilteredRead.Read ended = bench.await(read.done());
        assertThat(ended.nextOffset()).isEqualTo(18);
        assertThat(ended.records()).isEqualTo(5);
        read.request(10);
        bench.settle();
        assertThat(seen).hasSize(5);
        bench.close();
    }

    @Test
    void endsAtTheGivenEnd() {
        IndexBench bench = indexed(LARGE, 1_000, 4);
        IndexBench.Seen seen = bench.read(IndexBench.MIXED, slash("sensors/1/temp"), 100, 120, Long.MAX_VALUE);
        assertThat(seen.rows()).extracting(IndexBench.Row::offset).containsExactly(101L, 105L, 109L, 113L, 117L);
        assertThat(seen.read().nextOffset()).isEqualTo(120);
        assertThatThrownBy(() -> bench.read(slash("a"), 1_001, 1)).hasMessageContaining("1001");
        bench.close();
    }

    @Test
    void letsGoOfWhatNobodyAsksFor() {
        IndexBench bench = indexed(new IndexConfig(MEBIBYTE, MEBIBYTE, 1024, 300, MEBIBYTE, 8, 10_000), 3_000, 1_000);
        assertThat(bench.store.listeners).isEqualTo(1);
        bench.scheduler.runForMillis(9_000);
        assertThat(bench.store.listeners).isEqualTo(1);
        bench.scheduler.runForMillis(20_000);
        assertThat(bench.store.listeners).isZero();
        assertThat(bench.indexes.tailBytes()).isZero();
        assertThat(bench.indexes.cachedBytes()).isZero();
        fill(bench, 100, 1_000);
        IndexBench.Seen seen = bench.read(slash("sensors/7/temp"), 0, Long.MAX_VALUE);
        assertThat(seen.rows()).hasSize(4);
        assertThat(seen.read().scanned())
                .as("by the blocks that stayed with the shard")
                .isLessThan(3_000);
        bench.close();
    }
}
