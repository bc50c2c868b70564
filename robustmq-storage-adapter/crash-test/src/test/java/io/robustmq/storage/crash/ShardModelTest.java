/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.robustmq.storage.conformance.ConformanceBench.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The judge of the kills finds what it must find. */
class ShardModelTest {
    private static final long WRITER = 1001;

    private final ShardModel model = new ShardModel(3);

    @BeforeEach
    void tenRecordsAreAcknowledged() {
        model.hear(new Told(Told.Kind.OPENED, 3, WRITER));
        model.hear(Told.parse("APPENDED 3 0 6 1001 0 1"));
        model.hear(Told.parse("APPENDED 3 6 4 1001 6 1"));
    }

    private static List<Item> items(long... offsets) {
        List<Item> items = new ArrayList<>();
        for (long offset : offsets) {
            items.add(new Item(offset, 1000, new Content(3, WRITER, offset).value()));
        }
        return items;
    }

    private static List<Item> upTo(long end) {
        return items(LongStream.range(0, end).toArray());
    }

    private void refuses(long start, long end, List<Item> items, String why) {
        assertThatThrownBy(() -> model.verify(start, end, items))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why);
    }

    @Test
    void whatWasAcknowledgedIsEnough() {
        model.verify(0, 10, upTo(10));
        assertThat(model.acknowledged()).isEqualTo(10);
        assertThat(model.epoch()).isEqualTo(WRITER);
    }

    @Test
    void whatWasOnTheWayMayBeThereInItsOrder() {
        model.verify(0, 12, upTo(12));
        refuses(0, 11, upTo(11), "ends at 11");
    }

    @Test
    void aLostRecordIsFound() {
        refuses(0, 9, upTo(9), "acknowledged up to 10");
        refuses(0, 10, items(0, 1, 2, 3, 5, 6, 7, 8, 9), "4 is missing");
    }

    @Test
    void whatOnlyMemoryHadMayBeLost() {
        model.hear(Told.parse("APPENDED 3 10 2 1001 10 0"));
        model.verify(0, 10, upTo(10));
    }

    @Test
    void anotherOrderIsFound() {
        List<Item> swapped = upTo(12);
        swapped.set(10, new Item(10, 1000, new Content(3, WRITER, 11).value()));
        swapped.set(11, new Item(11, 1000, new Content(3, WRITER, 10).value()));
        refuses(0, 12, swapped, "follows");
        List<Item> other = upTo(10);
        other.set(4, new Item(4, 1000, new Content(3, WRITER, 5).value()));
        refuses(0, 10, other, "instead of");
    }

    @Test
    void aChangedRecordIsFound() {
        List<Item> changed = upTo(10);
        changed.set(2, new Item(2, 1000, changed.get(2).value() + "!"));
        refuses(0, 10, changed, "changed");
    }

    @Test
    void aRecordBeyondTheEndIsFound() {
        refuses(0, 10, upTo(11), "beyond the end");
    }

    @Test
    void theStartIsWhereItWasPut() {
        refuses(2, 10, items(2, 3, 4, 5, 6, 7, 8, 9), "starts at 2");
        model.hear(Told.parse("DELETING 3 4"));
        model.hear(Told.parse("DELETED 3 4"));
        refuses(0, 10, upTo(10), "starts at 0");
        model.verify(4, 10, items(4, 5, 6, 7, 8, 9));
    }

    @Test
    void halfOfAReplacementIsFound() {
        model.hear(Told.parse("REPLACING 3 77 0 6 1 2"));
        refuses(0, 10, items(1, 2, 3, 4, 5, 6, 7, 8, 9), "half");
        model.verify(0, 10, items(1, 2, 6, 7, 8, 9));
        refuses(0, 10, upTo(10), "is back");
    }

    @Test
    void anOldStateIsFound() {
        model.hear(Told.parse("PUTTING 3 0 1"));
        model.hear(Told.parse("PUT 3 0 1"));
        model.hear(Told.parse("PUTTING 3 0 2"));
        model.hear(Told.parse("PUT 3 0 2"));
        model.hear(Told.parse("PUTTING 3 0 3"));
        assertThatThrownBy(() -> model.verifyState(0, 1)).hasMessageContaining("instead of 2");
        model.verifyState(0, 3);
        assertThatThrownBy(() -> model.verifyState(0, 2)).hasMessageContaining("instead of 3");
    }

    @Test
    void whatFailedIsToldWithItsReason() {
        Told told = Told.wrong(3, "append", WRITER, new IllegalStateException("two\nlines"));
        assertThatThrownBy(() -> model.hear(Told.parse(told.line().strip())))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("shard 3")
                .hasMessageContaining("append in epoch 1001")
                .hasMessageContaining("two lines");
    }
}
