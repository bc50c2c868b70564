/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.app.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import io.robustmq.app.alarm.Finding.Verdict;
import io.robustmq.kernel.sim.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When alarms come and go. */
@Timeout(30)
class AlarmBookTest {
    private final ManualClock clock = new ManualClock();
    private final AlarmBook book = new AlarmBook(clock, 7, 3);
    private final List<Alarm> told = new ArrayList<>();

    AlarmBookTest() {
        book.onChange(told::add);
    }

    private void look(long millisLater, Finding... findings) {
        clock.advanceMillis(millisLater);
        book.look(List.of(findings), true);
    }

    private static Finding of(AlarmKind kind, Verdict verdict, Object value) {
        return new Finding(kind, "a", verdict, "message " + value, Map.of("value", value));
    }

    private static Finding stalls(Verdict verdict) {
        return of(AlarmKind.LOOPS_STALL, verdict, 1);
    }

    @Test
    void oneIsRaisedWhenItHasBeenBadForLongEnough() {
        look(0, stalls(Verdict.BAD));
        look(59_999, stalls(Verdict.BAD));
        assertThat(book.active()).isEmpty();
        long at = clock.millis() + 1;
        look(1, stalls(Verdict.BAD));
        assertThat(book.active()).singleElement().satisfies(alarm -> {
            assertThat(alarm.id()).isEqualTo("loops-stall:a");
            assertThat(alarm.severity()).isEqualTo(Severity.WARNING);
            assertThat(alarm.node()).isEqualTo(7);
            assertThat(alarm.sinceMillis()).isEqualTo(at);
            assertThat(alarm.clearedMillis()).isNull();
        });
        assertThat(told).hasSize(1);
        assertThat(book.raised()).isEqualTo(1);
        assertThat(book.count(Severity.WARNING)).isEqualTo(1);
        assertThat(book.count(Severity.CRITICAL)).isZero();
    }

    @Test
    void whatWasBetterInBetweenBeginsAnew() {
        look(0, stalls(Verdict.BAD));
        look(50_000, stalls(Verdict.GOOD));
        look(10_000, stalls(Verdict.BAD));
        look(50_000, stalls(Verdict.BETWEEN));
        look(0, stalls(Verdict.BAD));
        look(59_000, stalls(Verdict.BAD));
        assertThat(told).isEmpty();
    }

    @Test
    void itStaysWhileItIsNeitherBadNorGoodAndTellsTheLatest() {
        look(0, of(AlarmKind.DISK_NOT_SERVING, Verdict.BAD, 1));
        look(600_000, of(AlarmKind.DISK_NOT_SERVING, Verdict.BETWEEN, 2));
        look(600_000, of(AlarmKind.DISK_NOT_SERVING, Verdict.BETWEEN, 3));
        assertThat(told).hasSize(1);
        assertThat(book.active())
                .singleElement()
                .satisfies(alarm -> assertThat(alarm.message()).isEqualTo("message 3"));
    }

    @Test
    void itIsClearedWhenItHasBeenGoodForLongEnough() {
        look(0, of(AlarmKind.DISK_NOT_SERVING, Verdict.BAD, 1));
        look(1_000, of(AlarmKind.DISK_NOT_SERVING, Verdict.GOOD, 1));
        look(59_999, of(AlarmKind.DISK_NOT_SERVING, Verdict.GOOD, 1));
        look(0, of(AlarmKind.DISK_NOT_SERVING, Verdict.BAD, 1));
        look(0, of(AlarmKind.DISK_NOT_SERVING, Verdict.GOOD, 1));
        look(59_999);
        assertThat(book.active()).hasSize(1);
        look(1);
        assertThat(book.active()).isEmpty();
        assertThat(told).hasSize(2);
        assertThat(told.get(1).clearedMillis()).isEqualTo(clock.millis());
        assertThat(book.history()).containsExactly(told.get(1));
    }

    @Test
    void aCheckThatFailsTakesNothingAway() {
        look(0, of(AlarmKind.DAMAGE_FOUND, Verdict.BAD, 1));
        clock.advanceMillis(1_000_000);
        AlarmTimer.look(
                book,
                List.of(
                        () -> {
                            throw new IllegalStateException("the check is broken");
                        },
                        () -> List.of(of(AlarmKind.ROCKS_DB_FAILED, Verdict.BAD, 1))));
        assertThat(book.active()).extracting(Alarm::name).containsExactly("damage-found", "rocks-db-failed");
        AlarmTimer.look(book, List.of(List::of));
        assertThat(book.active()).isEmpty();
    }

    @Test
    void boundsHoldOnBothSides() {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < AlarmBook.ALARMS_MAX; i++) {
            findings.add(Finding.bad(AlarmKind.DAMAGE_FOUND, "" + i, "m", Map.of()));
        }
        book.look(findings, true);
        assertThat(book.active()).hasSize(AlarmBook.ALARMS_MAX);
        assertThat(book.beyond()).isZero();
        findings.add(Finding.bad(AlarmKind.DAMAGE_FOUND, "beyond", "m", Map.of()));
        book.look(findings, true);
        assertThat(book.active()).hasSize(AlarmBook.ALARMS_MAX);
        assertThat(book.beyond()).isEqualTo(1);
        book.look(List.of(), true);
        assertThat(book.active()).isEmpty();
        assertThat(book.history()).hasSize(3).extracting(Alarm::of).containsExactly("999", "998", "997");
    }
}
