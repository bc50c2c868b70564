/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.storage.file.sim;

import io.robustmq.kernel.record.RecordBatch;
import io.robustmq.kernel.record.RecordBatches;
import io.robustmq.storage.Durability;
import java.util.ArrayList;
import java.util.List;

/** One batch that was handed to a store. Confined to the simulation. */
final class Sent {
    /** What is known of it. */
    enum Outcome {
        /** Nobody knows yet. */
        OPEN,
        ACKNOWLEDGED,
        /** Failed with no effect, or lost in a crash that may take it: never to be seen again. */
        GONE,
        /** Failed in a way that a crash may show otherwise. */
        FAILED
    }

    final int life;
    final int incarnation;
    final int epoch;
    /** Of its store. */
    final int number;

    final long sequence;
    final Durability durability;
    final List<RecordBatches.Entry> entries = new ArrayList<>();
    final List<String> values = new ArrayList<>();
    Outcome outcome = Outcome.OPEN;
    long base = -1;

    Sent(int life, int incarnation, int epoch, int number, long sequence, Durability durability) {
        this.life = life;
        this.incarnation = incarnation;
        this.epoch = epoch;
        this.number = number;
        this.sequence = sequence;
        this.durability = durability;
    }

    void add(long timestamp, int padding) {
        String value = incarnation + "." + sequence + "." + entries.size() + "." + "x".repeat(padding);
        entries.add(RecordBatches.Entry.of(timestamp, null, value));
        values.add(value);
    }

    int count() {
        return entries.size();
    }

    RecordBatch batch() {
        return RecordBatches.of(entries);
    }

    @Override
    public String toString() {
        return "batch " + sequence + " of epoch " + epoch + " (" + count() + " records, " + durability + ", " + outcome
                + (base >= 0 ? " at " + base : "") + ", life " + life + ")";
    }
}
