/*
 * Copyright 2026 the RobustMQ authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.robustmq.kafka.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/** Idempotent producers: what is sent twice, too early, or by one that is out. Stateless. */
final class ProducerRequests {
    private static final int FIRST_INIT_WITH_IDS = 3;

    static final Family INIT =
            new Family("init", 40, Set.of(ApiKeys.INIT_PRODUCER_ID), ProducerRequests::initializations);
    static final Family IDEMPOTENT = new Family(
            "idempotent",
            240,
            Set.of(ApiKeys.INIT_PRODUCER_ID, ApiKeys.PRODUCE, ApiKeys.CREATE_TOPICS),
            ProducerRequests::idempotent);

    private ProducerRequests() {}

    private static List<Step> initializations(Dice dice) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 1 + dice.below(3); i++) {
            short version = dice.version(ApiKeys.INIT_PRODUCER_ID);
            InitProducerIdRequestData data = new InitProducerIdRequestData()
                    .setTransactionalId(dice.chance(0.1) ? dice.one("", dice.own("t")) : null)
                    .setTransactionTimeoutMs(dice.mostly(60_000, 0, -1, Integer.MAX_VALUE));
            if (version >= FIRST_INIT_WITH_IDS && dice.chance(0.4)) {
                data.setProducerId(dice.mostly(Known.producer(dice.prefix(), 1), -1L, 0L, -2L))
                        .setProducerEpoch(dice.mostly(0, -1, 3, -2).shortValue());
            }
            steps.add(Step.of(ApiKeys.INIT_PRODUCER_ID, version, data));
        }
        return steps;
    }

    private static List<Step> idempotent(Dice dice) {
        List<Step> steps = new ArrayList<>();
        String topic = dice.own("a");
        steps.add(TopicRequests.made(topic, 2, Map.of()));
        steps.add(Step.of(ApiKeys.INIT_PRODUCER_ID, 1, new InitProducerIdRequestData().setTransactionalId(null)));
        long producer = Known.producer(dice.prefix(), 1);
        int epoch = dice.mostly(0, 1, 32766);
        int next = dice.mostly(0, 0, 7, Integer.MAX_VALUE - 3);
        List<int[]> sent = new ArrayList<>();
        for (int i = 0; i < 4 + dice.below(9); i++) {
            int count = 1 + dice.below(3);
            int[] batch = {epoch, next, count};
            switch (dice.below(12)) {
                case 0, 1 -> batch = sent.isEmpty() ? batch : sent.get(dice.below(sent.size()));
                case 2 -> batch = new int[] {epoch, next + 1 + dice.below(3), count};
                case 3 -> batch = new int[] {epoch - 1, dice.one(0, next), count};
                case 4 -> batch = new int[] {epoch + 1, dice.one(0, next, 1), count};
                case 5 -> batch = new int[] {dice.mostly(epoch, -1), dice.one(-1, -2, Integer.MAX_VALUE), count};
                default -> {
                    next = (int) ((next + (long) count) & Integer.MAX_VALUE);
                    sent.add(batch);
                }
            }
            if (batch[0] == epoch + 1 && batch[1] == 0) {
                epoch++;
                next = batch[2];
                sent.clear();
            }
            long id = dice.chance(0.95) ? producer : dice.one(-1L, 0L, 987_654_321L);
            steps.add(RecordRequests.produce(
                    dice.version(ApiKeys.PRODUCE),
                    dice.mostly(-1, 1),
                    topic,
                    dice.chance(0.95) ? 0 : 1,
                    records(id, (short) batch[0], batch[1], batch[2])));
        }
        steps.add(RecordRequests.ends(topic, 2));
        return steps;
    }

    private static MemoryRecords records(long producer, short epoch, int sequence, int count) {
        SimpleRecord[] records = new SimpleRecord[count];
        for (int i = 0; i < count; i++) {
            records[i] = new SimpleRecord(Batches.TIME + i, null, new byte[] {(byte) ('a' + i)});
        }
        return Batches.of(producer, epoch, sequence, records);
    }
}
