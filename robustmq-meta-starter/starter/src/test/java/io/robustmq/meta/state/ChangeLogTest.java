/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.meta.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.robustmq.meta.state.ChangeLog.Step;
import io.robustmq.rpc.meta.Document;
import io.robustmq.rpc.meta.WatchedChange;
import io.robustmq.rpc.meta.WatchedEvent;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The ring that lets watchers resume. */
class ChangeLogTest {
    private final ChangeLog log = new ChangeLog();

    private static WatchedChange change(long revision, String kind, int bytes) {
        return WatchedChange.newBuilder()
                .setRevision(revision)
                .addEvents(WatchedEvent.newBuilder()
                        .setKey(StateFixture.key(kind, "n"))
                        .setDocument(Document.newBuilder().setValue(ByteString.copyFrom(new byte[bytes]))))
                .build();
    }

    private String read(long from, String... kinds) {
        Step step = log.read(from, Set.of(kinds));
        if (step instanceof Step.Next next) {
            return (next.change() == null
                            ? "skipped"
                            : "change " + next.change().getRevision()) + " then " + next.nextRevision();
        }
        return step.getClass().getSimpleName();
    }

    @Test
    void changesAreFoundByNumberAndKind() {
        assertThat(read(0, "a")).isEqualTo("UpToDate");
        log.append(change(1, "a", 1));
        log.append(change(2, "b", 1));
        log.append(change(3, "b", 1));
        assertThat(read(0, "a")).isEqualTo("change 1 then 2");
        assertThat(read(2, "a")).isEqualTo("skipped then 4");
        assertThat(read(2, "a", "b")).isEqualTo("change 2 then 3");
        assertThat(read(4, "a")).isEqualTo("UpToDate");
    }

    @Test
    void whatIsNoLongerThereIsTooOld() {
        for (int revision = 1; revision <= ChangeLog.CHANGES_MAX + 10; revision++) {
            log.append(change(revision, "a", 1));
        }
        assertThat(read(1, "a")).isEqualTo("TooOld");
        assertThat(read(12, "a")).isEqualTo("change 12 then 13");
        log.append(change(ChangeLog.CHANGES_MAX + 11, "a", (int) ChangeLog.BYTES_MAX));
        assertThat(read(ChangeLog.CHANGES_MAX + 10, "a"))
                .as("bounded in bytes too")
                .isEqualTo("TooOld");
        assertThat(read(ChangeLog.CHANGES_MAX + 11, "a")).startsWith("change");
    }

    @Test
    void anInstalledSnapshotStartsItAnew() {
        AtomicInteger woken = new AtomicInteger();
        var registration = log.onChange(woken::incrementAndGet);
        log.append(change(1, "a", 1));
        log.restart(100);
        assertThat(read(2, "a")).isEqualTo("TooOld");
        assertThat(read(101, "a")).isEqualTo("UpToDate");
        log.append(change(101, "a", 1));
        assertThat(read(101, "a")).isEqualTo("change 101 then 102");
        assertThat(woken).hasValue(3);
        registration.cancel();
        log.append(change(102, "a", 1));
        assertThat(woken).hasValue(3);
    }
}
