/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Topics that are made before all sequences, with records in them, and only read. Stateless. */
final class Prepared {
    private static final List<String> TOPICS = List.of("ready-empty", "ready-few", "ready-many");
    static final int PARTITIONS = 3;

    private Prepared() {}

    static String topic(Dice dice) {
        return TOPICS.get(dice.below(TOPICS.size()));
    }

    static List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        TOPICS.forEach(topic -> steps.add(TopicRequests.made(topic, PARTITIONS, Map.of())));
        steps.add(TopicRequests.names(12, false, TOPICS));
        Dice dice = new Dice("ready-", 1);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            steps.add(RecordRequests.produce(
                    9,
                    -1,
                    "ready-few",
                    partition,
                    Batches.plain(
                            new SimpleRecord(Batches.TIME + 1000, "k".getBytes(), "one".getBytes()),
                            new SimpleRecord(Batches.TIME + 500, null, "two".getBytes()))));
            for (int batch = 0; batch < 12; batch++) {
                steps.add(RecordRequests.produce(9, 1, "ready-many", partition, Batches.valid(dice)));
            }
        }
        return steps;
    }
}
